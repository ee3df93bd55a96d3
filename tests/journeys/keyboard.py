"""A person who has no mouse: where her focus is, that she sees it, and how she gets from one thing to another."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.async_api import Page

from tests.journeys.steps import leaving

FAR = 150  # Presses of Tab: nothing that one needs stands further from where one is.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const parts = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [x, y]));
  const isOpen = parts.some(([x, y]) => {
    const found = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
    return found && (one.contains(found) || [...(one.labels ?? [])].some((label) => label.contains(found)));
  });
  const says = one.getAttribute("aria-label") ?? one.labels?.[0]?.innerText ?? one.innerText ?? "";
  return {
    id: one.id, tag: one.localName, says: says.replaceAll("\\u00a0", " ").replace(/\\s+/g, " ").trim(),
    isRinged: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isSeen: box.width > 1 && box.height > 1 && right > left && bottom > top && isOpen,
  };
}"""


@dataclass
class Keyboard:
    """One page and no mouse. Wherever the focus stops it is seen: a ring around it, and nothing in front of it."""

    page: Page

    async def focus(self) -> dict[str, str]:
        """What has the focus: its `id`, `tag` and what it `says`. AssertionError where it is lost or not to be seen."""
        found: dict[str, str] | None = await self.page.evaluate(FOCUSED)
        assert found is not None, f"the focus is lost on {self.page.url}"
        assert found["isRinged"], f"the focus is not to be seen on {found}"
        assert found["isSeen"], f"the focus is out of sight on {found}"
        return found

    async def tab_to(self, says: str | re.Pattern[str], *, back: bool = False, tag: str = "") -> None:
        """Tab or Shift+Tab until the focus is on what says this, or whose tag is this."""
        for _ in range(FAR):
            await self.page.keyboard.press("Shift+Tab" if back else "Tab")
            found = await self.focus()
            fits = says.search(found["says"]) if isinstance(says, re.Pattern) else found["says"] == says
            if fits and tag in ("", found["tag"]):
                return
        raise AssertionError(f"{FAR} presses do not lead to {says} on {self.page.url}")

    async def press(self, key: str = "Enter") -> None:
        """The key is pressed where the focus is, and what it leads to has come."""
        async with leaving(self.page):
            await self.page.keyboard.press(key)

    async def go(self, says: str | re.Pattern[str], *, back: bool = False, tag: str = "") -> None:
        """The link or button that says this is found and pressed."""
        await self.tab_to(says, back=back, tag=tag)
        await self.press()

    async def write(self, label: str | re.Pattern[str], text: str) -> None:
        """The field of this label is found and holds this text only."""
        await self.tab_to(label)
        await self.rewrite(text)

    async def rewrite(self, text: str) -> None:
        """The field that has the focus holds this text only."""
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)
