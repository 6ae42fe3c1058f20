"""A clinic day written row by row, for what only reads it."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import AppointmentId, CenterId, PatientId
from scheduler.domain.plans import OrderKind, RequirementStatus
from scheduler.persistence.base import new_id
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    Chair,
    ClinicDay,
    Order,
    Patient,
    PlannedDose,
    RegimenVersion,
    Requirement,
    TreatmentPlan,
)
from scheduler.persistence.unit_of_work import UnitOfWork
from tests.factories.people import NOW

DAY = date(2026, 3, 17)
ZONE = ZoneInfo("America/New_York")
BODY = """
id = "NAME"
ingredient = "fictiomab"
title = "Fictiomab"
route = "IV"
regions = ["US"]
status = "draft"
label_date = "2026-01"
overhead = { basis = "policy", intake = 15, iv_start = 10, discharge = 5, turnover = 15 }
source = { schedule = "M" }

[[product]]
name = "Fictio"

[[phase]]
id = "maintenance"
kind = "maintenance"
anchor = "start"
every = "P4W"
window = { early = "P3D", late = "P7D", basis = "policy" }

[[visit]]
when = "1.."
premedication = 0
infusion = 60
observation = 0

[[requirement]]
id = "rems"
what = "enrolled"
before = "each"
"""
_numbers = count(1)


def moment(clock: str, day: date = DAY) -> datetime:
    """Return the instant of a wall time in New York."""
    return datetime.combine(day, time.fromisoformat(clock.zfill(5)), ZONE)


def make_stored_chairs(uow: UnitOfWork, center_id: CenterId, names: int = 2) -> list[int]:
    """Store chairs and return their keys."""
    with uow:
        rows = [
            Chair(id=new_id(), center_id=center_id, name=f"Chair {n}", position=n)
            for n in range(1, names + 1)
        ]
        uow.add(*rows)
        uow.session.flush()
        keys = [row.key for row in rows]
        uow.commit()
        return keys


def make_clinic_day(uow: UnitOfWork, center_id: CenterId, **values: Any) -> ClinicDay:
    """Store an empty clinic day; only inside ``with uow``."""
    facts = {
        "day": DAY,
        "slot_minutes": 15,
        "first_slot": 450,
        "layout": "chairs",
        "occupancy": b"",
    }
    row = ClinicDay(center_id=center_id, **facts | values)
    uow.add(row)
    uow.session.flush()
    return row


def make_plan(uow: UnitOfWork, center_id: CenterId, patient: PatientId) -> TreatmentPlan:
    """Store a regimen, an order and a plan; only inside ``with uow``."""
    name = f"fictional-{next(_numbers)}"
    version = RegimenVersion(
        regimen=name, version=1, digest="d", body=BODY.replace("NAME", name), loaded_at=NOW
    )
    uow.session.add(version)
    uow.session.flush()
    shared = {"patient_id": patient, "center_id": center_id, "regimen_version_id": version.id}
    order = Order(
        product="Fictio",
        kind=OrderKind.NEW_START,
        signed_on=DAY,
        valid_until=DAY,
        created_at=NOW,
        **shared,
    )
    uow.add(order)
    uow.session.flush()
    days = {"first_day": DAY, "until": DAY, "created_at": NOW}
    plan = TreatmentPlan(order_id=order.id, ingredient="fictiomab", **days, **shared)
    uow.add(plan)
    uow.session.flush()
    return plan


MINUTES = {
    "intake": 15,
    "iv_start": 10,
    "premedication": 0,
    "infusion": 60,
    "observation": 30,
    "discharge": 5,
    "turnover": 15,
}


def make_dose(uow: UnitOfWork, center_id: CenterId, patient: PatientId) -> PlannedDose:
    """Store a plan and its fifth dose; only inside ``with uow``."""
    dose = PlannedDose(
        plan_id=make_plan(uow, center_id, patient).id,
        patient_id=patient,
        ordinal=5,
        phase="maintenance",
        due_on=DAY,
        earliest=DAY,
        latest=DAY + timedelta(days=7),
        amount=600,
        **MINUTES,
    )
    uow.add(dose)
    uow.session.flush()
    return dose


def make_stored_visit(
    uow: UnitOfWork,
    day: ClinicDay,
    chair_key: int,
    patient: PatientId,
    *,
    times: tuple[str, str] = ("9:00", "11:00"),
    requirement: RequirementStatus | None = None,
    **values: Any,
) -> AppointmentId:
    """Store a visit with one dose; only inside ``with uow``."""
    dose = make_dose(uow, day.center_id, patient)
    facts: dict[str, Any] = {"status": AppointmentStatus.BOOKED} | values
    visit = Appointment(
        center_id=day.center_id,
        clinic_day_id=day.id,
        patient_id=patient,
        patient_key=uow.session.get_one(Patient, patient).key,
        chair_key=chair_key,
        **span(*times),
        footprint="",
        booked_at=NOW,
        live=facts["status"].live,
        **facts,
    )
    uow.add(visit)
    uow.session.flush()
    uow.add(AppointmentItem(appointment_id=visit.id, dose_id=dose.id, live=visit.live))
    uow.add(*([make_requirement(dose, requirement)] if requirement else []))
    return visit.id


def span(starts: str, ends: str) -> dict[str, datetime]:
    """Return the instants of a visit with a quarter hour of cleaning after it."""
    return {
        "starts_at": moment(starts),
        "ends_at": moment(ends),
        "chair_free_at": moment(ends) + timedelta(minutes=15),
    }


def make_requirement(dose: PlannedDose, status: RequirementStatus) -> Requirement:
    """Return a REMS requirement of the dose's plan."""
    return Requirement(
        patient_id=dose.patient_id,
        plan_id=dose.plan_id,
        code="rems",
        status=status,
        changed_at=NOW,
    )
