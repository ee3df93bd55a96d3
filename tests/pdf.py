"""What a reader of a PDF and a reader of a page see, to be compared."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pypdf


def text_of(pdf: bytes, *, running: str = "") -> str:
    """All words of the file without spaces, heads and feet of its pages taken out."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    kept = []
    for place, text in enumerate(pages, 1):
        foot = re.compile(rf"(SHA-256 [0-9a-f]{{64}})?\s*(стр\.|page) {place} (из|of) {len(pages)}")
        kept.append(foot.sub("", text.replace(running, "") if running and place > 1 else text))
    return squeezed("".join(kept))


def squeezed(text: str) -> str:
    """The text without spaces of any kind and without places where a line may break."""
    return re.sub(r"[\s\u00a0\u200b]+", "", text)


class _Texts(HTMLParser):
    def __init__(self, inside: str, without: tuple[str, ...]) -> None:
        super().__init__(convert_charrefs=True)
        self.inside, self.without = inside, without
        self.depth, self.skipped, self.found = 0, 0, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"br", "input", "use", "col", "img", "path", "meta", "link"}:
            return
        if self.depth or self.inside in (dict(attrs).get("class") or "").split():
            self.depth += 1
            self.skipped += bool(self.skipped) or tag in self.without

    def handle_endtag(self, tag: str) -> None:
        if self.depth:
            self.depth -= 1
            self.skipped -= bool(self.skipped)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that holds nothing."""

    def handle_data(self, data: str) -> None:
        if self.depth and not self.skipped and data.strip():
            self.found.append(data.strip())


def texts_of(page: str, inside: str, *without: str) -> list[str]:
    """Every text inside the page's element of this class, but for what stands in elements named `without`."""
    reader = _Texts(inside, without)
    reader.feed(page)
    return reader.found
