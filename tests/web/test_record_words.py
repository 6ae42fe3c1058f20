"""The lines of "Who looked and what changed": looks of one person in a row are one line, changes are never."""

from datetime import timedelta

import pytest

from scheduler.services.page_lines import RecordLine
from scheduler.web.desk.record_words import record_shown
from tests.factories.people import NOW

VISIT, PLAN, DOSE = "viewed appointment", "viewed plan", "viewed dose"
MOVED = "moved visit"


def lines(*newest_first: tuple[str, str]) -> list[RecordLine]:
    """Return lines a minute apart, each of who and what."""
    return [
        RecordLine(
            at=NOW - timedelta(minutes=number),
            actor_name=who,
            action=what.split()[0],
            entity=what.split()[1],
        )
        for number, (who, what) in enumerate(newest_first)
    ]


@pytest.mark.parametrize(
    ("happened", "read"),
    [
        ([("Ann", VISIT)], [("Ann", "viewed visit")]),
        ([("Ann", DOSE), ("Ann", PLAN), ("Ann", DOSE)], [("Ann", "viewed dose and plan, 3 times")]),
        ([("Ann", PLAN), ("Bo", PLAN)], [("Ann", "viewed plan"), ("Bo", "viewed plan")]),
        (
            [("Ann", PLAN), ("Ann", MOVED), ("Ann", PLAN)],
            [("Ann", "viewed plan"), ("Ann", MOVED), ("Ann", "viewed plan")],
        ),
        ([("Ann", MOVED), ("Ann", MOVED)], [("Ann", MOVED), ("Ann", MOVED)]),
    ],
)
def test_looks_in_a_row_are_one_line(
    happened: list[tuple[str, str]], read: list[tuple[str, str]]
) -> None:
    shown = record_shown(lines(*happened))

    assert [(line.who, line.words) for line in shown] == read
    assert shown[0].at == NOW
