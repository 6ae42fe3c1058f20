"""Small on purpose: what is longer says why, and the list may only shrink."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import TOP, name_of, own_files, tree

LONGEST_FILE = 300
LONGEST_FUNCTION = 30
CODE = (".py", ".js", ".css", ".html")

QUERY = "one query, a column a line"

# path: why it is longer than 300 lines
LONG_FILES: dict[str, str] = {}

# path:function: why it is longer than 30 lines
LONG_FUNCTIONS: dict[str, str] = {
    "scheduler/persistence/links.py:link_facts": QUERY,
    "tests/factories/told.py:make_visit": "a factory, an argument a line",
}


def generated(path: Path) -> bool:
    """Say whether a file was written by a program: migrations list every column once."""
    return path.is_relative_to(TOP / "migrations" / "versions")


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Return each function and its lines, decorators and docstring left out."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            words = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - words


def test_no_file_is_longer_than_300_lines() -> None:
    long = {
        name_of(path): lines
        for path in own_files(*CODE)
        if not generated(path) and (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }

    unexplained = {name: lines for name, lines in long.items() if name not in LONG_FILES}
    assert unexplained == {}
    assert set(LONG_FILES) - set(long) == set(), "short again: take it off the list"


@pytest.mark.slow
def test_no_function_is_longer_than_30_lines() -> None:
    long = {
        f"{name_of(path)}:{name}": lines
        for path in own_files(".py")
        if not generated(path)
        for name, lines in functions(path)
        if lines > LONGEST_FUNCTION
    }

    unexplained = {name: lines for name, lines in long.items() if name not in LONG_FUNCTIONS}
    assert unexplained == {}
    assert set(LONG_FUNCTIONS) - set(long) == set(), "short again: take it off the list"
