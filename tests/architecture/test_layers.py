"""Imports point inwards; rules are pure; the clock and the environment are read in one place each."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import TOP, name_of, package_files, tree

RULES_MAY_IMPORT = {"scheduler", "dateutil", "numpy"} | sys.stdlib_module_names
RULES_MAY_NOT = {
    "os",
    "io",
    "socket",
    "subprocess",
    "time",
    "random",
    "sqlite3",
    "logging",
    "pathlib",
}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}


def imported(path: Path) -> set[str]:
    """Return the top-level packages that a module imports."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def attributes(path: Path) -> set[tuple[str, str]]:
    """Return every ``name.attribute`` that a module writes."""
    return {
        (node.value.id, node.attr)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


@pytest.mark.slow
def test_imports_point_inwards() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [str(linter), "--no-cache"], cwd=TOP, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout


@pytest.mark.slow
def test_a_rule_uses_only_python_dates_and_numbers() -> None:
    more = {
        name_of(path): found
        for path in package_files("scheduler/domain")
        if (found := imported(path) - (RULES_MAY_IMPORT - RULES_MAY_NOT))
    }

    assert more == {}


@pytest.mark.slow
def test_nobody_asks_what_time_it_is_but_the_clock() -> None:
    asking = {
        f"{name_of(path)}: {'.'.join(asked)}"
        for path in package_files()
        for asked in attributes(path) & CLOCKS
    }

    # an id starts with the time it was made, so that rows lie in order; nobody reads it back
    assert asking == {
        "scheduler/clock.py: datetime.now",
        "scheduler/persistence/base.py: time.time_ns",
    }


@pytest.mark.slow
def test_nobody_reads_the_environment_but_the_settings() -> None:
    reading = {
        name_of(path)
        for path in package_files()
        if attributes(path) & {("os", "environ"), ("os", "getenv")}
    }

    # a measurement gives its servers an environment of their own
    assert reading == {"scheduler/settings.py", "scheduler/bench/servers.py"}


@pytest.mark.slow
def test_only_the_edges_catch_everything() -> None:
    catching = {
        name_of(path)
        for path in package_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException"))
    }

    # one message that fails must not hold up the others
    inner = {name for name in catching if name.split("/")[1] not in ("web", "jobs", "worker.py")}
    assert inner == {"scheduler/services/messages.py"}
