"""What a change to a visit owes the patient: called inside the change's own transaction."""

from scheduler.domain.ids import AppointmentId, PatientId, PlanId
from scheduler.domain.timing import Instant
from scheduler.persistence.models import Appointment
from scheduler.persistence.unit_of_work import UnitOfWork


def owe_booked(uow: UnitOfWork, appointment: Appointment, *, now: Instant) -> None:
    """Owe the confirmation of a new visit to each contact who is to be told."""


def owe_moved(uow: UnitOfWork, appointment: Appointment, *, now: Instant) -> None:
    """Owe the change if what the patient was told has changed; raise the notice revision then."""


def owe_cancelled(uow: UnitOfWork, appointment: Appointment, *, now: Instant) -> None:
    """Owe the cancellation to whoever was told of the visit, and void what is unsent."""


def void_unsent(
    uow: UnitOfWork,
    *,
    appointment_id: AppointmentId | None = None,
    plan_id: PlanId | None = None,
    patient_id: PatientId | None = None,
    why: str,
    now: Instant,
) -> int:
    """Void unsent messages of a visit, a plan or a patient, and return how many."""
    return 0
