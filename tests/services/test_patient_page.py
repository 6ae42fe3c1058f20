"""A patient's page: everything on it, in a fixed number of queries."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import PatientId
from scheduler.domain.people import Viewed
from scheduler.domain.plans import DoseState, OrderKind
from scheduler.persistence import plans as stored
from scheduler.persistence.base import new_id
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.attendance import Discharge, DoseOutcome, discharge
from scheduler.services.contacts import ContactFacts
from scheduler.services.looks import note_look
from scheduler.services.orders import EarlierDose
from scheduler.services.patient_page import patient_page, record_of_patient
from tests.factories.people import (
    NOW,
    make_actor,
    make_hours,
    make_organization,
    make_patient,
    make_plain_center,
    make_plan,
    make_regimens,
    make_visit,
)

FIRST = datetime(2026, 3, 23, 14, tzinfo=UTC)


def prepared(database: Database) -> tuple[UnitOfWork, PatientId]:
    """Return a patient with a plan: the first dose given, the second booked."""
    make_regimens(database)
    uow = database.write(make_organization(database))
    center_id = make_plain_center(uow)
    make_hours(uow, center_id)
    patient_id = make_patient(uow, contact=ContactFacts(email="ann@example.org"))
    plan_id = make_plan(uow, patient_id, center_id)
    with uow:
        doses = [row.id for row in stored.doses_of(uow, plan_id)]
    visit_id = make_visit(uow, doses[0], FIRST)
    make_visit(uow, doses[1], FIRST + timedelta(days=28))
    done = Discharge(appointment_id=visit_id, outcomes=(DoseOutcome(dose_id=doses[0], lot="L-7"),))
    discharge(uow, done, now=FIRST + timedelta(hours=2), actor=make_actor())
    return uow, patient_id


def test_the_page_shows_given_booked_and_planned_doses(database: Database) -> None:
    uow, patient_id = prepared(database)
    note_look(uow, Viewed.PATIENT, patient_id, now=NOW, actor=make_actor(name="Robin Lee"))

    page = patient_page(uow, patient_id)

    plan = page.plans[0]
    first, second, third = plan.doses[:3]
    assert first.given is not None
    assert (first.given.lot, first.given.amount) == ("L-7", Decimal(300))
    assert second.booked is not None
    assert second.booked.day == (FIRST + timedelta(days=28)).date()
    assert (third.state, third.booked, third.given) == (DoseState.PLANNED, None, None)
    assert second.readiness is not None
    assert [need.code for need in second.readiness.missing] == [
        "rems",
        "rems-prescriber",
        "rems-site",
    ]
    assert plan.next_dose == second
    assert page.contacts[0].facts.email == "ann@example.org"
    assert [event.kind for event in plan.events] == ["entered"]
    assert record_of_patient(uow, patient_id)[0].actor_name == "Robin Lee"
    assert len(page.visits) == 2


def test_doses_from_elsewhere_are_shown_apart(database: Database) -> None:
    make_regimens(database)
    uow = database.write(make_organization(database))
    center_id = make_plain_center(uow)
    make_hours(uow, center_id)
    patient_id = make_patient(uow)
    earlier = (EarlierDose(day=NOW.date() - timedelta(days=25), place="City Hospital"),)
    make_plan(uow, patient_id, center_id, kind=OrderKind.CONTINUING, earlier=earlier)

    plan = patient_page(uow, patient_id).plans[0]

    assert [given.place for given in plan.earlier] == ["City Hospital"]


def test_the_page_takes_as_many_queries_for_three_plans_as_for_one(database: Database) -> None:
    uow, patient_id = prepared(database)

    def queries() -> int:
        seen: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        sa.event.listen(database.engine, "before_cursor_execute", note)
        patient_page(uow, patient_id)
        sa.event.remove(database.engine, "before_cursor_execute", note)
        return sum(statement.lstrip().startswith("SELECT") for statement in seen)

    one = queries()
    center_id = patient_page(uow, patient_id).plans[0].center_id
    for _ in range(2):
        make_plan(uow, patient_id, center_id, second_plan=True)

    assert queries() == one
    assert one < 25


def test_another_organizations_patient_is_not_found(database: Database) -> None:
    uow = database.read(make_organization(database))

    with pytest.raises(NotFoundError):
        patient_page(uow, PatientId(new_id()))
