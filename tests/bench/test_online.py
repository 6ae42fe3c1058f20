"""The harness books as plain counting does, and our offers are at least as good as the reference."""

import json
import random
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.bench.fill import Filled, measure_fill, measure_level
from scheduler.bench.instances import DayInstance, Requests, drawn_day, read_day
from scheduler.bench.online import book_online, desk, level
from scheduler.cli import main

SLOTS, PATIENTS = 40, 4


def make_small(seed: int = 1) -> DayInstance:
    """Return a day of 12 chairs that is asked for a little more than it holds."""
    drawn = drawn_day(50, first_seed=seed, seeds=1)
    return DayInstance(
        name="small",
        chairs=12,
        patients_per_nurse=PATIENTS,
        minutes=600,
        slot_minutes=15,
        days=drawn.days,
    )


def counted(requests: Requests, order: int, *, nurses: int, chairs: int, leveled: bool) -> int:
    """Return the slots that are booked under rule S, counted without any of our functions."""
    draw = random.Random(1000 * order + requests.seed)
    arrival = list(range(len(requests.slots)))
    draw.shuffle(arrival)
    wishes = [int(draw.triangular(0, 27, 8)) for _ in arrival]
    there, starts, booked = [0] * SLOTS, [0] * SLOTS, 0
    for index in arrival:
        length, wish = requests.slots[index], wishes[index]
        ranked = [
            (max(window), sum(window), start) if leveled else (abs(start - wish), start, start)
            for start in range(SLOTS - length + 1)
            if starts[start] < nurses
            and max(window := there[start : start + length]) < min(chairs, PATIENTS * nurses)
        ]
        if ranked:
            start = min(ranked)[2]
            starts[start] += 1
            booked += length
            for slot in range(start, start + length):
                there[slot] += 1
    return booked


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_harness_books_what_plain_counting_books(seed: int) -> None:
    instance = make_small(seed)
    limits = instance.limits("S", 4)

    for leveled, policy in ((False, desk), (True, level)):
        booked = book_online(instance.days[0], 2, limits, policy, offers=1, rule="S")
        assert booked.slots == counted(instance.days[0], 2, nurses=4, chairs=12, leveled=leveled)


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["S", "H"])
def test_our_first_offer_fills_a_day_at_least_as_well_as_the_reference(rule: str) -> None:
    nurses = {"S": 8, "H": 10}[rule]

    found = measure_fill(
        drawn_day(130, first_seed=50, seeds=2),
        rule=rule,
        nurses=nurses,
        offers=1,
        wish="known",
        orders=1,
    )

    assert found.mean_ratio > found.blend_ratio > found.desk_ratio
    assert found.minutes_from_wish <= found.blend_minutes + 2


@pytest.mark.slow
def test_our_offers_keep_a_day_as_level_as_the_reference() -> None:
    found = {
        each.policy: each
        for each in measure_level(drawn_day(90, first_seed=50, seeds=3), nurses=8, orders=1)
    }

    assert found["ours"].peak_ratio <= found["level"].peak_ratio < found["desk"].peak_ratio
    assert found["ours"].unplaced == 0


def test_a_file_is_measured_and_printed_as_one_object_a_line(tmp_path: Path) -> None:
    file = tmp_path / "two.json"
    seeds = {"7": {"durations_min": [60, 90, 240], "proven": {"fill_slots_S2": 26}}}
    facts = {"chairs": 2, "close_min": 600, "grid_min": 15, "seats_per_nurse": 4, "seeds": seeds}
    file.write_text(json.dumps(facts), encoding="utf-8")

    asked = ["bench", "fill", "--json", "--instance", str(file), "--nurses", "2", "--orders", "2"]
    result = CliRunner().invoke(main, asked)

    assert result.exit_code == 0, result.output
    (line,) = map(json.loads, result.output.splitlines())
    assert set(line) == {field.name for field in fields(Filled)}
    assert (line["instance"], line["seeds"], line["orders"]) == ("two", 1, 2)
    assert (line["mean_ratio"], line["placed"]) == (1.0, 6)
    assert read_day(file).days[0].slots == (4, 6, 16)
