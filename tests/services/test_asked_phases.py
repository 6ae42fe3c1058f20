"""A phase that waits for the prescriber is laid out when asked for: as the command does, and nothing is booked."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from scheduler.domain.errors import InvalidError, NotAllowedError
from scheduler.domain.ids import PlanId
from scheduler.domain.roles import Role
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.services.asked_phases import AskForPhase, ask_for_phase
from scheduler.services.measures import MeasureKind
from tests.factories.people import NOW, make_actor
from tests.factories.plan_scene import at
from tests.factories.series_place import ALL_HANDS, FIRST, Place, make_series_place

LATER = date(2026, 5, 4)


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Place:
    """Return a center without closures, and a patient of 70 kg."""
    place = make_series_place(database, tmp_path)
    place.measure(MeasureKind.WEIGHT, 70, NOW.date())
    return place


def ask(place: Place, plan_id: PlanId, phase: str, *, reason: str = "Dr. Rivera: relapse.") -> None:
    request = AskForPhase(plan_id=plan_id, phase=phase, reason=reason)
    ask_for_phase(place.uow, request, now=at(LATER), actor=ALL_HANDS)


def cycle_given(place: Place) -> tuple[PlanId, list[str]]:
    """Give the first cycle of efgartigimod; return its plan and what the command is told of it."""
    plan_id = place.plan("efgartigimod-iv")
    days = [place.dose(plan_id, n).planned_on for n in range(1, 5)]
    for n, day in enumerate(days, start=1):
        place.give(plan_id, n, day)
    return plan_id, [word for n, day in enumerate(days, 1) for word in ("--given", f"{n}={day}")]


def test_a_cycle_that_is_asked_for_is_laid_out_and_not_booked(place: Place) -> None:
    plan_id, given = cycle_given(place)

    ask(place, plan_id, "next-cycle")

    assert [row.ordinal for row in place.rows(plan_id)] == list(range(1, 9))
    place.is_like_series(plan_id, *given, "--weight", "70", "--phase", "next-cycle")
    with place.uow:
        booked = stored.booked_doses(place.uow, [plan_id])
    assert booked.keys().isdisjoint(row.id for row in place.rows(plan_id)[4:])


@pytest.mark.slow
def test_it_can_be_asked_for_again(place: Place) -> None:
    plan_id, _ = cycle_given(place)

    ask(place, plan_id, "next-cycle")
    ask(place, plan_id, "next-cycle")

    rows = place.rows(plan_id)
    assert [row.ordinal for row in rows] == list(range(1, 13))
    days = [date.fromisoformat(row.told["days"][0]) for row in rows]
    # the demonstration reads the gap as the superseded label does: 50 days from the first of the cycle before
    assert (days[8] - days[4]).days == 50


def test_an_interval_that_is_asked_for_takes_over_after_the_last_given_dose(place: Place) -> None:
    plan_id = place.plan("natalizumab-iv")
    place.give(plan_id, 1, FIRST)
    place.give(plan_id, 2, date(2026, 4, 20))

    ask(place, plan_id, "extended")

    days = [date.fromisoformat(row.told["days"][0]) for row in place.rows(plan_id)]
    assert [(later - sooner).days for sooner, later in pairwise(days[1:5])] == [42, 42, 42]


def test_what_does_not_wait_has_no_reason_or_may_not_is_refused(place: Place) -> None:
    plan_id, _ = cycle_given(place)

    with pytest.raises(InvalidError, match="does not wait"):
        ask(place, plan_id, "cycle")
    with pytest.raises(InvalidError, match="Say who asked"):
        ask(place, plan_id, "next-cycle", reason=" ")
    request = AskForPhase(plan_id=plan_id, phase="next-cycle", reason="x")
    with pytest.raises(NotAllowedError):
        ask_for_phase(place.uow, request, now=NOW, actor=make_actor(Role.FRONT_DESK))
