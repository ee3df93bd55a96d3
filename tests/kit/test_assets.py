"""Assets: a name that holds the hash, references that follow it, compressed forms beside."""

import gzip
from pathlib import Path

import brotli
import pytest

from portal.kit import assets


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of assets with a style sheet, two modules and one font of a package."""
    monkeypatch.setattr(assets, "VENDORED", {"fonts/a.woff2": "font/a.woff2"})
    files = {
        "static/css/page.css": '@font-face { src: url("../fonts/a.woff2") } .miss { fill: url(#hatch) }',
        "static/js/page.js": 'import { save } from "./save.js";\nsave();',
        "static/js/save.js": "export const save = () => 1;",
        "node_modules/font/a.woff2": "font",
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "static"


def build(static: Path) -> dict[str, str]:
    return assets.build(static, static.parent / "node_modules")


def test_references_name_the_fingerprinted_files(static: Path) -> None:
    manifest = build(static)
    sheet = (static / "dist" / manifest["css/page.css"]).read_text()
    assert f'url("../{manifest["fonts/a.woff2"]}")' in sheet
    assert "url(#hatch)" in sheet
    module = (static / "dist" / manifest["js/page.js"]).read_text()
    assert f'from "./{Path(manifest["js/save.js"]).name}"' in module


def test_a_change_below_renames_what_refers_to_it(static: Path) -> None:
    before = build(static)
    (static / "js" / "save.js").write_text("export const save = () => 2;")
    after = build(static)
    assert before["js/page.js"] != after["js/page.js"]
    assert before["css/page.css"] == after["css/page.css"]
    assert not (static / "dist" / before["js/save.js"]).exists()


def test_compressed_forms_hold_the_same(static: Path) -> None:
    name = build(static)["css/page.css"]
    body = (static / "dist" / name).read_bytes()
    assert gzip.decompress((static / "dist" / f"{name}.gz").read_bytes()) == body
    assert brotli.decompress((static / "dist" / f"{name}.br").read_bytes()) == body


def test_a_reference_to_nothing_is_refused(static: Path) -> None:
    (static / "js" / "page.js").write_text('import "./gone.js";')
    with pytest.raises(assets.Unbuildable, match=r"gone\.js"):
        build(static)


def test_a_circle_of_modules_is_refused(static: Path) -> None:
    (static / "js" / "save.js").write_text('import "./page.js";')
    with pytest.raises(assets.Unbuildable, match="refers to itself"):
        build(static)


def test_every_vendored_file_is_there() -> None:
    assets.install()
    missing = [file for file in assets.VENDORED.values() if not (assets.MODULES / file).exists()]
    assert missing == []
