"""Taking back a decision on a recalculation: dates as they were, and the question asked again."""

from collections.abc import Sequence
from datetime import date

from scheduler.domain.errors import UndoExpiredError
from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.plans import DoseState
from scheduler.persistence import plans as stored
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import PlannedDose, Recalculation, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.changes import Kept, id_of
from scheduler.services.recalculating import DATES, follow
from scheduler.services.tasks import settle_tasks
from scheduler.services.undoing import CHANGED_SINCE, Doing


def as_before(uow: UnitOfWork, plan: TreatmentPlan, row: Recalculation) -> list[Kept]:
    """Return what undo needs of a plan, before a decision changes it; ``decided`` completes it."""
    first: Kept = {"plan": plan.id.hex, "recalculation": row.id.hex, "keep_grid": plan.keep_grid}
    booked = stored.booked_doses(uow, [plan.id])
    doses = [
        _dates(dose)
        for dose in stored.doses_of(uow, plan.id)
        if dose.state is DoseState.PLANNED and dose.id in booked
    ]
    return [first, *doses]


def _dates(dose: PlannedDose) -> Kept:
    kept: Kept = {"dose": dose.id.hex}
    for name in DATES:
        if name != "not_before":  # the hard limit follows from what was given, whatever is decided
            kept[name] = _text(getattr(dose, name))
    return kept


def decided(plan: TreatmentPlan, before: list[Kept], state: str) -> list[Kept]:
    """Return what undo needs, with how the decision left the plan."""
    return [{**before[0], "version": plan.version, "state": state}, *before[1:]]


def ask_once_more(uow: UnitOfWork, before: Sequence[Kept], doing: Doing) -> None:
    """Put the dates of booked doses back, and let the plan ask again.

    Raises:
        UndoExpiredError: the plan was changed since.
    """
    plan = lock_plan(uow, PlanId(id_of(before[0]["plan"])))
    row = stored.recalculation(uow, PlanId(id_of(before[0]["recalculation"])))
    if row.state != before[0]["state"] or plan.version != before[0]["version"]:
        raise UndoExpiredError(CHANGED_SINCE)
    plan.keep_grid = str(before[0]["keep_grid"] or "")
    for one in before[1:]:
        dose = stored.dose(uow, DoseId(id_of(one["dose"])))
        if dose.state is DoseState.PLANNED:
            for name in DATES:
                if name in one:
                    value = one[name]
                    setattr(dose, name, date.fromisoformat(str(value)) if value else None)
        settle_tasks(
            uow,
            TaskKind.REBOOK,
            dose.id,
            TaskOutcome.NOT_NEEDED,
            now=doing.now,
            actor=doing.actor,
        )
    row.state = "taken back"
    uow.session.flush()
    follow(uow, plan, cause=row.cause, now=doing.now, actor=doing.actor)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
