"""A natalizumab plan with one authorized visit, for tests of what a prior authorization does to bookings."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import AppointmentId, DoseId, PlanId
from scheduler.domain.people import OrganizationMode, TaskKind
from scheduler.domain.plans import AuthorizationStatus
from scheduler.domain.roles import Role
from scheduler.persistence import appointments
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.tasks import open_of_patient
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorizations import RecordAuthorization, record_authorization
from scheduler.services.authorized import (
    BookingRules,
    Unauthorized,
    choose_booking_rules,
)
from scheduler.services.booking import (
    BookDose,
    book_dose,
)
from scheduler.services.setup import setup_center
from tests.factories.people import (
    NOW,
    make_actor,
    make_patient,
    make_plan,
    make_regimens,
)
from tests.factories.setup import make_setup_request

FIRST = date(2026, 3, 23)
DESK = make_actor()


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A natalizumab plan with one authorized visit, at an open center."""

    uow: UnitOfWork
    plan_id: PlanId
    authorization_id: PlanId
    doses: tuple[DoseId, ...]

    def book(self, number: int = 0, day: date | None = None) -> AppointmentId:
        """Book a dose at ten."""
        start = day or FIRST + timedelta(weeks=4 * number)
        wanted = BookDose(dose_id=self.doses[number], day=start, start=time(10))
        return book_dose(self.uow, wanted, now=NOW, actor=DESK).id

    def status(self, visit: AppointmentId) -> AppointmentStatus:
        """Return how a visit stands."""
        with self.uow:
            return appointments.appointment(self.uow, visit).status

    def choose(self, rule: Unauthorized) -> None:
        """Choose what a booking without an authorization is."""
        rules = BookingRules(unauthorized=rule, second_approval=False)
        choose_booking_rules(self.uow, rules, now=NOW, actor=make_actor(Role.MANAGER))

    def approve(self, visits: int, until: date | None = None) -> None:
        """Record how many visits are authorized."""
        wanted = RecordAuthorization(
            plan_id=self.plan_id,
            authorization_id=self.authorization_id,
            status=AuthorizationStatus.APPROVED,
            visits=visits,
            until_day=until,
        )
        record_authorization(self.uow, wanted, now=NOW, actor=DESK)


def make_authorized(database: Database) -> Scene:
    """Return the scene at NOW."""
    make_regimens(database)
    request = make_setup_request(mode=OrganizationMode.DEMONSTRATION)
    made = setup_center(database.system(), request, now=NOW)
    uow = database.write(made.organization_id)
    plan_id = make_plan(uow, make_patient(uow), made.center_id)
    wanted = RecordAuthorization(plan_id=plan_id, status=AuthorizationStatus.APPROVED, visits=1)
    row_id = record_authorization(uow, wanted, now=NOW, actor=DESK)
    with uow:
        doses = tuple(row.id for row in stored.doses_of(uow, plan_id))
    return Scene(uow=uow, plan_id=plan_id, authorization_id=row_id, doses=doses)


def calls(scene: Scene) -> list[str]:
    """Return what the open phone tasks say."""
    with scene.uow:
        rows = open_of_patient(scene.uow, stored.plan(scene.uow, scene.plan_id).patient_id)
        return [row.detail for row in rows if row.kind is TaskKind.PHONE]
