"""Figures and words are pure: rows in, dicts and sentences out, whatever is missing."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dashboards import figures, states, theme, words
from dashboards.address import Address
from dashboards.drawing import shape, way
from dashboards.reading import Reading
from portal.kit.i18n import speaking
from portal.monitoring.published import Amended, Cell, CellState, Outlook, Point, Status, YearValue
from tests.dashboards import rows

COUNT, DOWN, SHARE, MEAN = rows.INDICATORS
NOTHING = [rows.HIDDEN, rows.SILENT, rows.IDLE, rows.LATER]


def sound(value: Any) -> bool:
    """No figure that JSON or the browser cannot read, no object in a text's place."""
    if isinstance(value, dict):
        return all(sound(one) for one in value.values())
    if isinstance(value, list):
        return all(sound(one) for one in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, str | int | bool)


@pytest.mark.parametrize("code", ["ru", "en"])
@pytest.mark.parametrize("series", rows.SERIES, ids=lambda one: f"{one.region_code}-{one.indicator_code}")
def test_every_series_can_be_drawn_and_read_aloud(series: Any, code: str) -> None:
    indicator = next(one for one in rows.INDICATORS if one.code == series.indicator_code)
    with speaking(code):
        figure = figures.over_time(series, indicator, demo=True)
        assert sound(figure)
        json.dumps(figure, allow_nan=False)
        for text in (words.finding(series, indicator), words.aloud(series, indicator)):
            assert text
            assert "None" not in text


@pytest.mark.parametrize("cell", NOTHING, ids=lambda cell: cell.state.value)
def test_one_point_that_is_nothing_is_drawn_as_a_gap(cell: Cell) -> None:
    points = (Point("2026Q1", cell, cell),)
    series = replace(rows.SERIES[0], points=points, latest=cell, baseline=cell, target=cell)
    figure = figures.over_time(series, COUNT, demo=True)
    assert sound(figure)
    assert [trace["y"] for trace in figure["data"]] == [[None, None], [None]]
    assert figure["layout"]["shapes"] == []
    assert words.cell(cell, COUNT) == str(words.NOTHING[cell.state])


def test_empty_series_is_drawn_as_an_empty_frame() -> None:
    series = replace(rows.SERIES[0], points=(), latest=rows.LATER)
    figure = figures.over_time(series, COUNT, demo=True)
    assert sound(figure)
    assert figure["data"][1]["y"] == []
    assert words.last_point(series) is None


def test_demonstration_data_are_named_inside_the_chart_and_only_there() -> None:
    with speaking("en"):
        for demo in (True, False):
            texts = [
                one["text"] for one in figures.over_time(rows.SERIES[0], COUNT, demo=demo)["layout"]["annotations"]
            ]
            assert ("demonstration data" in texts) is demo


def test_plan_is_a_step_line_and_the_axis_begins_at_zero() -> None:
    figure = figures.over_time(rows.SERIES[0], COUNT, demo=False)
    plan, actual = figure["data"]
    assert plan["x"][:4] == [-0.5, 0.5, 0.5, 1.5]
    assert plan["y"][:4] == [40, 40, 80, 80]
    assert plan["line"]["color"] == theme.INK
    assert actual["line"]["color"] == theme.RIVER
    assert figure["layout"]["yaxis"]["range"][0] == 0
    assert figure["layout"]["yaxis"]["range"][1] > max(y for y in plan["y"] + actual["y"] if y is not None)


def test_numbers_are_written_in_the_readers_language() -> None:
    with speaking("ru"):
        assert figures.over_time(rows.SERIES[0], COUNT, demo=False)["layout"]["separators"] == ",\u00a0"
        assert words.figure(Decimal("1234567.5"), MEAN) == "1\u00a0234\u00a0567,5"
        assert words.figure(Decimal("0.2984"), SHARE) == "29,8\u00a0%"
    with speaking("en"):
        assert words.figure(Decimal("0.2984"), SHARE) == "29.8%"
        assert words.promise(rows.share(27, 100), SHARE) == "27%"
        assert words.cell(rows.share(27, 100), SHARE) == "27.0%"


def test_no_text_of_a_figure_comes_from_a_name() -> None:
    """Names could hold what Plotly takes for markup: none is ever put into a figure."""
    evil = replace(
        rows.SERIES[0], region_code="<a href='javascript:alert(1)'>", indicator_code="$\\href{javascript:x}$"
    )
    text = json.dumps(figures.over_time(evil, COUNT, demo=True))
    assert "javascript" not in text


@pytest.mark.parametrize("top", [0.7, 1, 3, 12, 47, 99, 100, 101, 1234, 98765])
def test_axis_has_few_round_marks_that_end_within_it(top: float) -> None:
    height = figures.ceiling([top])
    marks = figures.ticks(height)
    assert top < height <= top * 2.2
    assert marks[0] == 0
    assert 4 <= len(marks) <= 6
    assert marks[-1] <= height + 1e-9
    assert height - marks[-1] < marks[1]


def test_target_is_met_from_the_better_side() -> None:
    low, high = rows.share(10, 100), rows.share(20, 100)
    assert high.reaches(low, "up") is True
    assert low.reaches(high, "up") is False
    assert high.reaches(low, "down") is False
    assert low.reaches(low, "down") is True
    assert high.reaches(low, "neutral") is None
    assert all(cell.reaches(low, "up") is low.reaches(cell, "up") is None for cell in NOTHING)


def test_way_is_measured_from_the_baseline_in_the_right_direction() -> None:
    series = replace(
        rows.SERIES[0], baseline=rows.share(20, 100), target=rows.share(10, 100), latest=rows.share(15, 100)
    )
    assert words.way(series, DOWN) == Decimal("0.5")
    assert words.way(replace(series, target=series.baseline), SHARE) == 0
    assert words.way(replace(series, latest=rows.HIDDEN), DOWN) is None


def test_finding_compares_with_the_plan_of_the_newest_quarter() -> None:
    points = (Point("2026Q1", rows.count(240), rows.count(229)), Point("2026Q2", rows.count(300), rows.LATER))
    series = replace(rows.SERIES[0], points=points, latest=rows.LATER)
    with speaking("en"):
        assert words.finding(series, COUNT) == "Now 229, 11 less than planned"
        assert "not yet due" not in words.aloud(series, COUNT)
    hidden = replace(series, points=(Point("2026Q1", rows.count(240), rows.HIDDEN),))
    with speaking("en"):
        assert words.finding(hidden, COUNT) == "Q1 2026: hidden: small number"


@pytest.mark.parametrize(
    ("good", "title"),
    [
        (0, "No region can be said to be on track yet"),
        (1, "1 region of 3 has reached its target or is on track"),
        (3, "3 regions of 3 have reached their targets or are on track"),
    ],
)
def test_title_over_the_regions_counts_only_who_keeps_to_the_target(good: int, title: str) -> None:
    said = [Status.ACHIEVED, Status.ON_TRACK, Status.ON_TRACK][:good] + [Status.UNCLEAR] * (3 - good)
    ends = [Outlook(one, None, None, None, "pace-bayes/1") for one in said]
    found = tuple(replace(rows.SERIES[place * 4], outlook=end) for place, end in enumerate(ends))
    reading = Reading(Address("overview"), rows.RELEASE, (), {}, {}, {}, found, demo=True)
    with speaking("en"):
        assert states.over_regions(reading, COUNT) == title


def test_forecast_is_drawn_lighter_from_the_newest_figure_to_the_end_with_its_band() -> None:
    end = Outlook(Status.ON_TRACK, Decimal(300), Decimal(280), Decimal(330), "pace-bayes/1")
    series = replace(rows.SERIES[0], outlook=end)
    figure = figures.over_time(series, COUNT, demo=False)
    band, line = figure["data"][:2]
    assert (band["fill"], band["y"][1:3]) == ("toself", [330, 280])
    assert line["x"] == [4, 7]
    assert line["y"][1] == 300
    assert figure["layout"]["yaxis"]["range"][1] > 330
    with speaking("en"):
        assert "Expected at the end: 300 (from 280 to 330 in 80% of cases)." in words.aloud(series, COUNT)
    for nothing in (None, replace(end, forecast=None, low=None, high=None)):
        assert len(figures.over_time(replace(series, outlook=nothing), COUNT, demo=False)["data"]) == 2


def test_amendment_is_marked_on_the_step_and_the_former_plan_stays_visible() -> None:
    changed = Amended(1, rows.RELEASE.published_at, {"2027Q3": rows.count(400), "2027Q4": rows.count(480)})
    series = replace(rows.SERIES[0], amendments=(changed,))
    figure = figures.over_time(series, COUNT, demo=False)
    former, mark = figure["data"][0], figure["data"][-1]
    assert former["y"] == [400, 400, 480, 480]
    assert (mark["x"], mark["y"], mark["text"]) == ([5.5], [280], ["1"])
    assert figure["layout"]["yaxis"]["range"][1] > 480
    with speaking("en"):
        assert "amendment no. 1 of 14 May 2027; the target was 480" in words.aloud(series, COUNT)
        labels = [one["text"] for one in figures.over_time(series, COUNT, demo=False)["layout"]["annotations"]]
    assert {"target 320", "formerly 480", "was 0"} <= set(labels)


def test_labels_at_the_edge_do_not_touch() -> None:
    series = replace(rows.SERIES[0], baseline=rows.count(318), target=rows.count(320))
    figure = figures.over_time(series, COUNT, demo=False)
    heights = [one["y"] for one in figure["layout"]["annotations"] if one.get("xshift") == 6]
    assert heights[1] - heights[0] >= figures.APART * 300


def test_poverty_is_compared_only_before_the_break() -> None:
    with speaking("en"):
        assert (
            words.poverty_finding(rows.POVERTY)
            == "From 2015 to 2020 the country's poverty rate fell from 13.4 to 12.1%"
        )
        assert words.poverty_finding(rows.POVERTY[:1]) == "The poverty rate of the country"
        rising = [YearValue(2019, Decimal(10), False), YearValue(2020, Decimal(11), False)]
        assert words.poverty_finding(rising) == "In 2020 the poverty rate was 11.0%"
    for years in (rows.POVERTY, rows.POVERTY[:1], []):
        figure = figures.poverty(years)
        assert sound(figure)
        assert 2021 not in figure["data"][0]["x"]


def test_every_kind_of_nothing_has_a_word_of_its_own() -> None:
    told = {words.cell(cell, COUNT) for cell in NOTHING}
    assert len(told) == len(CellState) - 1


def test_drawing_holds_nothing_but_its_shapes() -> None:
    assert way(None, None, None).tree["inside"] == []
    with pytest.raises(ValueError, match="script"):
        shape("script")


def test_theme_has_the_tokens_of_the_style_sheet() -> None:
    sheet = (Path(__file__).parents[2] / "portal" / "static" / "css" / "portal.css").read_text()
    for name, colour in theme.TOKENS.items():
        short = {"#ffffff": "#fff"}.get(colour, colour)
        assert f"--{name}: {short};" in sheet
