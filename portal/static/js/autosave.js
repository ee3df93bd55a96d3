/**
 * Saving while one types. Half a second after the last key, or at once when a field is left, the whole form goes to its
 * own address, and the answer tells the version that stands now. A form is one text to the portal, so one queue serves
 * all its fields and rows: one request at a time, none overtakes another. Until the portal has confirmed a text it lies
 * on this device and goes as soon as it can: again, when the line is back, when the page is opened next.
 */

import { drop, forget, keep, unsent } from "./device.js";
import { showFigures, showHints } from "./hints.js";

const PAUSE = 500;
const AGAIN = [2000, 5000, 15000, 30000];
const MOST_KEPT_ALIVE = 60000; // Browsers let a request outlive its page up to 64 KiB.
const person = document.documentElement.dataset.person;
const entrance = () => `/${document.documentElement.lang}/sign-in?next=${encodeURIComponent(location.pathname)}`;
const addressOf = (form) => new URL(form.action).pathname.replace(/^\/(ru|en)(?=\/)/, "");

function made(tag, text, properties = {}, attributes = {}) {
  const element = Object.assign(document.createElement(tag), { textContent: text, ...properties });
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

class Sheet {
  constructor(form) {
    this.form = form;
    this.base = form.elements[form.dataset.autosave];
    this.words = JSON.parse(form.dataset.words);
    this.address = addressOf(form);
    this.id = crypto.randomUUID?.() ?? String(Math.random());
    this.known = "unsaved" in form.dataset ? null : this.text();
    this.touched = new Set();
    this.lost = null; // Sent, and never heard whether it arrived: it goes again first, exactly as it was.
    this.failures = 0;
    this.stopped = false; // Only the person can go on, by comparing two texts.
    form.addEventListener("input", (event) => this.typed(event, PAUSE));
    form.addEventListener("change", (event) => this.typed(event, 0));
    form.addEventListener("submit", (event) => this.submitted(event), true);
    if (this.known !== null) this.restore();
  }

  text() {
    const typed = new URLSearchParams(new FormData(this.form));
    typed.delete("form_token");
    typed.delete(this.base.name);
    return typed.toString();
  }

  get isClean() {
    return this.lost === null && this.text() === this.known;
  }

  typed(event, pause) {
    this.touched.add(event.target.name);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  keep() {
    return keep(this.address, this.id, { base: this.base.value, text: this.text(), lost: this.lost });
  }

  /** Everything typed so far is at the portal, or the status says why not. Calls during a request wait for its end. */
  save() {
    clearTimeout(this.timer);
    if (this.stopped) this.keep();
    else this.running ??= this.drain().finally(() => (this.running = null));
    return this.running;
  }

  async drain() {
    while (!this.isClean && !this.stopped) {
      this.lost ??= this.text();
      const isOnDevice = this.keep();
      const slow = setTimeout(() => this.isRefused || this.say("wait", this.words.saving), 300);
      const answer = await this.send(this.lost);
      clearTimeout(slow);
      if (answer.status === 0 || answer.status >= 500) return this.waitForTheLine(answer.status, isOnDevice);
      this.failures = 0;
      if (!(await this.heard(answer))) return;
    }
    drop(this.address, this.id);
    if (this.isFilled && !this.stopped) location.reload(); // Its rows are drawn by the portal.
  }

  /** The portal's answer; its status is 0 where there was none. */
  async send(text) {
    const body = new URLSearchParams(text);
    body.set(this.base.name, this.base.value);
    body.set("form_token", this.form.elements.form_token.value);
    const options = { method: "POST", body, headers: { accept: "application/json" }, redirect: "error" };
    try {
      const answer = await fetch(this.form.action, {
        ...options,
        keepalive: String(body).length < MOST_KEPT_ALIVE,
        signal: AbortSignal.timeout(20000),
      });
      return { status: answer.status, ...(answer.status < 500 ? await answer.json() : {}) };
    } catch {
      return { status: 0 };
    }
  }

  /** Whether the queue goes on. */
  async heard(answer) {
    if (answer.status === 403 && !this.hasRenewed && (await this.renew())) return true;
    if (answer.status === 200) {
      this.known = this.lost;
      this.lost = null;
      this.hasRenewed = this.isRefused = false;
      this.base.value = answer.version;
      this.say(answer.note ? "lost" : "saved", answer.words, answer.note);
      showFigures(answer.shown, answer.standings);
      showHints(this.form, answer.problems, this.touched, this.words);
      return true;
    }
    this.lost = null;
    this.keep();
    this.stopped = Boolean(answer.stale);
    this.isRefused = true;
    if (answer.stale) this.say("lost", answer.words, "", made("button", this.words.compare, { type: "submit", className: "as-link" }, { form: this.form.id }));
    else if (answer.status === 401) this.say("lost", `${answer.words} ${this.words.kept}`, "", made("a", this.words.enter, { href: entrance() }));
    else this.say("lost", `${this.words.refused} ${answer.words} ${this.words.kept}`);
    return false;
  }

  waitForTheLine(status, isOnDevice) {
    this.say("lost", !isOnDevice ? this.words.nowhere : status ? this.words.silent : this.words.away);
    this.timer = setTimeout(() => this.save(), AGAIN[Math.min(this.failures++, AGAIN.length - 1)]);
  }

  /** Signed in anew in another window: its forms have another token. Another person's session takes nothing of hers. */
  async renew() {
    this.hasRenewed = true;
    try {
      const home = await fetch(`/${document.documentElement.lang}/`);
      const page = new DOMParser().parseFromString(await home.text(), "text/html");
      if (page.documentElement.dataset.person !== person) return false;
      const { value } = page.querySelector("[name=form_token]");
      for (const field of document.querySelectorAll("[name=form_token]")) field.value = value;
      return true;
    } catch {
      return false;
    }
  }

  /**
   * The status, in its one place; `next` is what can be done about it. What is said again is left as it stands: pressing
   * the link leaves the field, the field is saved, and the answer must not take the link from under her finger.
   */
  say(state, words, note = "", next = null) {
    const place = document.querySelector("[data-saved]");
    const [icon, text] = [place.querySelector("use"), place.querySelector("span")];
    const more = [note && made("em", note), next].filter(Boolean);
    const said = text.cloneNode();
    said.append(words, ...more.flatMap((part) => [" ", part]));
    if (text.isEqualNode(said)) return;
    place.className = `saved ${state}`;
    icon.setAttribute("href", `#i-${{ wait: "early", lost: "warn" }[state] ?? "met"}`);
    text.replaceWith(said);
  }

  /** What was left unsent here goes on from where it was. */
  restore() {
    const [record] = unsent(this.address);
    if (!record) return;
    if (record.text === this.known) return drop(this.address, record.id);
    this.fill(new URLSearchParams(record.text));
    [this.id, this.base.value, this.lost] = [record.id, record.base, record.lost];
    this.save();
  }

  fill(typed) {
    const fields = [...this.form.elements].filter((field) => field.name && field.type !== "submit");
    for (const field of fields) {
      if (["form_token", this.base.name].includes(field.name)) continue;
      if (["checkbox", "radio"].includes(field.type)) field.checked = typed.getAll(field.name).includes(field.value);
      else field.value = typed.get(field.name) ?? "";
    }
    const there = new Set(fields.map((field) => field.name));
    for (const [name, value] of typed) {
      if (there.has(name)) continue;
      this.form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
      this.isFilled = true;
    }
  }

  /** A button first lets the queue run dry; what the portal refuses or holds two texts of goes on to its own page. */
  async submitted(event) {
    if (this.isPassing || this.stopped || (this.isClean && !this.running)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.isRefused = false;
    await this.save();
    if (!this.isClean && !this.stopped && !this.isRefused) return;
    this.isPassing = true;
    this.form.requestSubmit(event.submitter?.isConnected ? event.submitter : null);
    this.isPassing = false;
  }
}

const sheets = [...document.querySelectorAll("form[data-autosave]")].map((form) => new Sheet(form));
const every = (deed) => () => sheets.forEach(deed);

addEventListener("online", every((sheet) => sheet.save()));
addEventListener("focus", every((sheet) => sheet.isClean || sheet.save())); // She may have signed in in another window.
addEventListener("pagehide", every((sheet) => sheet.isClean || sheet.isGone || sheet.save()));
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  if (sheets.every((sheet) => sheet.isClean)) location.reload();
  else sheets.forEach((sheet) => sheet.save());
});
addEventListener("beforeunload", (event) => {
  if (sheets.some((sheet) => !sheet.isClean && !sheet.isGone && !sheet.keep())) event.preventDefault();
});

/* Two texts were before her eyes and she has chosen: what lay on the device is settled. */
for (const one of document.querySelectorAll("[data-settles]")) {
  one.addEventListener(one.tagName === "FORM" ? "submit" : "click", () => forget(one.dataset.settles || addressOf(one)));
}

/* Whoever signs out leaves nothing on the device; what is not at the portal yet is sent first, or asked about. */
document.querySelector("[data-leaving]")?.addEventListener("submit", async (event) => {
  const door = event.currentTarget;
  if (door.isOpen || (!unsent().length && sheets.every((sheet) => sheet.isClean))) return;
  event.preventDefault();
  await Promise.all(sheets.map((sheet) => sheet.save()));
  if (unsent().length && !confirm(door.dataset.leaving)) return;
  for (const sheet of sheets) sheet.isGone = true;
  forget();
  door.isOpen = true;
  door.requestSubmit();
});
