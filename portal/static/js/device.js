/** Texts that the portal has not yet: on this device under the person's mark, the form's address and the page's own id. */

const LONGEST = 14 * 24 * 3600 * 1000;
const person = document.documentElement.dataset.person;
const mine = `unsent ${person} `;

function records() {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith("unsent "))
    .map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) }));
}

for (const { key, at } of records()) if (Date.now() - at > LONGEST) localStorage.removeItem(key);

/** The text is on the device: answers whether there was room for it. */
export function keep(address, id, record) {
  try {
    localStorage.setItem(`${mine}${address} ${id}`, JSON.stringify({ ...record, id, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

export function drop(address, id) {
  localStorage.removeItem(`${mine}${address} ${id}`);
}

/** What this person has left unsent at this address, or anywhere; of others nothing is told. */
export function unsent(address = "") {
  return records().filter(({ key }) => key.startsWith(mine + address + (address && " ")));
}

/** Nothing of this person, or of hers at this address, is left on the device. */
export function forget(address = "") {
  for (const { key } of unsent(address)) localStorage.removeItem(key);
}
