"""The certainty of a ranking from a file: anyone can check what the portal shows."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.commands.group import end, main

if TYPE_CHECKING:
    from portal.applications.award.methods.certainty import Certainty, Score

COLUMNS = ("application", "reviewer", "score")
DECIMALS = 6


@main.command()
@click.argument("scores", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--places", type=int, required=True, help="How many the line lets in.")
@click.option("--scale", required=True, metavar="LOW:HIGH", help="Ends of the scale of marks, for example 1:6.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The same gives the same.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def rank(scores: Path, *, places: int, scale: str, seed: int, form: str) -> None:
    """Tell how sure a ranking is. SCORES is a CSV file with the columns application, reviewer, score."""
    from portal.applications.award.methods.certainty import Unrankable, certainty

    try:
        found = certainty(_read(scores), scale=_ends(scale), places=places, seed=seed)
    except Unrankable as wrong:
        end(f"{scores}: {wrong}", 1)
    click.echo(_json(found) if form == "json" else _table(found))


def _read(path: Path) -> list[Score]:
    """The scores of the file; raises Unrankable, with the line, for what is none."""
    from portal.applications.award.methods.certainty import Score, Unrankable

    found = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
                raise Unrankable(f"there is no column {', '.join(missing)}; the first line names the columns")
            for row in reader:
                application, reviewer, score = (str(row[name] or "").strip() for name in COLUMNS)
                if not application or not reviewer:
                    raise Unrankable(f"line {reader.line_num}: the application and the reviewer need names")
                try:
                    found.append(Score(application, reviewer, float(score)))
                except ValueError:
                    raise Unrankable(f"line {reader.line_num}: the score is not a number: {score!r}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unrankable(f"this is no CSV file in UTF-8: {error}") from error
    return found


def _ends(scale: str) -> tuple[float, float]:
    low, _, high = scale.partition(":")
    try:
        return float(low), float(high)
    except ValueError:
        raise click.BadParameter(f"{scale!r} is not LOW:HIGH, for example 1:6", param_hint="--scale") from None


def _json(found: Certainty) -> str:
    rows = [
        {
            "application": one.application,
            "mean": round(one.mean, DECIMALS),
            "adjusted_mean": round(one.adjusted_mean, DECIMALS),
            "expected_rank": round(one.expected_rank, DECIMALS),
            "rank_50": one.rank_50,
            "rank_90": one.rank_90,
            "p_within": round(one.p_within, DECIMALS),
        }
        for one in found.standings
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _table(found: Certainty) -> str:
    """The list with what is known of the call and its reviewers below; `|` marks the band around the line."""
    width = max(len("application"), *(len(one.application) for one in found.standings))
    lines = [f"  {'application':{width}}    mean  adjusted  expected      50 %      90 %  p(first {found.places})"]
    lines += [
        f"{'|' if one.application in found.band else ' '} {one.application:{width}}  {one.mean:6.3f}  "
        f"{one.adjusted_mean:8.3f}  {one.expected_rank:8.2f}  {_span(one.rank_50):>8}  {_span(one.rank_90):>8}  "
        f"{one.p_within:10.3f}"
        for one in found.standings
    ]
    lines += ["", "  reviewer: marks below the others (90 %)"]
    lines += [
        f"  {one.reviewer}: {one.severity:+.2f} ({one.interval_90[0]:+.2f} to {one.interval_90[1]:+.2f})"
        for one in found.reviewers
    ]
    agreement = [
        f"{name} {value:.3f}" for name, value in (("ICC", found.icc), ("alpha", found.alpha)) if value is not None
    ]
    return "\n".join([*lines, "", f"  {', '.join([*agreement, found.method, f'seed {found.seed}'])}"])


def _span(rank: tuple[int, int]) -> str:
    return f"{rank[0]}–{rank[1]}"
