"""Our own style sheets, scripts and fonts: compressed beforehand, kept for ever where the name holds a hash."""

from __future__ import annotations

import mimetypes
import os
import re
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FINGERPRINTED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


class Assets(StaticFiles):
    """The folder of assets; answers with the smallest form that the browser reads."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or its compressed form with the headers that say so."""
        accepted = {part.split(";")[0].strip() for part in Headers(scope=scope).get("accept-encoding", "").split(",")}
        path = os.fspath(full_path)
        encoding = next((e for e in ENCODINGS if e[0] in accepted and Path(path + e[1]).exists()), None)
        chosen = path + encoding[1] if encoding else path
        response = super().file_response(chosen, Path(chosen).stat(), scope, status_code)
        kind, _ = mimetypes.guess_type(path)
        if kind:
            text = kind.startswith("text/") or kind.endswith("javascript")
            response.headers["Content-Type"] = f"{kind}; charset=utf-8" if text else kind
        if encoding:
            response.headers["Content-Encoding"] = encoding[0]
        response.headers["Vary"] = "Accept-Encoding"
        lasting = FINGERPRINTED.search(path)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "no-cache"
        return response
