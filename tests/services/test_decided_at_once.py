"""Two people act on one patient at the same moment: the second decides on what the first has stored."""

from datetime import date, time, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from scheduler.domain.appointments import AppointmentStatus, ItemKind
from scheduler.domain.errors import TooEarlyError
from scheduler.domain.ids import OrganizationId
from scheduler.domain.plan_life import PlanChangeKind
from scheduler.persistence.database import Database
from scheduler.persistence.models import Recalculation
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.attendance import Discharge, DoseOutcome, discharge
from scheduler.services.booking import (
    BookDose,
    BookOther,
    BookSeries,
    book_dose,
    book_other,
    book_series,
)
from scheduler.services.day_steps import opened
from scheduler.services.deciding import (
    apply_recalculation,
    keep_recalculation,
    open_recalculation,
)
from scheduler.services.extending import RecordElsewhere, record_elsewhere
from scheduler.services.plan_changes import PlanChange, change_plan
from scheduler.services.recalculating import RecalculationClosedError
from tests.factories.center import CenterMade, PlanMade, book, make_treatment, make_world, visits_of
from tests.factories.meanwhile import meanwhile
from tests.factories.people import NOW, make_actor, make_visit
from tests.factories.plan_scene import FIRST, NURSE, at, give, make_scene

LATE, DUE, TEN = date(2026, 4, 6), date(2026, 4, 20), time(10)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow)


@pytest.fixture
def plan(uow: UnitOfWork, center: CenterMade) -> PlanMade:
    return make_treatment(uow, center.id)


def second_dose(plan: PlanMade) -> BookDose:
    """Ask for the second dose on the day on which it is due as long as the first is given in time."""
    return BookDose(dose_id=plan.dose(2), day=DUE, start=TEN)


@pytest.mark.slow
def test_no_series_is_booked_for_a_plan_that_is_being_held(
    database: Database, organization: OrganizationId, plan: PlanMade, uow: UnitOfWork
) -> None:
    hold = PlanChange(
        plan_id=plan.id, kind=PlanChangeKind.HOLD, reason="Fever", review_on=date(2026, 6, 1)
    )
    series = BookSeries(plan_id=plan.id, until=date(2026, 5, 1))

    told = meanwhile(
        database,
        organization,
        lambda first: change_plan(first, hold, now=NOW, actor=make_actor()),
        lambda second: book_series(second, series, now=NOW, actor=make_actor()),
    )

    assert "on hold" in str(told)
    assert visits_of(uow) == []


@pytest.mark.slow
def test_no_dose_is_booked_too_soon_after_one_that_is_being_recorded(
    database: Database, organization: OrganizationId, plan: PlanMade, uow: UnitOfWork
) -> None:
    elsewhere = RecordElsewhere(plan_id=plan.id, dose_id=plan.dose(), day=LATE, place="Away")

    told = meanwhile(
        database,
        organization,
        lambda first: record_elsewhere(first, elsewhere, now=at(LATE), actor=make_actor()),
        lambda second: book_dose(second, second_dose(plan), now=at(LATE), actor=NURSE),
    )

    assert isinstance(told, TooEarlyError)
    assert visits_of(uow) == []


def test_no_dose_is_booked_too_soon_after_one_that_is_being_given(
    database: Database, organization: OrganizationId, plan: PlanMade, uow: UnitOfWork
) -> None:
    visit = book(uow, plan.dose(), LATE, "10:00", outside_window_reason="Was ill")
    over = Discharge(appointment_id=visit, outcomes=(DoseOutcome(dose_id=plan.dose()),))

    told = meanwhile(
        database,
        organization,
        lambda first: discharge(first, over, now=at(LATE, 20), actor=make_actor()),
        lambda second: book_dose(second, second_dose(plan), now=at(LATE, 20), actor=NURSE),
    )

    assert isinstance(told, TooEarlyError)
    assert len(visits_of(uow)) == 1


@pytest.mark.slow
def test_a_discharge_and_a_booking_of_the_same_patient_and_day_wait_for_each_other(
    database: Database,
    organization: OrganizationId,
    plan: PlanMade,
    uow: UnitOfWork,
    center: CenterMade,
) -> None:
    visit = book(uow, plan.dose(), LATE, "10:00", outside_window_reason="Was ill")
    over = Discharge(appointment_id=visit, outcomes=(DoseOutcome(dose_id=plan.dose()),))
    draw = BookOther(
        patient_id=plan.patient_id,
        center_id=center.id,
        starts_at=at(LATE, 19),
        kinds=(ItemKind.BLOOD_DRAW,),
    )

    told = meanwhile(
        database,
        organization,
        lambda first: opened(first, visit, None),
        lambda second: book_other(second, draw, now=at(LATE, 18), actor=NURSE),
        then=lambda first: discharge(first, over, now=at(LATE, 18), actor=NURSE),
    )

    assert told is None
    assert [row.status for row in visits_of(uow)] == [
        AppointmentStatus.FULFILLED,
        AppointmentStatus.BOOKED,
    ]


@pytest.mark.slow
def test_a_recalculation_is_decided_once(database: Database) -> None:
    scene = make_scene(database)
    give(scene)
    late = FIRST + timedelta(days=28 + 21)
    second = make_visit(scene.uow, scene.doses[1], at(late))
    make_visit(scene.uow, scene.doses[2], at(FIRST + timedelta(days=56)))
    give(scene, 1, visit_id=second, now=at(late, 16))
    asked = open_recalculation(scene.uow, scene.plan_id)
    assert asked is not None
    keep = partial(keep_recalculation, reason="Patient travels", now=at(late, 17), actor=NURSE)

    told = meanwhile(
        database,
        scene.uow.organization_id,
        lambda uow: apply_recalculation(uow, asked.id, now=at(late, 17), actor=NURSE),
        lambda uow: keep(uow, asked.id),
    )

    assert isinstance(told, RecalculationClosedError)
    with scene.uow as uow:
        assert uow.session.scalars(select(Recalculation.state)).one() == "applied"
