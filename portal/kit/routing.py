"""The pages of all rooms, found by the first word of their address: of a hundred and more few have to be tried."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route, Router
from starlette.types import Receive, Scope, Send

NOWHERE = Router()


class Pages(Router):
    """Answers as a Router of `routes` does; the first word of each address must be a plain one."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        super().__init__(routes)
        self.by_word: dict[str, Router] = {}
        for route in routes:
            assert isinstance(route, Route)
            self.by_word.setdefault(_first_word(route.path), Router()).routes.append(route)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The page of this address answers, or the refusal of one that leads nowhere."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        await self.by_word.get(_first_word(path), NOWHERE).app(scope, receive, send)


def _first_word(path: str) -> str:
    """`calls` of /calls/2027/ranking."""
    return path[1:].partition("/")[0]
