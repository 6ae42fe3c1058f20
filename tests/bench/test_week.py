"""Days lived through with lengths that vary: waiting and overtime are counted, and planning real lengths helps."""

import json
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from scheduler.bench.week import WeekMeasured, live_through, measure_week
from scheduler.bench.week_draws import LengthClass, Week, drawn_week
from scheduler.cli import main


def make_week(*, chairs: int = 2, nurses: int = 2, minutes: int = 120) -> Week:
    return Week(
        name="small",
        chairs=chairs,
        nurses=nurses,
        patients_per_nurse=4,
        minutes=minutes,
        days=(),
    )


HOUR = LengthClass(nominal=60, mean=60, deviation=1e-6)
"""Visits that last as long as they are booked for."""


def test_who_finds_no_chair_waits_until_one_is_free() -> None:
    wait, overtime = live_through([(HOUR, 0), (HOUR, 0), (HOUR, 2)], make_week(), Random(1))

    assert round(wait, 3) == 10, "the third waits 30 minutes"
    assert round(overtime, 3) == 0


def test_who_finds_no_nurse_waits_for_her_first_quarter_hour() -> None:
    wait, _ = live_through([(HOUR, 0), (HOUR, 0)], make_week(nurses=1), Random(1))

    assert round(wait, 3) == 7.5


def test_overtime_is_what_is_left_after_closing() -> None:
    visits = [(HOUR, 0), (HOUR, 5), (HOUR, 9)]

    _, overtime = live_through(visits, make_week(), Random(1))

    assert round(overtime) == 15 + 60


def test_lengths_are_drawn_with_their_mean_and_within_bounds() -> None:
    kind, draw = LengthClass(nominal=60, mean=80, deviation=30), Random(3)

    drawn = [kind.drawn(draw) for _ in range(2000)]

    assert 77 < sum(drawn) / len(drawn) < 83
    assert min(drawn) >= 20
    assert max(drawn) <= 240


@pytest.mark.slow
def test_planning_what_visits_really_take_costs_less_overtime_than_nominal_lengths() -> None:
    found = {each.plan: each for each in measure_week(drawn_week(4, days=2), 1)}

    mine, plain = found["online, mean lengths"], found["online, nominal lengths"]
    again = found["re-plan, mean lengths"]
    assert mine.unplaced == again.unplaced == 0
    assert mine.wait_min < 2
    assert again.overtime_min < mine.overtime_min < plain.overtime_min


@pytest.mark.slow
def test_offers_keep_people_from_staying_late_at_no_higher_peak_than_leveling() -> None:
    weeks = [list(measure_week(drawn_week(seed, days=3), 4)) for seed in (2, 3, 4)]
    mine, leveled = (
        [each for week in weeks for each in week if each.plan == f"{plan}, nominal lengths"]
        for plan in ("online", "level")
    )

    assert sum(each.unplaced for each in mine) == 0
    pairs = list(zip(mine, leveled, strict=True))
    assert all(one.overtime_min < 0.9 * other.overtime_min for one, other in pairs)
    assert sum(one.peak_ratio - other.peak_ratio for one, other in pairs) <= 0


def test_a_file_is_measured_and_printed_as_one_object_a_line(tmp_path: Path) -> None:
    facts = {
        "open_min": 0,
        "close_min": 240,
        "chairs": 2,
        "nurses": 1,
        "seats_per_nurse": 4,
        "types_min": [30, 60],
        "days": [[2, 1]],
        "actual_duration_min": {"mean": [32, 62], "sd": [5, 5]},
        "proven": {"min_chairs_to_finish_by_600": [1]},
    }
    file = tmp_path / "days.json"
    file.write_text(json.dumps(facts), encoding="utf-8")

    result = CliRunner().invoke(main, ["bench", "week", "--json", "--instance", str(file)])

    assert result.exit_code == 0, result.output
    lines = [WeekMeasured(**json.loads(line)) for line in result.output.splitlines()]
    assert {(line.instance, line.unplaced) for line in lines} == {("days", 0)}
    assert {line.visits for line in lines} == {3, 9}
