"""The one Dash application of the process: in the reader's language, in the house's shell, from frozen rows only."""

from __future__ import annotations

import gzip
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dash import Dash, Input, Output
from dash.exceptions import PreventUpdate

from dashboards import address, first_view, parts, pictures, suites
from dashboards.pages.file import Saved, save
from dashboards.pages.indicator import indicator
from dashboards.pages.map import map_page
from dashboards.pages.method import method
from dashboards.pages.overview import overview
from dashboards.pages.region import region
from dashboards.pages.trace import trace
from dashboards.parts import View
from dashboards.tags import Element, dcc, html
from portal.kit.i18n import language
from portal.monitoring import published

ASSETS = Path(__file__).parent / "assets"
LARGEST_QUESTION = 16_384
KEPT = 256
FEW = 48  # Of pictures, which are heavier.
CALLBACK = "page.children"
INPUTS = (("address", "pathname"), ("address", "search"))
HEAD_MARK, PAGE_MARK = "<!--dashboards:head-->", "<!--dashboards:page-->"

Key = tuple[published.Release | None, str, address.Address]
Page = Callable[..., Awaitable[View | None]]
Draw = Callable[[pictures.Content], Awaitable[bytes]]
PAGES: dict[str, Page] = {
    "overview": overview, "map": map_page, "indicator": indicator, "region": region, "trace": trace, "method": method,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A view, the release, language and address that it belongs to, and how it is read before any script."""

    key: Key
    view: View
    first: str


class PortalDash(Dash):
    """Dash with addresses in the reader's language, no websocket, no word about the machine, and the house's index.

    Nor the random mark of a page: it is for background jobs, which are not used here.
    """

    def _config(self) -> dict[str, Any]:
        told: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        for name in ("websocket", "python_version", "end_id"):
            told.pop(name, None)
        told["requests_pathname_prefix"] = f"/{language.get()}{address.HOME}"
        return told

    def interpolate_index(self, **pieces: str) -> str:  # type: ignore[override]
        """What of a page is Dash's: for the head its styles; for the page the place where it draws, and its scripts."""
        entry = '<div id="react-entry-point" hidden></div>'
        return pieces["css"] + PAGE_MARK + entry + pieces["config"] + pieces["scripts"] + pieces["renderer"]


class Server:
    """Views by address, kept by release and language, and the Dash application that shows them."""

    def __init__(self, *, demo: bool, scripts: Sequence[str], draw: Draw) -> None:
        self.demo, self.draw = demo, draw
        self._frames: dict[str, tuple[str, str]] = {}
        self._views: OrderedDict[Key, Found] = OrderedDict()
        self._answers: OrderedDict[Key, bytes] = OrderedDict()
        self._files: OrderedDict[Key, Saved] = OrderedDict()
        self._pictures: OrderedDict[Key, Saved] = OrderedDict()
        self.dash = PortalDash(
            __name__,
            backend="fastapi",
            url_base_pathname=address.HOME,
            assets_folder=str(ASSETS),
            external_scripts=list(scripts),
            update_title="",
        )
        self.dash.layout = _layout
        self.dash.callback(Output("page", "children"), *(Input(*one) for one in INPUTS))(self._page)
        # Now, not at the first request: the hashes and the list of scripts are needed before it.
        self.dash._setup_server()  # type: ignore[no-untyped-call]
        self.policy = (
            f"default-src 'self'; script-src 'self' {' '.join(self.dash.csp_hashes())}; "
            "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; object-src 'none'; "
            "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )

    def script(self, package: str, path: str, told: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of a script that Dash has named; 404 for every other path."""
        return suites.answer(package, path, self.dash.registered_paths, told)

    async def find(self, path: str, search: str) -> Found | None:
        """The view at an address without its language, made once for each release; None where there is no page."""
        asked = address.read(path, search)
        if asked is None or asked.file:
            return None
        release = await published.latest()
        key = (release, language.get(), asked)
        found = self._views.get(key)
        if found is None:
            view = await PAGES[asked.page](asked, demo=self.demo)
            if view is None:
                return None
            around = parts.sections(asked.page, asked.release, has_map=release is not None)
            view = View(view.title, [around, *view.tree])
            found = Found(key, view, first_view.render(view.tree))
        _keep(self._views, key, found)
        return found

    async def file(self, path: str, search: str) -> Saved | None:
        """The figures behind a page as a file, made once for each release; None where the address asks for none."""
        asked = address.read(path, search)
        if asked is None or not asked.file:
            return None
        key = (await published.latest(), language.get(), asked)
        kept, most = (self._pictures, FEW) if asked.figure else (self._files, KEPT)
        saved = kept.get(key) or await (self._picture(asked) if asked.figure else save(asked, demo=self.demo))
        if saved is None:
            return None
        _keep(kept, key, saved, most)
        return saved

    async def _picture(self, asked: address.Address) -> Saved | None:
        """The figure of a page as PNG; None where there is no such page, or no such figure on it."""
        view = await PAGES[asked.page](replace(asked, file="", figure=""), demo=self.demo)
        over = view.title if view and asked.page in ("region", "indicator") else ""
        told = pictures.content(view.tree, asked.figure, over=over) if view else None
        if told is None:
            return None
        name = "-".join(filter(None, (asked.region, asked.indicator, asked.figure, asked.release)))
        return Saved(f"{name}.png", "image/png", await self.draw(told))

    async def fill(self, shell: str, found: Found) -> bytes:
        """The whole document: the shell with the view as HTML to be read at once, and what is Dash's at its marks."""
        code = language.get()
        if code not in self._frames:
            head, _, page = (await self.ask(address.HOME)).decode().partition(PAGE_MARK)
            self._frames[code] = head, page
        head, page = self._frames[code]
        first = f'<div id="first-view" class="flow">{found.first}</div>'
        return shell.replace(HEAD_MARK, head, 1).replace(PAGE_MARK, first + page, 1).encode()

    async def answer(self, body: bytes) -> bytes | None:
        """What Dash answers to a callback request, as gzip; None for a request that our pages would never send.

        It holds what everyone may read and no secret, so its length may be the same each time.
        """
        asked = question(body)
        if asked is None:
            return None
        prefix = f"/{language.get()}"
        found = await self.find(asked[0].removeprefix(prefix), asked[1]) if asked[0].startswith(f"{prefix}/") else None
        if found is None:
            return None
        kept = self._answers.get(found.key)
        if kept is None:
            told = await self.ask(f"{address.HOME}_dash-update-component", _rebuilt(*asked))
            kept = gzip.compress(told, mtime=0)
            _keep(self._answers, found.key, kept)
        return kept

    async def ask(self, path: str, body: bytes | None = None) -> bytes:
        """Dash's own answer; it sees nothing of the reader's request but what we put here. RuntimeError unless 200."""
        told: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body or b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            told.append(message)

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "root_path": "",
            "method": "GET" if body is None else "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
            "client": ("127.0.0.1", 0), "server": ("localhost", 80),
        }  # fmt: skip
        await self.dash(scope, receive, send)
        if told[0]["status"] != 200:
            raise RuntimeError(f"Dash answered {told[0]['status']} for {path}")
        return b"".join(message.get("body", b"") for message in told[1:])

    async def _page(self, pathname: str, search: str) -> list[Any]:
        found = await self.find(pathname.removeprefix(f"/{language.get()}"), search)
        if found is None:
            raise PreventUpdate
        return found.view.tree


def question(body: bytes) -> tuple[str, str] | None:
    """The path and query string that a callback request asks for; None unless it has the shape of our one callback."""
    try:
        asked = json.loads(body)
        inputs = asked["inputs"]
        named = tuple((one["id"], one["property"]) for one in inputs)
        path, search = (one.get("value") or "" for one in inputs)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    right = asked.get("output") == CALLBACK and named == INPUTS and not asked.get("state")
    return (path, search) if right and isinstance(path, str) and isinstance(search, str) else None


def _rebuilt(path: str, search: str) -> bytes:
    values = zip(INPUTS, (path, search), strict=True)
    asked = {
        "output": CALLBACK,
        "outputs": {"id": "page", "property": "children"},
        "inputs": [{"id": name, "property": prop, "value": value} for (name, prop), value in values],
        "changedPropIds": ["address.pathname"],
    }
    return json.dumps(asked).encode()


def _layout() -> Element:
    return html.Div([dcc.Location(id="address", refresh=False), html.Div(id="page", className="flow")])


def _keep(kept: OrderedDict[Key, Any], key: Key, value: Any, most: int = KEPT) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
