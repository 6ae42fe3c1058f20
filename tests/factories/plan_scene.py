"""A natalizumab plan with its first dose booked, for tests of what follows from a dose."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from scheduler.domain.ids import AppointmentId, DoseId, PlanId
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.roles import Role
from scheduler.domain.timing import Instant
from scheduler.persistence import given as given_rows
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.attendance import (
    CorrectGiven,
    Discharge,
    DischargeResult,
    DoseOutcome,
    correct_given,
    discharge,
)
from tests.factories.people import (
    make_actor,
    make_hours,
    make_organization,
    make_patient,
    make_plain_center,
    make_plan,
    make_regimens,
    make_visit,
)

NURSE = make_actor(Role.NURSE)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A natalizumab plan of 26 doses from March 23, 2026, with the first dose booked that day."""

    uow: UnitOfWork
    plan_id: PlanId
    visit_id: AppointmentId
    doses: tuple[DoseId, ...]

    def due(self) -> list[date]:
        """Return the due days as stored."""
        with self.uow:
            return [row.due_on for row in stored.doses_of(self.uow, self.plan_id)]


def at(day: date, hour: int = 14) -> Instant:
    """Return an instant of a clinic day: 14 UTC is 10:00 in New York."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


FIRST = date(2026, 3, 23)


def make_scene(database: Database) -> Scene:
    """Return a plan whose first dose is booked."""
    make_regimens(database)
    uow = database.write(make_organization(database))
    center_id = make_plain_center(uow)
    make_hours(uow, center_id)
    plan_id = make_plan(uow, make_patient(uow), center_id)
    with uow:
        doses = tuple(row.id for row in stored.doses_of(uow, plan_id))
    visit_id = make_visit(uow, doses[0], at(FIRST))
    return Scene(uow=uow, plan_id=plan_id, visit_id=visit_id, doses=doses)


def give(
    scene: Scene,
    number: int = 0,
    *,
    visit_id: AppointmentId | None = None,
    now: Instant | None = None,
    **outcome: object,
) -> DischargeResult:
    """Discharge a visit of the scene with one outcome."""
    request = Discharge(
        appointment_id=visit_id or scene.visit_id,
        outcomes=(DoseOutcome(dose_id=scene.doses[number], **outcome),),  # type: ignore[arg-type]
    )
    return discharge(scene.uow, request, now=now or at(FIRST, 16), actor=NURSE)


def correct_day(scene: Scene, day: date) -> DischargeResult:
    """Correct the day on which the first dose was given."""
    with scene.uow:
        plan = stored.plan(scene.uow, scene.plan_id)
        wrong = given_rows.given_to(scene.uow, plan.patient_id)[0].id
    request = CorrectGiven(
        given_id=wrong, outcome=GivenOutcome.FULL, given_on=day, why="Entered under the wrong day"
    )
    return correct_given(scene.uow, request, now=at(FIRST + timedelta(days=1)), actor=NURSE)
