"""Visits that somebody is told about: stored row by row, with contacts made through the services."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.domain.ids import AppointmentId, CenterId, ContactId, OrganizationId, PatientId
from scheduler.domain.people import MailMode, OrganizationMode
from scheduler.domain.timing import Instant
from scheduler.messaging.mailer import Mailer, NullMailer
from scheduler.persistence import patients
from scheduler.persistence.database import Database
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    Center,
    ClinicDay,
    Contact,
    Message,
    Order,
    Patient,
    PlannedDose,
    RegimenVersion,
    Task,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.contacts import ContactFacts
from scheduler.services.messages import Sending
from scheduler.services.notices import owe_booked, owe_cancelled, owe_moved
from tests.factories.people import (
    NOW,
    make_organization,
    make_patient,
    make_plain_center,
    make_regimens,
)
from tests.factories.stored_day import make_clinic_day, make_dose, make_stored_chairs

NEEDS_NOTHING = "iron-sucrose-iv"
VISIT = datetime(2026, 3, 24, 14, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
BASE_URL = "https://visits.lakeside.example"
CENTER = {
    "address": "12 Shore Road",
    "phone_open": "(555) 010-0100",
    "mail_host": "visits.lakeside.example",
    "mail_from": "visits@lakeside.example",
}


@dataclass(kw_only=True)
class World:
    """An organization with one center, chairs, and a patient who has one contact."""

    database: Database
    organization_id: OrganizationId
    center_id: CenterId
    chairs: list[int]
    patient_id: PatientId

    @property
    def uow(self) -> UnitOfWork:
        """A new transaction of the organization."""
        return self.database.write(self.organization_id)

    def sending(self, mailer: Mailer | None = None, *, worker: str = "worker-a") -> Sending:
        """Return how its messages leave."""
        return Sending(
            new_uow=lambda: self.database.write(self.organization_id),
            mailer=mailer or NullMailer(),
            base_url=BASE_URL,
            worker=worker,
        )

    def log(self) -> list[tuple[str, str, str]]:
        """Return kind, status and outcome of every message, oldest first."""
        with self.uow as uow:
            rows = uow.session.query(Message).order_by(Message.created_at, Message.id).all()
            return [(row.kind, row.status, row.outcome) for row in rows]

    def calls(self) -> list[Task]:
        """Return the open tasks."""
        with self.uow as uow:
            rows = list(uow.session.query(Task).filter(Task.closed_at.is_(None)))
            uow.session.expunge_all()
            return rows

    def contact(self) -> Contact:
        """Return the patient's first contact."""
        with self.uow as uow:
            row = patients.contacts_of(uow, self.patient_id)[0]
            uow.session.expunge_all()
            return row

    def contact_id(self) -> ContactId:
        """Return the id of the patient's first contact."""
        return self.contact().id


def make_world(
    database: Database,
    *,
    contact: ContactFacts | None = None,
    mode: OrganizationMode = OrganizationMode.LIVE,
    mail_mode: MailMode = MailMode.LIVE,
    **patient: Any,
) -> World:
    """Store a center and a patient to be told by mail, unless told otherwise."""
    make_regimens(database)
    organization_id = make_organization(database, mode=mode)
    uow = database.write(organization_id)
    center_id = make_plain_center(uow, mail_mode=mail_mode, **CENTER)
    told = contact or ContactFacts(email="ann@example.org", phone="555 010 0199")
    return World(
        database=database,
        organization_id=organization_id,
        center_id=center_id,
        chairs=make_stored_chairs(uow, center_id, 3),
        patient_id=make_patient(uow, contact=told, **patient),
    )


def make_visit(
    uow: UnitOfWork,
    world: World,
    *,
    starts_at: datetime,
    minutes: int = 240,
    booked_at: Instant = NOW,
    patient_id: PatientId | None = None,
    chair: int = 0,
    **values: Any,
) -> Appointment:
    """Store a booked visit with one dose; only inside ``with uow``."""
    patient = patient_id or world.patient_id
    days = uow.session.query(ClinicDay).filter_by(day=starts_at.date()).all()
    day = days[0] if days else make_clinic_day(uow, world.center_id, day=starts_at.date())
    dose = make_dose(uow, world.center_id, patient)
    make_ready(uow, dose)
    ends_at = starts_at + timedelta(minutes=minutes)
    visit = Appointment(
        **{
            "center_id": world.center_id,
            "clinic_day_id": day.id,
            "patient_id": patient,
            "patient_key": uow.session.get_one(Patient, patient).key,
            "chair_key": world.chairs[chair],
            "starts_at": starts_at,
            "ends_at": ends_at,
            "chair_free_at": ends_at + timedelta(minutes=15),
            "footprint": "",
            "booked_at": booked_at,
            "status": AppointmentStatus.BOOKED,
            "notice_revision": 1,
            **values,
        }
    )
    uow.add(visit)
    uow.session.flush()
    uow.add(AppointmentItem(appointment_id=visit.id, dose_id=dose.id))
    uow.session.flush()
    return visit


def make_ready(uow: UnitOfWork, dose: PlannedDose) -> None:
    """Give the dose a regimen that needs nothing beforehand, and an order that holds; only inside ``with uow``."""
    plan = uow.session.get_one(TreatmentPlan, dose.plan_id)
    version = uow.session.query(RegimenVersion).filter_by(regimen=NEEDS_NOTHING).one()
    plan.regimen_version_id = version.id
    uow.session.get_one(Order, plan.order_id).valid_until = date(2027, 3, 1)


def visit_again(uow: UnitOfWork, visit_id: AppointmentId) -> Appointment:
    """Return a stored visit; only inside ``with uow``."""
    return uow.session.get_one(Appointment, visit_id)


def center_of(uow: UnitOfWork, world: World) -> Center:
    """Return the center; only inside ``with uow``."""
    return uow.session.get_one(Center, world.center_id)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return a wall time of March 2026 in New York (daylight saving time)."""
    return datetime(2026, 3, day, hour + 4, minute, tzinfo=UTC)


def booked(world: World, **values: Any) -> AppointmentId:
    """Book a visit and owe its confirmation."""
    with world.uow as uow:
        visit = make_visit(uow, world, **{"starts_at": VISIT} | values)
        owe_booked(uow, visit, now=NOW)
        uow.commit()
        return visit.id


def moved(world: World, visit_id: AppointmentId, starts_at: datetime, *, now: datetime) -> None:
    """Move a visit and owe the change."""
    with world.uow as uow:
        visit = visit_again(uow, visit_id)
        length = visit.ends_at - visit.starts_at
        visit.starts_at, visit.ends_at = starts_at, starts_at + length
        visit.chair_free_at = visit.ends_at
        owe_moved(uow, visit, now=now)
        uow.commit()


def cancelled(world: World, visit_id: AppointmentId, *, now: datetime) -> None:
    """Cancel a visit and owe the cancellation."""
    with world.uow as uow:
        visit = visit_again(uow, visit_id)
        visit.status, visit.live = AppointmentStatus.CANCELLED, False
        visit.cancellation = CancellationReason.PATIENT
        owe_cancelled(uow, visit, now=now)
        uow.commit()


def subject(mail: bytes) -> str:
    """Return the subject of a mail."""
    return str(message_from_bytes(mail, policy=default)["Subject"])
