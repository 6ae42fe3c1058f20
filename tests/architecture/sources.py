"""The project's own files, as the tests of its architecture read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TOP = Path(__file__).parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")


@cache
def own_files(*suffixes: str) -> tuple[Path, ...]:
    """Return the files under version control, or about to be, with one of the suffixes."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=TOP,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    found = (TOP / name for name in listed)
    return tuple(path for path in found if path.suffix in suffixes and path.is_file())


@cache
def tree(path: Path) -> ast.Module:
    """Return the parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def package_files(folder: str = "scheduler") -> Iterator[Path]:
    """Return the Python files of the package, or of a folder of it."""
    return (path for path in own_files(".py") if path.is_relative_to(TOP / folder))


def name_of(path: Path) -> str:
    """Return the path as people write it, from the top of the checkout."""
    return path.relative_to(TOP).as_posix()
