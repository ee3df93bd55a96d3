// The page arrives as HTML that can be read before any script. When Dash has drawn the same page, it takes that HTML's place.
(function () {
  "use strict";
  const first = document.getElementById("first-view");
  const entry = document.getElementById("react-entry-point");
  if (!first || !entry) return;

  const watch = new MutationObserver(() => {
    const page = document.getElementById("page");
    if (!page || !page.childElementCount) return;
    watch.disconnect();
    first.remove();
    entry.hidden = false;
  });
  watch.observe(entry, { childList: true, subtree: true });
})();
