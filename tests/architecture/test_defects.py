"""Every test that the list of known defects counts on is there."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
DEFECTS = TESTS.parent / "tests/DEFECTS.md"


def test_the_tests_against_known_defects_are_there() -> None:
    listed = set(re.findall(r"`(test_\w+)`", DEFECTS.read_text(encoding="utf-8")))
    written = {
        name
        for file in TESTS.rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert listed
    assert listed - written == set()
