"""Dash's own scripts, served by us: only files that Dash has named, compressed once, kept by the browser."""

from __future__ import annotations

import gzip
import hashlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import brotli
from dash.fingerprint import check_fingerprint

FOREVER = "public, max-age=31536000, immutable"
WITH_ETAG = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Script:
    """One script in the forms that browsers take."""

    plain: bytes
    gzipped: bytes
    brotlied: bytes
    etag: str

    def best(self, accepted: str) -> tuple[bytes, str]:
        """The smallest form for an Accept-Encoding, and the name of its coding."""
        if "br" in accepted:
            return self.brotlied, "br"
        return (self.gzipped, "gzip") if "gzip" in accepted else (self.plain, "identity")


def answer(
    package: str, asked: str, known: Mapping[str, set[str]], told: Mapping[str, str]
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body for a possibly fingerprinted name; 404 for what Dash has not named."""
    path, fingerprinted = check_fingerprint(asked)  # type: ignore[no-untyped-call]
    if path not in known.get(package, ()) or not path.endswith(".js"):
        return 404, {}, b""
    script = _read(package, path)
    headers = {
        "Cache-Control": FOREVER if fingerprinted else WITH_ETAG,
        "ETag": script.etag,
        "Vary": "Accept-Encoding",
        "Content-Type": "text/javascript; charset=utf-8",
    }
    if told.get("if-none-match") == script.etag:
        return 304, headers, b""
    body, coding = script.best(told.get("accept-encoding", ""))
    return 200, headers | {"Content-Encoding": coding}, body


@cache
def _read(package: str, path: str) -> Script:
    body = pkgutil.get_data(package, path)
    if body is None:
        raise FileNotFoundError(f"{package}: {path}")
    # Quality 5: a tenth larger than the best, made in milliseconds at the first visit.
    packed = brotli.compress(body, quality=5, mode=brotli.MODE_TEXT)
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return Script(body, gzip.compress(body, 6, mtime=0), packed, etag)
