/** What the portal says about a form that was just saved: computed figures, and hints beside what she has touched. */

const SVG = "http://www.w3.org/2000/svg";

function note(tag, id, words) {
  const [made, icon, use, text] = [
    document.createElement(tag),
    document.createElementNS(SVG, "svg"),
    document.createElementNS(SVG, "use"),
    document.createElement("span"),
  ];
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#i-error");
  icon.append(use);
  text.textContent = words;
  made.className = "wrong";
  if (id) made.id = id;
  made.append(icon, text);
  return made;
}

function item(words) {
  return Object.assign(document.createElement("li"), { textContent: words });
}

export function showFigures(figures, standings) {
  for (const [name, value] of Object.entries(figures)) {
    for (const place of document.querySelectorAll(`[data-shown="${CSS.escape(name)}"]`)) place.textContent = value;
  }
  for (const [name, [kind, word]] of Object.entries(standings)) {
    const status = document.querySelector(`[data-standing="${CSS.escape(name)}"] .status`);
    status.className = `status ${kind}`;
    status.querySelector("use").setAttribute("href", `#i-${kind}`);
    status.querySelector("span").textContent = word;
  }
}

/** Only what she has touched, or was told of before, is spoken of: nobody is scolded for what she has not come to yet. */
export function showHints(form, problems, touched, words) {
  const isAsked = (field) => touched.has(field.name) || field.hasAttribute("aria-invalid") || document.getElementById(`${field.name}-error`);
  const asked = [...form.elements].filter((field) => field.name && field.id && isAsked(field));
  for (const field of asked) {
    const reasons = problems[field.id] ?? [];
    if (field.type !== "radio") field.toggleAttribute("aria-invalid", reasons.length > 0);
    if (reasons.length && field.type !== "radio") field.setAttribute("aria-invalid", "true");
    const box = field.closest(".field");
    if (!box || field.id !== field.name || field.closest("[data-group]")) continue;
    const [hint, id] = [document.getElementById(`${field.id}-hint`), `${field.id}-error`];
    document.getElementById(id)?.remove();
    if (reasons.length) (hint ?? box.querySelector("label, legend")).after(note("p", id, reasons[0]));
    field.setAttribute("aria-describedby", [hint?.id, reasons.length && id].filter(Boolean).join(" "));
  }
  for (const place of document.querySelectorAll("[data-hints]")) {
    const group = place.closest("[data-group]");
    const names = place.dataset.hints ? [place.dataset.hints] : asked.filter((field) => group.contains(field)).map((field) => field.id);
    const reasons = names.flatMap((name) => problems[name] ?? []);
    if (group && asked.some((field) => group.contains(field))) group.querySelector("[data-remarks]")?.remove();
    place.hidden = !reasons.length;
    if (!place.dataset.hints) place.querySelector("ul").replaceChildren(...reasons.map((reason) => item(reason)));
    else place.parentElement.classList.replace(...(reasons.length ? ["good", "bad"] : ["bad", "good"]));
    if (place.dataset.hints && reasons.length) place.replaceChildren(...reasons.map((reason) => note("span", "", reason)));
  }
  const summary = document.querySelector("[data-errors]");
  for (const link of summary?.querySelectorAll("li > a") ?? []) {
    if (problems[decodeURIComponent(link.hash.slice(1))]) continue;
    link.parentElement.remove();
    summary.querySelector("h2").textContent = words.left;
  }
  if (summary && !summary.querySelector("li")) summary.remove();
}
