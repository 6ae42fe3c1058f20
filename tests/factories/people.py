"""Organizations, patients and contacts for tests, made through the services."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from scheduler.domain.ids import (
    AppointmentId,
    CenterId,
    ClinicDayId,
    DoseId,
    MessageId,
    OrganizationId,
    PatientId,
    PlanId,
    RegimenVersionId,
)
from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import Actor, ActorKind, Role
from scheduler.domain.timing import Instant
from scheduler.persistence.base import new_id
from scheduler.persistence.database import Database
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    Center,
    CenterHours,
    Chair,
    ClinicDay,
    Message,
    Organization,
    Patient,
    PlannedDose,
    RegimenVersion,
    TreatmentPlan,
)
from scheduler.persistence.patients import contacts_of
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.formulary_files import SHIPPED, regimen_in
from scheduler.services.orders import EnterOrder, enter_order
from scheduler.services.patients import AddPatient, add_patient
from scheduler.services.regimens import orderable

NOW = datetime(2026, 3, 17, 14, 0, tzinfo=UTC)
_numbers = count(1)


def make_actor(*roles: Role, name: str = "Pat Ortiz") -> Actor:
    """Return a member of staff with those roles; with all that treat patients when none is named."""
    everything = frozenset({Role.CHARGE_NURSE, Role.PHARMACIST, Role.MANAGER})
    return Actor(kind=ActorKind.STAFF, roles=frozenset(roles) or everything, name=name)


def make_organization(
    database: Database,
    *,
    mode: OrganizationMode = OrganizationMode.DEMONSTRATION,
    name: str = "Lakeside Infusion",
    now: Instant = NOW,
) -> OrganizationId:
    """Store an organization and return its id."""
    with database.system() as uow:
        row = Organization(name=name, mode=mode, created_at=now)
        uow.session.add(row)
        uow.commit()
        return row.id


def make_plain_center(uow: UnitOfWork, **values: Any) -> CenterId:
    """Store a center without hours, chairs or nurses and return its id."""
    with uow:
        row = Center(
            **{"name": "Lakeside", "neutral_name": "Lakeside", "zone": "America/New_York"} | values
        )
        uow.add(row)
        uow.commit()
        return row.id


def make_patient(
    uow: UnitOfWork, *, now: Instant = NOW, actor: Actor | None = None, **values: Any
) -> PatientId:
    """Add a patient and return the id; every one has another name and birth date."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "given_name": f"Ann{number}",
        "family_name": f"Sample{number}",
        "birth_date": date(1980, 1, 1 + number % 28),
        "confirmed": True,
    }
    return add_patient(uow, AddPatient(**facts | values), now=now, actor=actor or make_actor())


def make_hours(uow: UnitOfWork, center_id: CenterId) -> None:
    """Store Monday to Friday, 7:30 to 17:30."""
    with uow:
        for weekday in range(5):
            uow.add(
                CenterHours(
                    center_id=center_id,
                    effective_from=date(2000, 1, 1),
                    weekday=weekday,
                    opens=time(7, 30),
                    closes=time(17, 30),
                )
            )
        uow.commit()


def make_regimens(database: Database, now: Instant = NOW) -> None:
    """Store the shipped formulary as ``sync_formulary`` does, without reading it again for each test."""
    with database.system() as uow:
        known = set(uow.session.scalars(select(RegimenVersion.digest)))
        rows = [row | {"loaded_at": now} for row in _shipped() if row["digest"] not in known]
        if rows:
            uow.session.execute(insert(RegimenVersion), rows)
        uow.commit()


@cache
def _shipped() -> tuple[dict[str, Any], ...]:
    # the same ids for each test: a process parses a stored version once
    return tuple(_version_in(path) for path in sorted(SHIPPED.glob("*.toml")))


def _version_in(path: Path) -> dict[str, Any]:
    body, rule = path.read_text(encoding="utf-8"), regimen_in(path)
    return {
        "id": new_id(),
        "regimen": rule.id,
        "version": rule.version,
        "digest": hashlib.sha256(body.encode()).hexdigest(),
        "body": body,
    }


def version_of(uow: UnitOfWork, regimen: str) -> RegimenVersionId:
    """Return the newest version of a shipped regimen."""
    return next(line.version_id for line in orderable(uow) if line.id == regimen)


def order_for(
    uow: UnitOfWork,
    patient_id: PatientId,
    center_id: CenterId,
    *,
    regimen: str = "natalizumab-iv",
    **values: Any,
) -> EnterOrder:
    """Return an order for a patient: a new start of natalizumab on March 23, 2026."""
    facts: dict[str, Any] = {
        "patient_id": patient_id,
        "center_id": center_id,
        "regimen": version_of(uow, regimen),
        "first_day": date(2026, 3, 23),
        "prescriber": "Dr. Rivera",
        "signed_on": date(2026, 3, 16),
        "valid_until": date(2027, 3, 16),
    }
    if regimen == "natalizumab-iv":
        facts["product"] = "Tysabri"
    return EnterOrder(**facts | values)


def make_plan(
    uow: UnitOfWork,
    patient_id: PatientId,
    center_id: CenterId,
    *,
    now: Instant = NOW,
    **values: Any,
) -> PlanId:
    """Enter an order and return its plan."""
    request = order_for(uow, patient_id, center_id, **values)
    return enter_order(uow, request, now=now, actor=make_actor())


def make_visit(
    uow: UnitOfWork, dose_id: DoseId, starts_at: Instant, *, minutes: int = 120
) -> AppointmentId:
    """Store a visit for a dose, row by row, in a chair of its own."""
    with uow:
        dose = uow.session.get_one(PlannedDose, dose_id)
        plan = uow.session.get_one(TreatmentPlan, dose.plan_id)
        number = next(_numbers)
        chair = Chair(center_id=plan.center_id, name=f"Chair {number}", position=number)
        uow.add(chair)
        uow.session.flush()
        ends = starts_at + timedelta(minutes=minutes)
        visit = Appointment(
            center_id=plan.center_id,
            clinic_day_id=_clinic_day(uow, plan.center_id, starts_at.date()),
            patient_id=plan.patient_id,
            patient_key=uow.session.get_one(Patient, plan.patient_id).key,
            chair_key=chair.key,
            starts_at=starts_at,
            ends_at=ends,
            chair_free_at=ends + timedelta(minutes=15),
            footprint="",
            booked_at=NOW,
        )
        uow.add(visit)
        uow.session.flush()
        uow.add(AppointmentItem(appointment_id=visit.id, dose_id=dose_id))
        uow.commit()
        return visit.id


def _clinic_day(uow: UnitOfWork, center_id: CenterId, day: date) -> ClinicDayId:
    wanted = select(ClinicDay).where(ClinicDay.center_id == center_id, ClinicDay.day == day)
    row = uow.session.scalar(wanted)
    if row is None:
        row = ClinicDay(
            center_id=center_id, day=day, slot_minutes=15, first_slot=30, layout="", occupancy=b""
        )
        uow.add(row)
        uow.session.flush()
    return row.id


def make_message(
    uow: UnitOfWork, patient_id: PatientId, center_id: CenterId, **values: Any
) -> MessageId:
    """Store an owed message of the patient's first contact."""
    with uow:
        contact = contacts_of(uow, patient_id)[0]
        subject_id = values.get("appointment_id") or values.get("plan_id") or patient_id
        facts: dict[str, Any] = {
            "subject_kind": "visit",
            "subject_id": subject_id,
            "notice_revision": 1,
            "kind": "reminder",
            "contact_revision": 1,
            "language": "en",
            "level": contact.level,
            "send_after": NOW,
            "useful_until": NOW + timedelta(days=90),
            "created_at": NOW,
        }
        row = Message(
            patient_id=patient_id, contact_id=contact.id, center_id=center_id, **facts | values
        )
        uow.add(row)
        uow.commit()
        return row.id
