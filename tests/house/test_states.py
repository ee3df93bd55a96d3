"""Every life: each state can be reached, each step is taken by somebody, and only the motor moves a record."""

import ast
import importlib
from enum import StrEnum
from pathlib import Path

import pytest

from portal.kit.lifecycle import Step

ROOT = Path(__file__).parents[2]
LIVES = sorted((ROOT / "portal").rglob("states.py"))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", LIVES, ids=module_of)
def test_every_state_is_reached_from_the_first(path: Path) -> None:
    module = importlib.import_module(module_of(path))
    steps = [value for value in vars(module).values() if isinstance(value, Step)]
    states = next(
        value
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, StrEnum) and name.endswith("State")
    )
    reached = {next(iter(states))}
    while more := {step.target for step in steps if step.sources & reached} - reached:
        reached |= more
    assert reached == set(states)


def test_only_the_motor_moves_a_record() -> None:
    guilty = []
    for path in sorted((ROOT / "portal").rglob("*.py")):
        if path.is_relative_to(ROOT / "portal" / "kit"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign)
                else []
            )
            if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets):
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno}")
            is_update = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update"
            )
            if is_update and any(keyword.arg == "state" for keyword in node.keywords):
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not guilty


def test_every_step_is_taken_by_a_verb() -> None:
    taken = set()
    for path in sorted((ROOT / "portal").rglob("service*")):
        for file in [path] if path.suffix == ".py" else sorted(path.glob("*.py")):
            taken |= steps_named_in(ast.parse(file.read_text()))
    steps = {
        (path.parent.name, name)
        for path in LIVES
        for name, value in vars(importlib.import_module(module_of(path))).items()
        if isinstance(value, Step)
    }
    assert not steps - taken


def steps_named_in(tree: ast.Module) -> set[tuple[str, str]]:
    """(room, step) for each name that the module takes from a room's states."""
    found, aliases = set(), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if node.module.endswith(".states"):
                    found.add((node.module.split(".")[-2], alias.name))
                elif alias.name == "states":
                    aliases[alias.asname or "states"] = node.module.split(".")[-1]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
            found.add((aliases[node.value.id], node.attr))
    return found
