"""The measurement of planning: both sides find the same days, and a wrong side would be noticed."""

import json

import pytest
from click.testing import CliRunner

from scheduler.bench import planning
from scheduler.cli import main
from scheduler.domain.dates import OpenDays


@pytest.mark.slow
def test_planning_is_measured_beside_a_loop_that_finds_the_same_days() -> None:
    found = CliRunner().invoke(main, ["bench", "planning", "--json"])

    told = json.loads(found.output)
    assert told["planning"]["most"] == 5
    assert 0 < told["planning"]["floor_ms"] < told["planning"]["ours_ms"]
    assert told["center"]["plans"] == 850
    assert told["center"]["moved"] > 850


def test_a_loop_that_finds_other_days_is_no_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "bare_days", lambda start, _calendar: [(start, start)])

    with pytest.raises(RuntimeError, match="finds other days from 2026-01-05 on"):
        planning.measure_planning()


def test_the_loop_takes_the_nearest_open_day_and_of_two_the_later() -> None:
    weekend, wednesdays = OpenDays(), OpenDays(weekdays=frozenset({0, 1, 3, 4}))

    saturday = planning.bare_days(planning.START.replace(day=10), weekend)[0]
    wednesday = planning.bare_days(planning.START.replace(day=7), wednesdays)[0]

    assert str(saturday[1]) == "2026-01-09"
    assert str(wednesday[1]) == "2026-01-08"
