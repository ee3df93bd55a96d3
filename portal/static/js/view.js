/** «Версия для слабовидящих» without a reload; the form works by itself where there is no script. */

const YEAR = 31536000;
const form = document.querySelector("[data-view-switch]");

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = form.elements.view.value;
  const clear = chosen === "clear";
  document.cookie = `view=${chosen}; path=/; max-age=${YEAR}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
  document.documentElement.toggleAttribute("data-view", false);
  if (clear) document.documentElement.dataset.view = "clear";
  form.elements.view.value = clear ? "usual" : "clear";
  const button = form.querySelector("button");
  button.textContent = clear ? button.dataset.usual : button.dataset.clear;
});
