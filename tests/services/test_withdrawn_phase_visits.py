"""Visits of a phase that is taken back: those the plan has a place for stay, the others are cancelled."""

from datetime import date
from pathlib import Path

import pytest

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.persistence.database import Database
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.extending import extend_plans
from scheduler.services.raising import raise_due
from scheduler.services.withdrawn_phases import (
    WithdrawPhase,
    withdraw_phase,
    withdrawal_preview,
)
from scheduler.services.worklist import worklist
from tests.factories.people import make_visit
from tests.factories.phase_scene import (
    ENDED,
    LATER,
    PLANNED,
    ask,
    is_sound,
    status,
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


def test_a_booked_infusion_stays_where_a_phase_at_home_takes_over_and_somebody_is_asked(
    place: Place,
) -> None:
    plan_id = place.plan("vedolizumab-iv")
    place.give(plan_id, 1, FIRST)
    third = place.dose(plan_id, 3)
    visit = make_visit(place.uow, third.id, at(third.planned_on))

    ask(place, plan_id, "maintenance-sc")

    assert place.dose(plan_id, 3).state is PLANNED
    assert status(place, visit)[0] is AppointmentStatus.BOOKED
    about = [x for x in worklist(place.uow, place.center_id, today=LATER) if x.dose_id == third.id]
    assert ["no longer has it" in line.detail for line in about] == [True]
    assert [(x.appointment_id, x.visit_at) for x in about] == [(visit, at(third.planned_on))]
    is_sound(place)

    cancel = CancelAppointment(appointment_id=visit, reason=CancellationReason.PRESCRIBER)
    cancel_appointment(place.uow, cancel, now=at(FIRST, 17), actor=ALL_HANDS)
    extend_plans(place.uow, now=at(FIRST, 18))
    assert place.dose(plan_id, 3).state is ENDED
    left = worklist(place.uow, place.center_id, today=LATER)
    assert [x for x in left if x.dose_id == third.id] == []
    is_sound(place)


def test_its_visits_are_shown_and_then_cancelled_for_the_prescriber(place: Place) -> None:
    plan_id = cycle_given(place)
    ask(place, plan_id)
    fifth = place.dose(plan_id, 5)
    visit = make_visit(place.uow, fifth.id, at(fifth.planned_on))
    request = WithdrawPhase(plan_id=plan_id, reason="Dr. Rivera: well again.")

    shown = withdrawal_preview(place.uow, request, now=at(LATER))
    assert [one.appointment_id for one in shown.visits] == [visit]
    assert shown.doses == 4
    assert status(place, visit)[0] is AppointmentStatus.BOOKED

    done, _ = withdraw_phase(place.uow, request, now=at(LATER), actor=ALL_HANDS)
    assert done == shown
    assert status(place, visit) == (AppointmentStatus.CANCELLED, CancellationReason.PRESCRIBER)
    raise_due(place.uow, now=at(LATER))
    today = worklist(place.uow, place.center_id, today=LATER)
    assert [line for line in today if line.dose_id == fifth.id] == []


def test_a_visit_that_fits_the_plan_without_the_phase_stays(place: Place) -> None:
    """The monthly visit was booked before anybody asked for six weeks; it is the plan's own again."""
    plan_id = place.plan("natalizumab-iv")
    place.give(plan_id, 1, FIRST)
    place.give(plan_id, 2, date(2026, 4, 20))
    third = place.dose(plan_id, 3)
    visit = make_visit(place.uow, third.id, at(third.planned_on))
    before = place.rows(plan_id)
    ask(place, plan_id, "extended")
    request = WithdrawPhase(plan_id=plan_id, reason="Dr. Rivera: as before.")

    shown = withdrawal_preview(place.uow, request, now=at(LATER))
    withdraw(place, plan_id)

    assert shown.visits == ()
    assert status(place, visit)[0] is AppointmentStatus.BOOKED
    assert place.rows(plan_id)[: len(before)] == before
    is_sound(place)


def test_a_visit_of_the_phase_alone_goes_with_it(place: Place) -> None:
    plan_id = place.plan("natalizumab-iv")
    place.give(plan_id, 1, FIRST)
    place.give(plan_id, 2, date(2026, 4, 20))
    ask(place, plan_id, "extended")
    third = place.dose(plan_id, 3)
    visit = make_visit(place.uow, third.id, at(third.planned_on))

    withdraw(place, plan_id)

    assert status(place, visit) == (AppointmentStatus.CANCELLED, CancellationReason.PRESCRIBER)
    is_sound(place)


def test_undo_brings_doses_and_visits_back(place: Place) -> None:
    plan_id = cycle_given(place)
    ask(place, plan_id)
    fifth = place.dose(plan_id, 5)
    visit = make_visit(place.uow, fifth.id, at(fifth.planned_on))
    before = place.rows(plan_id)
    withdraw(place, plan_id)

    take_back(place)

    assert place.rows(plan_id) == before
    assert status(place, visit)[0] is AppointmentStatus.BOOKED
    is_sound(place)
