"""A bucket that speaks as much of S3 as the store of files asks of it, in memory, on a port of its own."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.kit import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME, KEY = "papers", "EXAMPLEKEY"


@dataclass(slots=True)
class Bucket:
    """What it holds, by key; `status` is what it answers instead of working, `asked` counts requests."""

    address: str = ""
    held: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)
    status: int = 0
    asked: int = 0

    async def answer(self, request: Request) -> Response:
        """As S3 does it: an object by its key, or the list of keys that begin alike."""
        self.asked += 1
        if self.status:
            return Response(status_code=self.status)
        if f"Credential={KEY}/" not in request.headers.get("authorization", ""):
            return Response(status_code=403)
        key = request.path_params.get("key", "")
        if request.method == "POST":
            return self._delete((await request.body()).decode())
        if not key:
            return self._list(request.query_params.get("prefix", ""))
        if request.method == "PUT":
            self.held[key] = (await request.body(), clock.now())
        if key not in self.held:
            return Response(status_code=404)
        body, at = self.held[key]
        headers = {"ETag": '"0"', "Last-Modified": f"{at:%a, %d %b %Y %H:%M:%S GMT}"}
        return Response(b"" if request.method == "PUT" else body, headers=headers)

    def _list(self, prefix: str) -> Response:
        contents = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{at:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f"<ETag>&quot;0&quot;</ETag><Size>{len(body)}</Size></Contents>"
            for key, (body, at) in sorted(self.held.items())
            if key.startswith(prefix)
        )
        return Response(f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>")

    def _delete(self, asked: str) -> Response:
        keys = re.findall("<Key>(.*?)</Key>", asked)
        for key in keys:
            self.held.pop(key, None)
        gone = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        return Response(f"<DeleteResult>{gone}</DeleteResult>")


@contextmanager
def bucket() -> Iterator[Bucket]:
    """It answers while the block runs."""
    made = Bucket()
    methods = ["GET", "HEAD", "PUT", "POST"]
    routes = [Route(f"/{NAME}{rest}", made.answer, methods=methods) for rest in ("", "/", "/{key:path}")]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        made.address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="error", lifespan="off"))
        running = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
        running.start()
        try:
            yield made
        finally:
            server.should_exit = True
            running.join()
