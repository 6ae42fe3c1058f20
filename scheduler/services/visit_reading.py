"""One visit as other programs read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import AppointmentId, ChairId, DoseId, PatientId
from scheduler.domain.timing import Instant
from scheduler.persistence import appointments as stored
from scheduler.persistence.models import Appointment
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRead:
    """A visit; ``version`` goes with a move or a cancellation.

    Args:
        ends_at: What the patient is told.
        course_id: The first visit of its course, if it is a day of one.
    """

    id: AppointmentId
    patient_id: PatientId
    starts_at: Instant
    ends_at: Instant
    status: AppointmentStatus
    chair_id: ChairId
    chair: str
    course_id: AppointmentId | None
    dose_ids: tuple[DoseId, ...]
    version: int


def read_visit(uow: UnitOfWork, appointment_id: AppointmentId) -> VisitRead:
    """Return a visit.

    Raises:
        NotFoundError: not one of this organization.
    """
    with uow:
        row = stored.appointment(uow, appointment_id)
        items = stored.items(uow, [appointment_id])
        return visit_read(uow, row, [item.dose_id for item in items if item.dose_id])


def visit_read(uow: UnitOfWork, row: Appointment, dose_ids: Iterable[DoseId]) -> VisitRead:
    """Return a visit whose row and doses are at hand."""
    facts = facts_of(uow, row.center_id)
    chair = next(key for key, number in facts.key_of.items() if number == row.chair_key)
    return VisitRead(
        id=row.id,
        patient_id=row.patient_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=row.status,
        chair_id=chair,
        chair=facts.names[row.chair_key],
        course_id=row.course_id,
        dose_ids=tuple(dose_ids),
        version=row.version,
    )
