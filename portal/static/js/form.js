/** Small help for forms: focus on what is wrong, characters left, one sending from any number of clicks. */

const language = document.documentElement.lang;
const figures = new Intl.NumberFormat(language);

document.querySelector("[data-errors][autofocus]")?.focus();

document.querySelector("[data-errors]")?.addEventListener("click", (event) => {
  const target = event.target.closest("a") && document.getElementById(decodeURIComponent(event.target.hash.slice(1)));
  if (!target) return;
  event.preventDefault();
  (target.closest(".field, td, tr") ?? target).scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
});

for (const text of document.querySelectorAll("textarea[data-limit]")) {
  const note = text.closest(".field").querySelector(".count");
  const show = () => {
    const left = Number(text.dataset.limit) - text.value.length;
    note.textContent = (left < 0 ? text.dataset.over : text.dataset.left) + figures.format(Math.abs(left));
    note.classList.toggle("wrong", left < 0);
  };
  text.addEventListener("input", show);
  show();
}

/* A second click is held back while the answer is on its way; coming back by "Back" opens the form again. */
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
  });
}

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.elements) button.removeAttribute("aria-disabled");
  }
});

/* After a plain save the page stands where it was, and so does the keyboard; what was refused or checked begins at its top. */
const place = `place ${location.pathname}`;

addEventListener("submit", () => {
  if (!document.querySelector(".savebar")) return;
  const { id, name, value } = document.activeElement?.matches(":focus-visible") ? document.activeElement : {};
  sessionStorage.setItem(place, JSON.stringify({ y: scrollY, id, name, value }));
});

addEventListener("load", () => {
  const kept = JSON.parse(sessionStorage.getItem(place));
  sessionStorage.removeItem(place);
  const field = location.hash && document.getElementById(location.hash.slice(1))?.matches("input, select, textarea");
  if (!kept || field || location.search || document.querySelector(".flashes")) return;
  if (!document.querySelector(".saved:not(.lost, .wait)")) return;
  scrollTo(0, kept.y);
  const named = [...document.getElementsByName(kept.name ?? "")].find((one) => one.value === kept.value && one.tabIndex >= 0);
  (document.getElementById(kept.id) ?? named)?.focus({ preventScroll: true });
});
