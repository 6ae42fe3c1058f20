"""Lifetime limits per m2 count what was really given; a gap is as long as the center reads it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from scheduler.domain.doses import OrderFacts
from scheduler.domain.ids import CenterId, PatientId, PlanId
from scheduler.domain.limits import given_per_m2
from scheduler.domain.people import OrganizationMode
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.roles import Role
from scheduler.persistence import given as given_rows
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.attendance import CorrectGiven, Discharge, DoseOutcome, correct_given
from scheduler.services.attendance import discharge as discharge_visit
from scheduler.services.floors import floor_of, regimen_in_force
from scheduler.services.measures import MeasureKind, RecordMeasure, record_measure
from scheduler.services.orders import EarlierDose
from scheduler.services.plan_facts import facts_of
from scheduler.services.regimen_approval import ChooseReading, choose
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
    version_of,
)
from tests.factories.plan_scene import FIRST, NURSE, at

BEFORE = OrderFacts(first_day=FIRST, prior_amount=Decimal(100))
Place = tuple[UnitOfWork, PatientId, CenterId]


@pytest.fixture
def place(database: Database) -> Place:
    """Return a demonstration center with a patient of 2.00 m2."""
    make_regimens(database)
    uow = database.write(make_organization(database, mode=OrganizationMode.DEMONSTRATION))
    center_id = make_plain_center(uow)
    make_hours(uow, center_id)
    patient_id = make_patient(uow)
    for kind, value in ((MeasureKind.WEIGHT, 80), (MeasureKind.HEIGHT, 180)):
        measure = RecordMeasure(
            patient_id=patient_id, kind=kind, value=Decimal(value), measured_on=NOW.date()
        )
        record_measure(uow, measure, now=NOW, actor=make_actor())
    return uow, patient_id, center_id


def given_in_part(place: Place) -> PlanId:
    """Give 20 mg of the first dose of mitoxantrone; return its plan."""
    uow, patient_id, center_id = place
    plan_id = make_plan(
        uow, patient_id, center_id, regimen="mitoxantrone-iv", prior_amount=Decimal(100)
    )
    with uow:
        dose_id = stored.doses_of(uow, plan_id)[0].id
    visit_id = make_visit(uow, dose_id, at(FIRST))
    part = DoseOutcome(
        dose_id=dose_id, outcome=GivenOutcome.PART, amount=Decimal(20), reason="Stopped."
    )
    request = Discharge(appointment_id=visit_id, outcomes=(part,))
    discharge_visit(uow, request, now=at(FIRST, 16), actor=NURSE)
    return plan_id


def test_a_lifetime_total_counts_what_was_really_given(place: Place) -> None:
    uow, patient_id, _ = place

    plan_id = given_in_part(place)

    with uow:
        row = given_rows.given_to(uow, patient_id, "mitoxantrone")[-1]
        facts = facts_of(uow, stored.plan(uow, plan_id), stored.doses_of(uow, plan_id))
        assert row.per_m2 == Decimal(10)
        assert given_per_m2(facts, BEFORE) == Decimal(110)


def test_a_corrected_amount_counts_instead_of_the_old_one(place: Place) -> None:
    uow, patient_id, _ = place
    given_in_part(place)
    with uow:
        given_id = given_rows.given_to(uow, patient_id, "mitoxantrone")[-1].id
    correction = CorrectGiven(
        given_id=given_id,
        outcome=GivenOutcome.PART,
        given_on=FIRST,
        amount=Decimal(12),
        reason="Stopped.",
        why="Read from the wrong line.",
    )

    correct_given(uow, correction, now=at(FIRST, 17), actor=make_actor())

    with uow:
        assert given_rows.given_to(uow, patient_id, "mitoxantrone")[-1].per_m2 == Decimal(6)


def test_a_gap_from_another_plan_is_as_long_as_the_center_reads_it(place: Place) -> None:
    uow, patient_id, center_id = place
    choice = ChooseReading(
        version_id=version_of(uow, "efgartigimod-iv"), name="cycle_floor", value="superseded"
    )
    choose(uow, choice, now=NOW, actor=make_actor(Role.PHARMACIST))
    given_on = NOW.date() - timedelta(days=6)
    plan_id = make_plan(uow, patient_id, center_id, regimen="efgartigimod-iv")
    make_plan(
        uow,
        patient_id,
        center_id,
        regimen="efgartigimod-iv",
        second_plan=True,
        earlier=(EarlierDose(day=given_on, amount=Decimal(800)),),
    )

    with uow:
        plan = stored.plan(uow, plan_id)
        dose = stored.doses_of(uow, plan_id)[0]
        dose.phase = next(p.id for p in regimen_in_force(uow, plan).phases if p.min_gap)
        floor = floor_of(uow, plan, dose)

    assert floor is not None
    assert floor.day == given_on + timedelta(days=50)
