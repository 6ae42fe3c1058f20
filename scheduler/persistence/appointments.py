"""Queries on appointments: one, a course, a patient's, and re-assigning chairs by parking."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import bindparam, insert, select, update

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import AppointmentId, CenterId, DoseId, ItemId, PatientId
from scheduler.domain.people import TaskKind
from scheduler.domain.timing import Instant
from scheduler.persistence.base import new_id
from scheduler.persistence.encryption import seal
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    Patient,
    PlannedDose,
    Task,
    TreatmentPlan,
)
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork

PARKED = 1
NAMES = frozenset(Appointment.__mapper__.column_attrs.keys())


def appointment(uow: UnitOfWork, appointment_id: AppointmentId) -> Appointment:
    """Return an appointment of the organization, as it is stored now.

    Raises:
        NotFoundError: there is none of that id here.
    """
    wanted = select(Appointment).where(Appointment.id == appointment_id)
    if uow.is_postgresql:
        wanted = wanted.execution_options(populate_existing=True)
    found = uow.session.scalar(wanted)
    if found is None:
        raise NotFoundError("visit")
    return found


DOSE_PLAN_PATIENT = kept(
    select(PlannedDose, TreatmentPlan, Patient)
    .join(TreatmentPlan, TreatmentPlan.id == PlannedDose.plan_id)
    .join(Patient, Patient.id == PlannedDose.patient_id)
    .where(PlannedDose.id == bindparam("dose_id"))
)


def dose_plan_patient(
    uow: UnitOfWork, dose_id: DoseId, *, again: bool = False
) -> tuple[PlannedDose, TreatmentPlan, Patient]:
    """Return a dose with its plan and patient, in one query; ``again``: as they are stored now.

    Raises:
        NotFoundError: there is no such dose here.
    """
    stored_now = {"populate_existing": again}
    asked = {"dose_id": dose_id}
    found = uow.session.execute(DOSE_PLAN_PATIENT, asked, execution_options=stored_now).first()
    if found is None:
        raise NotFoundError("dose")
    return found[0], found[1], found[2]


def add_series(uow: UnitOfWork, rows: Sequence[Appointment]) -> None:
    """Store new visits in one statement, faster than row by row; the session knows nothing of them.

    So who changed one of these objects afterwards would change nothing.
    """
    for row in rows:
        row.organization_id, row.version, row.notice_revision = uow.organization_id, 1, 1
    uow.session.execute(insert(Appointment), [_columns(row) for row in rows])


def _columns(row: Appointment) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name in NAMES}


def add_items(uow: UnitOfWork, items: Iterable[Mapping[str, object]]) -> None:
    """Store what live visits are for, in one statement; each has its values by column."""
    known = {"organization_id": uow.organization_id, "live": True}
    rows = [{**known, **_item(item)} for item in items]
    uow.session.execute(insert(AppointmentItem), rows)


def _item(values: Mapping[str, object]) -> dict[str, object]:
    plain, item_id = dict(values), new_id()
    words = str(plain.pop("words", ""))
    sealed = seal(words, table="appointment_item", column="words", id=item_id)
    return {"id": item_id, **plain, "words_sealed": sealed}


WANTED_BOOKINGS = kept(
    select(Task.kind, Task.subject_id).where(
        Task.subject_id.in_(bindparam("dose_ids", expanding=True)),
        Task.kind.in_((TaskKind.OVERDUE, TaskKind.REBOOK)),
        Task.closed_at.is_(None),
    )
)


def wanted_bookings(uow: UnitOfWork, dose_ids: Iterable[DoseId]) -> list[tuple[TaskKind, DoseId]]:
    """Return kind and dose of the open tasks that ask for a booking of these doses."""
    found = uow.session.execute(WANTED_BOOKINGS, {"dose_ids": list(dose_ids)})
    return [(kind, DoseId(subject)) for kind, subject in found]


def course(uow: UnitOfWork, course_id: AppointmentId) -> list[Appointment]:
    """Return all visits of a course, in order of start."""
    wanted = select(Appointment).where(Appointment.course_id == course_id)
    return list(uow.session.scalars(wanted.order_by(Appointment.starts_at)))


BOOKED = kept(
    select(AppointmentItem.dose_id, Appointment.starts_at)
    .join(Appointment, Appointment.id == AppointmentItem.appointment_id)
    .where(
        AppointmentItem.dose_id.in_(bindparam("dose_ids", expanding=True)),
        AppointmentItem.live,
        AppointmentItem.dropped_at.is_(None),
        AppointmentItem.appointment_id.notin_(bindparam("but", expanding=True)),
    )
)


def booked(
    uow: UnitOfWork, dose_ids: Iterable[DoseId], *, but: Iterable[AppointmentId] = ()
) -> dict[DoseId, Instant]:
    """Return when doses are booked, by dose; those on no live visit, or on ``but``, are left out."""
    found = uow.session.execute(BOOKED, {"dose_ids": list(dose_ids), "but": list(but)})
    return {dose: at for dose, at in found if dose is not None}


ITEMS = kept(
    select(AppointmentItem)
    .where(
        AppointmentItem.appointment_id.in_(bindparam("appointment_ids", expanding=True)),
        AppointmentItem.dropped_at.is_(None),
    )
    .order_by(AppointmentItem.id)
)


def items(uow: UnitOfWork, appointment_ids: Iterable[AppointmentId]) -> list[AppointmentItem]:
    """Return the items of visits that were not dropped, in order."""
    return list(uow.session.scalars(ITEMS, {"appointment_ids": list(appointment_ids)}))


def take_up(uow: UnitOfWork, item_ids: Iterable[ItemId]) -> None:
    """Put items that were dropped back on their visits."""
    wanted = update(AppointmentItem).where(AppointmentItem.id.in_(list(item_ids)))
    uow.session.execute(wanted.values(dropped_at=None))


def overlapping(
    uow: UnitOfWork, center_id: CenterId, begins: Instant, ends: Instant
) -> list[Appointment]:
    """Return the live visits of a center that start in a span, in order of start."""
    wanted = select(Appointment).where(
        Appointment.center_id == center_id,
        Appointment.live,
        Appointment.starts_at >= begins,
        Appointment.starts_at < ends,
    )
    return list(uow.session.scalars(wanted.order_by(Appointment.starts_at, Appointment.id)))


def park(uow: UnitOfWork, appointment_ids: Iterable[AppointmentId]) -> None:
    """Take visits out of their chairs; the transaction cannot be committed until all are reseated."""
    uow.session.flush()
    wanted = update(Appointment).where(Appointment.id.in_(list(appointment_ids)))
    uow.session.execute(wanted.values(parked=PARKED))


def reseat(uow: UnitOfWork, chairs: Mapping[AppointmentId, int]) -> None:
    """Put parked visits into chairs, by key."""
    for appointment_id, key in chairs.items():
        wanted = update(Appointment).where(Appointment.id == appointment_id)
        uow.session.execute(wanted.values(chair_key=key, parked=None))


LIVE_OF = kept(
    select(Appointment.id, Appointment.starts_at, Appointment.ends_at).where(
        Appointment.patient_id == bindparam("patient_id"),
        Appointment.live,
        Appointment.starts_at >= bindparam("first"),
        Appointment.starts_at <= bindparam("last"),
    )
)


def live_of(
    uow: UnitOfWork, patient_id: PatientId, first: Instant, last: Instant
) -> list[tuple[AppointmentId, Instant, Instant]]:
    """Return id, start and end of a patient's live visits that start in a span."""
    asked = {"patient_id": patient_id, "first": first, "last": last}
    return [(row.id, row.starts_at, row.ends_at) for row in uow.session.execute(LIVE_OF, asked)]


def by_id(uow: UnitOfWork, appointment_ids: Iterable[AppointmentId]) -> list[Appointment]:
    """Return appointments, in order of start; those that nobody has are left out."""
    wanted = select(Appointment).where(Appointment.id.in_(list(appointment_ids)))
    return list(uow.session.scalars(wanted.order_by(Appointment.starts_at, Appointment.id)))
