"""Charts as pictures made by the server: each chart has one, it says what the page says, and nothing hidden."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from dashboards import figures, pictures
from dashboards.first_view import markup
from dashboards.still import stills
from portal.kit import documents, typesetting
from tests.dashboards import rows

PAGES = ("", "?indicator=SC-04&release=2", "map", "map?district=FEFD", "indicators/SS-01", "indicators/SC-04",
         "regions/RU-NGR", "regions/RU-KO?release=2")  # fmt: skip


def links(client: TestClient, page: str, language: str = "en") -> list[str]:
    found = re.findall(r'href="([^"]+/pictures/[^"]+)"', client.get(f"/{language}/dashboards/{page}").text)
    return [one.replace("&amp;", "&") for one in found]


def told(client: TestClient, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.headers["content-disposition"].endswith('.png"')
    content: dict[str, Any] = answer.json()
    return content


def words_of(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)


@pytest.mark.parametrize("page", PAGES)
def test_every_chart_has_a_picture_that_needs_no_scripts(client: TestClient, page: str) -> None:
    text = client.get(f"/en/dashboards/{page}").text
    assert len(links(client, page)) == text.count("<figure ") > 0
    assert "<svg" in text
    for address in links(client, page):
        kinds = [block["kind"] for block in told(client, address)["blocks"]]
        assert {"title", "source"} <= set(kinds)
        assert {"still", "drawing", "table"} & set(kinds)


def test_a_picture_says_whose_it_is_and_that_it_is_a_demonstration(client: TestClient) -> None:
    content = told(client, "/en/dashboards/regions/RU-NGR/pictures/ss-01.png")
    assert "Novgorod Region" in content["blocks"][0]["text"]
    assert "Demonstration data, release no. 3" in words_of(content)
    assert "release no. 2" in words_of(told(client, "/en/dashboards/pictures/ways.png?release=2"))
    assert "Демонстрационные данные" in words_of(told(client, "/ru/dashboards/map/pictures/tiles.png"))
    poverty = words_of(told(client, "/en/dashboards/regions/RU-NGR/pictures/poverty.png"))
    assert "Rosstat" in poverty
    assert "Demonstration" not in poverty  # Official figures are real in the demonstration too.


@pytest.mark.parametrize(
    "path",
    ["pictures/nothing.png", "pictures/ways.svg", "mappictures/map.png", "method/pictures/ways.png",
     "regions/RU-NGR/pictures/zz-99.png", "regions/RU-XX/pictures/ss-01.png", "pictures/pictures/ways.png",
     "regions/RU-NGR.csv/pictures/ss-01.png", "pictures/ways.png?release=99", "poverty/pictures/poverty.png"],
)  # fmt: skip
def test_there_is_no_picture_of_what_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(f"/en/dashboards/{path}").status_code == 404


def test_a_hidden_figure_is_in_no_picture(client: TestClient) -> None:
    """Komi's second and fifth quarters are hidden: the line of the picture is broken there, and no marker stands."""
    still = next(block["svg"] for block in told(client, "/en/dashboards/regions/RU-KO/pictures/ss-01.png")["blocks"]
                 if block["kind"] == "still")  # fmt: skip
    shown = next(one for one in rows.SERIES if (one.region_code, one.indicator_code) == ("RU-KO", "SS-01"))
    marks = [one for one in ET.fromstring(still).iter() if one.tag.endswith("circle") and one.get("fill") == "#0b5ca8"]
    assert len(marks) == sum(point.actual.value is not None for point in shown.points)


def test_every_figure_is_drawn_for_a_desk_and_a_phone() -> None:
    drawn = [figures.over_time(one, rows.INDICATORS[0], demo=True) for one in rows.SERIES]
    drawn += [figures.poverty(rows.POVERTY), figures.poverty(rows.POVERTY[-5:], rows.POVERTY[-5:]), figures.poverty([])]
    for figure in drawn:
        for one in stills(figure):
            assert not re.search("nan|None|inf", ET.tostring(ET.fromstring(markup(one.tree))).decode())


def test_every_class_of_a_drawing_has_its_paint(client: TestClient) -> None:
    svgs = [svg for page in PAGES for address in links(client, page) for svg in drawings(told(client, address))]
    used = {name for svg in svgs for one in ET.fromstring(svg).iter() for name in one.get("class", "").split()}
    plain = {"chart", "way", "line", "on-desk", "still", "sprite"}
    assert used - plain <= set(re.findall(r"\.([a-z][\w-]*)", pictures.PAINTS))


def drawings(found: Any) -> list[str]:
    if isinstance(found, dict):
        return [found["svg"]] if found.get("svg") else [one for part in found.values() for one in drawings(part)]
    return [one for part in found for one in drawings(part)] if isinstance(found, list) else []


def test_a_picture_is_a_picture(client: TestClient) -> None:
    content = told(client, "/ru/dashboards/indicators/SS-01/pictures/lines.png")
    made = typesetting.picture(orjson.dumps({**content, "icons": documents._icons()}).decode())
    assert made.startswith(b"\x89PNG")
    assert int.from_bytes(made[16:20], "big") == 2 * pictures.WIDE
