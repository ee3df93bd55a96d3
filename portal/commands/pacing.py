"""Status and forecast of an indicator from a file: anyone can check what the portal publishes."""

from __future__ import annotations

import json
from pathlib import Path

import click

from portal.commands.group import end, main

DIGITS = 6


@main.command()
@click.argument("case", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--simulate", is_flag=True, help="Tell how often the rule errs, in drawn worlds. JSON, a minute.")
def pace(case: Path | None, *, form: str, simulate: bool) -> None:
    """Tell whether a target will be reached. CASE is a JSON file with kind, plan and actual, or a share's parts."""
    from portal.monitoring.report.methods import pace_of

    if simulate:
        from portal.monitoring.report.methods import simulation

        told = simulation.simulate()
        cells = ",\n".join(map(json.dumps, told.pop("cells")))
        click.echo(f'{json.dumps(told)[:-1]}, "cells": [\n{cells}\n]}}')
        return
    if case is None:
        raise click.UsageError("Name the file with the case.")
    try:
        told = json.loads(case.read_text("utf-8"))
        found = pace_of(told if isinstance(told, dict) else {}).as_json()
    except (UnicodeDecodeError, json.JSONDecodeError):
        end(f"{case}: this is no JSON file in UTF-8.", 1)
    except ValueError as wrong:
        end(f"{case}: {wrong}", 1)
    rounded = {name: _rounded(value) for name, value in found.items()}
    if form == "json":
        click.echo(json.dumps(rounded, ensure_ascii=False))
    else:
        click.echo("\n".join(f"{name:12} {_plain(value)}" for name, value in rounded.items()))


def _rounded(value: object) -> object:
    if isinstance(value, tuple):
        return [_rounded(one) for one in value]
    return round(value, DIGITS) if isinstance(value, float) else value


def _plain(value: object) -> object:
    return "none" if value is None else " to ".join(map(str, value)) if isinstance(value, list) else value
