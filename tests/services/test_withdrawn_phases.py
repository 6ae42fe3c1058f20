"""A phase that was asked for can be taken back: at once, or later as long as no dose of it was given."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from scheduler.domain.errors import (
    InvalidError,
    NotAllowedError,
    StaleError,
    UndoExpiredError,
)
from scheduler.domain.plan_life import PlanChangeKind
from scheduler.domain.roles import Role
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.services.patient_page import patient_page
from scheduler.services.plan_changes import PlanChange, change_plan
from scheduler.services.plan_corrections import correct_plan_change
from scheduler.services.raising import raise_due
from scheduler.services.withdrawn_phases import (
    WithdrawPhase,
    withdraw_phase,
)
from scheduler.services.worklist import worklist
from tests.factories.people import NOW, make_actor, make_visit
from tests.factories.phase_scene import (
    ENDED,
    GIVEN,
    LATER,
    PLANNED,
    ask,
    is_sound,
    states,
    take_back,
    withdraw,
)
from tests.factories.plan_scene import at
from tests.factories.series_place import (
    ALL_HANDS,
    FIRST,
    Place,
    cycle_given,
    make_weighed_place,
)


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Place:
    return make_weighed_place(database, tmp_path)


def test_its_doses_end_and_it_can_be_asked_for_again(place: Place) -> None:
    plan_id = cycle_given(place)
    ask(place, plan_id)
    laid_out = place.rows(plan_id)

    withdraw(place, plan_id)
    assert states(place, plan_id) == [GIVEN] * 4 + [ENDED] * 4
    is_sound(place)

    ask(place, plan_id)
    assert place.rows(plan_id) == laid_out
    is_sound(place)


def test_the_page_shows_from_when_it_may_begin_as_if_it_had_not_been_asked_for(
    place: Place,
) -> None:
    plan_id = cycle_given(place)

    def waiting() -> object:
        with place.uow:
            return patient_page(place.uow, place.patient_id).plans[0].waiting

    before = waiting()
    ask(place, plan_id)
    withdraw(place, plan_id)

    assert waiting() == before


def test_of_several_cycles_only_the_last_goes(place: Place) -> None:
    plan_id = cycle_given(place)
    ask(place, plan_id)
    once = place.rows(plan_id)
    ask(place, plan_id)

    withdraw(place, plan_id)

    assert place.rows(plan_id)[:8] == once
    assert states(place, plan_id)[8:] == [ENDED] * 4
    is_sound(place)


def test_an_interval_gives_way_to_the_one_before(place: Place) -> None:
    plan_id = place.plan("natalizumab-iv")
    place.give(plan_id, 1, FIRST)
    place.give(plan_id, 2, date(2026, 4, 20))
    before = place.rows(plan_id)
    ask(place, plan_id, "extended")
    assert place.rows(plan_id)[2:5] != before[2:5]

    withdraw(place, plan_id)

    assert place.rows(plan_id)[: len(before)] == before
    is_sound(place)


def test_infusions_end_where_a_phase_at_home_takes_over_and_come_back_with_it_taken_back(
    place: Place,
) -> None:
    plan_id = place.plan("vedolizumab-iv")
    place.give(plan_id, 1, FIRST)
    before = place.rows(plan_id)

    ask(place, plan_id, "maintenance-sc")
    assert states(place, plan_id) == [GIVEN, PLANNED] + [ENDED] * (len(before) - 2)
    is_sound(place)

    withdraw(place, plan_id)
    assert place.rows(plan_id) == before
    is_sound(place)


@pytest.mark.slow
def test_asking_is_undone_within_half_a_minute_and_its_task_comes_back(place: Place) -> None:
    plan_id = cycle_given(place)
    raise_due(place.uow, now=at(LATER))
    ask(place, plan_id)
    assert [line for line in worklist(place.uow, place.center_id, today=LATER) if line.phase] == []

    take_back(place)

    assert states(place, plan_id) == [GIVEN] * 4 + [ENDED] * 4
    open_ones = [x for x in worklist(place.uow, place.center_id, today=LATER) if x.phase]
    assert [line.phase for line in open_ones] == ["next-cycle"]
    is_sound(place)


def test_asking_is_not_undone_later_nor_once_a_dose_of_it_is_booked(place: Place) -> None:
    plan_id = cycle_given(place)
    ask(place, plan_id)
    with pytest.raises(UndoExpiredError):
        take_back(place, timedelta(seconds=31))

    fifth = place.dose(plan_id, 5)
    make_visit(place.uow, fifth.id, at(fifth.planned_on))
    with pytest.raises(UndoExpiredError, match="changed since"):
        take_back(place)
    assert states(place, plan_id)[4:] == [PLANNED] * 4


def test_what_ended_with_a_phase_stays_so_when_the_end_of_the_plan_is_corrected(
    place: Place,
) -> None:
    plan_id = cycle_given(place)
    ask(place, plan_id)
    withdraw(place, plan_id)
    stop = PlanChange(plan_id=plan_id, kind=PlanChangeKind.STOP, reason="Moved away")
    change_plan(place.uow, stop, now=at(LATER), actor=ALL_HANDS)

    correct_plan_change(place.uow, plan_id, reason="No", now=at(LATER), actor=ALL_HANDS)

    assert states(place, plan_id)[4:] == [ENDED] * 4
    is_sound(place)


def test_a_phase_of_which_a_dose_was_given_stays(place: Place) -> None:
    plan_id = cycle_given(place)
    ask(place, plan_id)
    place.give(plan_id, 5, place.dose(plan_id, 5).planned_on)

    with pytest.raises(InvalidError, match="given already"):
        withdraw(place, plan_id)


def test_a_form_that_somebody_overtook_a_missing_reason_and_a_missing_right_are_refused(
    place: Place,
) -> None:
    plan_id = cycle_given(place)
    with pytest.raises(InvalidError, match="no phase that was asked for"):
        withdraw(place, plan_id)
    ask(place, plan_id)
    with place.uow:
        seen = stored.plan(place.uow, plan_id).version
    ask(place, plan_id)

    with pytest.raises(StaleError):
        withdraw(place, plan_id, version=seen)
    with pytest.raises(InvalidError, match="Say who said so"):
        withdraw(place, plan_id, reason=" ")
    request = WithdrawPhase(plan_id=plan_id, reason="x")
    with pytest.raises(NotAllowedError):
        withdraw_phase(place.uow, request, now=NOW, actor=make_actor(Role.FRONT_DESK))
    assert states(place, plan_id)[4:] == [PLANNED] * 8
