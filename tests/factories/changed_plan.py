"""A patient with a plan, three booked visits and a message owed: what a change of the plan takes with it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import AppointmentId, DoseId, PatientId, PlanId
from scheduler.domain.plan_life import PlanChangeKind
from scheduler.domain.plans import PlanStatus
from scheduler.domain.roles import Role
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Appointment
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.contacts import ContactFacts
from scheduler.services.plan_changes import (
    PlanChange,
)
from tests.factories.people import (
    make_actor,
    make_hours,
    make_message,
    make_organization,
    make_patient,
    make_plain_center,
    make_plan,
    make_regimens,
    make_visit,
)

FIRST = datetime(2026, 3, 23, 14, tzinfo=UTC)
PHARMACIST = make_actor(Role.PHARMACIST)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A plan whose first three doses are booked, with an unsent message about the third visit."""

    uow: UnitOfWork
    patient_id: PatientId
    plan_id: PlanId
    doses: tuple[DoseId, ...]
    visits: tuple[AppointmentId, ...]

    def statuses(self) -> list[AppointmentStatus]:
        """Return the visits' statuses in order of time."""
        with self.uow:
            return [self.uow.session.get_one(Appointment, each).status for each in self.visits]

    def plan_status(self) -> PlanStatus:
        """Return where the plan stands."""
        with self.uow:
            return stored.plan(self.uow, self.plan_id).status

    def change(self, kind: PlanChangeKind, **values: object) -> PlanChange:
        """Return a change of the plan with a reason and a review day."""
        facts: dict[str, object] = {"reason": "Infection"}
        if kind is PlanChangeKind.HOLD:
            facts["review_on"] = date(2026, 4, 22)
        return PlanChange(plan_id=self.plan_id, kind=kind, **facts | values)  # type: ignore[arg-type]


def make_scene(database: Database) -> Scene:
    """Return the scene."""
    make_regimens(database)
    uow = database.write(make_organization(database))
    center_id = make_plain_center(uow)
    make_hours(uow, center_id)
    patient_id = make_patient(uow, contact=ContactFacts(email="ann@example.org"))
    plan_id = make_plan(uow, patient_id, center_id)
    with uow:
        doses = tuple(row.id for row in stored.doses_of(uow, plan_id))
    visits = tuple(make_visit(uow, doses[n], FIRST + timedelta(days=28 * n)) for n in range(3))
    make_message(uow, patient_id, center_id, appointment_id=visits[2], plan_id=plan_id)
    return Scene(uow=uow, patient_id=patient_id, plan_id=plan_id, doses=doses, visits=visits)
