/** The time that is left, by the server's clock: the page's own instant plus what has passed since it was read. */

const MINUTE = 60000;
const TOLD = [30, 10, 5, 1];
const language = document.documentElement.lang;

function words(minutes) {
  const [value, unit] =
    minutes < 90 ? [minutes, "minute"] : minutes < 2880 ? [Math.floor(minutes / 60), "hour"] : [Math.floor(minutes / 1440), "day"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);
}

function run(box) {
  const closes = Date.parse(box.dataset.closes);
  const began = Date.parse(box.dataset.now);
  const started = performance.now();
  const left = box.querySelector("[data-left]");
  const told = box.querySelector("[data-told]");
  let last = Infinity;

  function tick() {
    const now = began + performance.now() - started;
    const minutes = Math.floor((closes - now) / MINUTE);
    for (const clock of box.querySelectorAll("[data-clock]")) {
      clock.textContent = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit", timeZone: clock.dataset.clock }).format(now);
    }
    if (now >= closes) {
      left.remove();
      box.querySelector("h2").textContent = told.textContent = box.dataset.closed;
      return;
    }
    if (minutes >= 1) left.textContent = words(minutes);
    else left.textContent = left.dataset.last;
    if (TOLD.some((mark) => minutes <= mark && last > mark) && last !== Infinity) told.textContent = left.textContent;
    last = minutes;
    setTimeout(tick, Math.min(15000, closes - now + 50));
  }

  if (left) tick();
}

document.querySelectorAll("[data-deadline]").forEach(run);
