"""The published errors of the rule come out again: a short form within its standard error, the long one exactly."""

from __future__ import annotations

import json
from importlib.resources import files
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from portal.__main__ import main
from portal.monitoring.report.methods import simulation

SHORT = 120


def stored() -> dict[str, Any]:
    text = (files("portal.monitoring.report") / "data" / "simulated_errors.json").read_text("utf-8")
    return dict(json.loads(text))


def kept(world: str, kind: str, after: int, pace: str) -> dict[str, Any]:
    key = (world, kind, after, pace)
    return next(one for one in stored()["cells"] if (one["world"], one["kind"], one["after"], one["pace"]) == key)


@pytest.mark.parametrize(
    ("world", "kind", "after", "pace"),
    [("fits", "count", 4, "on_plan"), ("spike", "count", 3, "half_pace"), ("revision", "share", 4, "on_plan"),
     ("amended", "count", 6, "supposed"), ("fits", "share_to_date", 3, "on_plan")],
)  # fmt: skip
def test_a_short_form_agrees_within_its_standard_error(world: str, kind: str, after: int, pace: str) -> None:
    long = kept(world, kind, after, pace)
    short = simulation.cell(world, kind, after, pace, regions=SHORT, seed=7)
    told = [(long["statuses"].get(one, 0.0), short["statuses"].get(one, 0.0)) for one in long["statuses"]]
    for expected, found in [*told, (long["covered"], short["covered"])]:
        error = sqrt(expected * (1 - expected) * (1 / SHORT + 1 / simulation.REGIONS))
        assert abs(found - expected) <= 4 * error + 1 / SHORT


def test_the_same_seed_gives_the_same() -> None:
    once, again = (simulation.cell("fits", "count", 3, "on_plan", regions=30, seed=1) for _ in range(2))
    assert once == again
    assert once != simulation.cell("fits", "count", 3, "on_plan", regions=30, seed=2)


@pytest.mark.soak
def test_the_long_form_comes_out_exactly() -> None:
    told = stored()
    assert simulation.simulate(regions=told["regions"], seed=told["seed"]) == told


CASE = {"kind": "count", "plan": [40] * 8, "actual": [28, 35, 41, 38]}
SHARE = {"kind": "share", "numerator": [48, 55, 60, 66, 70], "denominator": [120, 122, 125, 124, 126],
         "target": 0.6, "periods": 8, "direction": "up"}  # fmt: skip


def asked(tmp_path: Path, text: str, *options: str) -> Any:
    file = tmp_path / "case.json"
    file.write_text(text, "utf-8")
    return CliRunner().invoke(main, ["pace", str(file), *options])


def test_the_command_prints_what_methods_promise(tmp_path: Path) -> None:
    answer = asked(tmp_path, json.dumps(CASE), "--format", "json")
    assert answer.exit_code == 0
    told = json.loads(answer.output)
    assert list(told) == [
        "rate", "dispersion", "forecast", "interval_80", "p_target", "p_95", "p_fail", "status", "method"
    ]  # fmt: skip
    assert (round(told["forecast"], 1), told["status"], told["method"]) == (289.8, "unclear", "pace-bayes/1")
    assert [round(one, 1) for one in told["interval_80"]] == [238.6, 341.0]
    share = json.loads(asked(tmp_path, json.dumps(SHARE), "--format", "json").output)
    assert (round(share["forecast"], 3), share["status"]) == (0.66, "on_track")
    assert "status       unclear" in asked(tmp_path, json.dumps(CASE)).output


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", '{"kind": "count"}', '{"kind": "count", "plan": [1], "actual": [-1]}']
)
def test_a_faulty_file_ends_in_one_line(tmp_path: Path, text: str) -> None:
    answer = asked(tmp_path, text)
    assert answer.exit_code == 1
    assert "Traceback" not in answer.output
    assert len(answer.output.strip().splitlines()) == 1
