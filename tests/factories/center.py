"""A center with hours, chairs, nurses and limits, and doses to book into it."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import select

from scheduler.domain.ids import (
    AppointmentId,
    CenterId,
    ChairId,
    DoseId,
    PatientId,
    PlanId,
    StaffId,
)
from scheduler.domain.people import ChairKind
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import Appointment, CenterLimits, Chair, NurseShift, PlannedDose
from scheduler.persistence.plans import doses_of
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.booking import BookDose, book_dose
from tests.factories.people import (
    NOW,
    make_actor,
    make_hours,
    make_patient,
    make_plain_center,
    make_plan,
    make_regimens,
)
from tests.factories.staff import make_staff

LONG_AGO = date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True)
class CenterMade:
    """A center and the ids of what it has."""

    id: CenterId
    chairs: tuple[ChairId, ...]
    chair_keys: tuple[int, ...]
    nurses: tuple[StaffId, ...]


def make_limits(uow: UnitOfWork, center_id: CenterId, **values: Any) -> None:
    """Store the limits of a center: four patients a nurse, hands on, unless said otherwise."""
    facts: dict[str, Any] = {"nurse_rule": "H", "patients_per_nurse": 4}
    with uow:
        uow.add(CenterLimits(center_id=center_id, effective_from=LONG_AGO, **facts | values))
        uow.commit()


def make_chair(uow: UnitOfWork, center_id: CenterId, number: int, **values: Any) -> Chair:
    """Store a chair."""
    with uow:
        row = Chair(center_id=center_id, name=f"Chair {number}", position=number, **values)
        uow.add(row)
        uow.commit()
        return row


def make_nurse(uow: UnitOfWork, center_id: CenterId, **values: Any) -> StaffId:
    """Store a nurse who is there Monday to Friday, 7:00 to 18:00, without lunch."""
    staff_id = make_staff(uow, center_id, Role.NURSE)
    facts = {"effective_from": LONG_AGO, "starts": time(7), "ends": time(18)} | values
    with uow:
        for weekday in range(5):
            uow.add(NurseShift(center_id=center_id, staff_id=staff_id, weekday=weekday, **facts))
        uow.commit()
    return staff_id


def make_center(
    uow: UnitOfWork, *, chairs: int = 4, nurses: int = 2, beds: int = 0, **limits: Any
) -> CenterMade:
    """Store a center that is open Monday to Friday, 7:30 to 17:30."""
    center_id = make_plain_center(uow)
    make_hours(uow, center_id)
    make_limits(uow, center_id, **limits)
    kinds = [ChairKind.BED] * beds + [ChairKind.CHAIR] * (chairs - beds)
    rows = [make_chair(uow, center_id, n, kind=kind) for n, kind in enumerate(kinds, 1)]
    staff = [make_nurse(uow, center_id) for _ in range(nurses)]
    return CenterMade(
        id=center_id,
        chairs=tuple(row.id for row in rows),
        chair_keys=tuple(row.key for row in rows),
        nurses=tuple(staff),
    )


@dataclass(frozen=True, kw_only=True)
class PlanMade:
    """A plan, its patient and its doses in order."""

    id: PlanId
    patient_id: PatientId
    doses: tuple[PlannedDose, ...]

    def dose(self, ordinal: int = 1) -> DoseId:
        """Return the id of a dose."""
        return next(row.id for row in self.doses if row.ordinal == ordinal)


def make_treatment(uow: UnitOfWork, center_id: CenterId, **values: Any) -> PlanMade:
    """Enter an order for a new patient; needs the formulary (``make_regimens``)."""
    patient = values.pop("patient", {})
    patient_id = values.pop("patient_id", None) or make_patient(uow, **patient)
    plan_id = make_plan(uow, patient_id, center_id, **values)
    with uow:
        doses = tuple(doses_of(uow, plan_id))
        uow.commit()
    return PlanMade(id=plan_id, patient_id=patient_id, doses=doses)


def make_world(database: Database, uow: UnitOfWork, **center: Any) -> CenterMade:
    """Load the formulary and store a center."""
    make_regimens(database)
    return make_center(uow, **center)


def visits_of(uow: UnitOfWork) -> list[Appointment]:
    """Return every stored visit, in order of start."""
    with uow:
        rows = list(uow.session.scalars(select(Appointment).order_by(Appointment.starts_at)))
        uow.commit()
    return rows


def book(uow: UnitOfWork, dose_id: DoseId, day: date, start: str, **values: Any) -> AppointmentId:
    """Book a dose as a person of every role."""
    now, actor = values.pop("now", NOW), values.pop("actor", make_actor())
    request = BookDose(dose_id=dose_id, day=day, start=time.fromisoformat(start), **values)
    return book_dose(uow, request, now=now, actor=actor).id
