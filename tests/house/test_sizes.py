"""A file is read in two minutes, a function at a glance, and each says in one line what it is."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [
    path
    for folder in ("portal", "dashboards")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts and "node_modules" not in path.parts
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_and_its_functions_are_short(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 300, "a file of more than 300 lines is two nouns"
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module says what it is"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 40, f"{node.name} has {length} lines"
