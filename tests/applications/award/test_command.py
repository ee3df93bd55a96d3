"""`portal rank`: what it prints, and how it refuses."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.__main__ import main

SCORES = Path(__file__).parent / "golden" / "ranking_scores.csv"
OPTIONS = ("--places", "5", "--scale", "1:6")


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["rank", str(path), *(options or OPTIONS)])


def test_json_is_a_list_best_first_and_the_same_bytes_each_time() -> None:
    first, again = (run(SCORES, *OPTIONS, "--seed", "1", "--format", "json") for _ in range(2))
    assert first.exit_code == 0
    assert first.output == again.output
    rows = json.loads(first.output)
    assert [row["application"] for row in rows[:4]] == ["#31", "#32", "#33", "#34"]
    assert list(rows[0]) == [
        "application", "mean", "adjusted_mean", "expected_rank", "rank_50", "rank_90", "p_within",
    ]  # fmt: skip
    assert rows[0]["rank_50"] == [1, 2]
    assert run(SCORES, *OPTIONS, "--seed", "2", "--format", "json").output != first.output


def test_table_marks_the_band_and_tells_of_reviewers() -> None:
    told = run(SCORES).output
    assert "| #35" in told
    assert "  #31" in told
    assert "v_15: +1.2" in told
    assert "expected-rank/1, seed 1" in told


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("application,reviewer\n1,2\n", "there is no column score"),
        ("application,reviewer,score\n1,a,4\n1,b,four\n", "line 3: the score is not a number: 'four'"),
        ("application,reviewer,score\n1,a,4\n2,b,nan\n", "the score is not a number"),
        ("application,reviewer,score\n1,a,4\n2,b\n", "line 3: the score is not a number: ''"),
        ("application,reviewer,score\n1,a,4\n,b,4\n", "line 3: the application and the reviewer need names"),
        ("application,reviewer,score\n1,a,4\n2,b,7\n", "application 2, reviewer b: the score 7 is outside"),
        ("application,reviewer,score\n1,a,4\n1,a,4\n", "application 1: reviewer a stands twice"),
        ("application,reviewer,score\n1,a,4\n2,a,4\n", "fewer than two reviewers"),
        ("", "there is no column application, reviewer, score"),
        ("application;reviewer;score\n1;a;4\n", "there is no column"),
    ],
)
def test_a_file_that_cannot_be_ranked_is_refused_by_line(tmp_path: Path, content: str, error: str) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(content, encoding="utf-8")
    result = run(path)
    assert result.exit_code == 1
    assert error in result.output
    assert "Traceback" not in result.output


def test_other_encodings_and_wrong_scales_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_bytes("application,reviewer,score\nОмск,а,4\n".encode("cp1251"))
    assert "no CSV file in UTF-8" in run(path).output
    assert run(SCORES, "--places", "5", "--scale", "six").exit_code == 2
    assert "lower and a higher end" in run(SCORES, "--places", "5", "--scale", "6:1").output
    assert "must be a place" in run(SCORES, "--places", "0", "--scale", "1:6").output
