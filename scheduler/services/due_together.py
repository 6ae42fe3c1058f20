"""Several doses of a patient that are due together: one chair, one IV start, one message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.ids import AppointmentId, DoseId, PlanId
from scheduler.domain.plans import DoseState
from scheduler.persistence import appointments, plans
from scheduler.persistence.models import PlannedDose, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.bookable import Bookable, bookable


class NotTogetherError(InvalidError):
    """Doses that cannot share a visit."""

    field = "together"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTogether:
    """Another dose of the patient whose window has days in common."""

    dose_id: DoseId
    ingredient: str
    ordinal: int
    due_on: date


def bookable_together(
    uow: UnitOfWork,
    dose_id: DoseId,
    others: Sequence[DoseId],
    *,
    lock: bool = False,
    but: Sequence[AppointmentId] = (),
) -> Bookable:
    """Return what stands behind the booking of a dose, with others that share its visit.

    Args:
        uow: The unit of work.
        dose_id: The dose.
        others: The doses that share its visit.
        lock: As for ``bookable``.
        but: As for ``bookable``.

    Raises:
        NotTogetherError: another patient's or center's, a course, the same one twice, or no common day.
        NotFoundError, NotBookableError, AlreadyBookedError: as for each alone.
    """
    target = bookable(uow, dose_id, lock=lock, but=but)
    if not others:
        return target
    found = tuple(bookable(uow, other, but=but) for other in others)
    both = replace(target, others=found)
    if len({dose.id for dose in both.shared}) <= len(others):
        raise NotTogetherError("A dose is named twice.")
    if any((f.patient.id, f.center_id) != (target.patient.id, target.center_id) for f in found):
        raise NotTogetherError("Only doses of one patient at one center share a visit.")
    if any(len(each.doses) > 1 for each in (target, *found)):
        raise NotTogetherError("A course of several days is booked by itself.")
    if both.earliest > both.latest:
        raise NotTogetherError("The windows of these doses have no day in common.")
    return both


def due_together(uow: UnitOfWork, dose_id: DoseId) -> tuple[DueTogether, ...]:
    """Return the patient's other doses that could share the visit, by due day; one of each plan."""
    with uow:
        try:
            target = bookable(uow, dose_id)
        except DomainError:
            return ()
        running = plans.running_plans(uow, target.patient.id)
        mine = {plan.id: plan for plan in running if plan.id != target.plan.id}
        rows = plans.doses_of(uow, *mine)
        taken = appointments.booked(uow, [row.id for row in rows])
        fitting = [row for row in rows if row.id not in taken and _fits(row, target)]
        return tuple(_line(row, mine) for row in _first_of_each(fitting))


def _fits(row: PlannedDose, target: Bookable) -> bool:
    common = max(row.earliest, target.earliest) <= min(row.latest, target.latest)
    single = row.course is None and target.first.course is None
    return common and single and row.state is DoseState.PLANNED


def _first_of_each(rows: Sequence[PlannedDose]) -> list[PlannedDose]:
    first = {row.plan_id: row for row in reversed(rows)}
    return sorted(first.values(), key=lambda row: row.due_on)


def _line(row: PlannedDose, mine: Mapping[PlanId, TreatmentPlan]) -> DueTogether:
    return DueTogether(
        dose_id=row.id,
        ingredient=mine[row.plan_id].ingredient,
        ordinal=row.ordinal,
        due_on=row.due_on,
    )
