"""Changing planned days together, once a charge nurse has looked at them: nobody's booking moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.counting import counted
from scheduler.domain.errors import DomainError, InvalidError, UndoExpiredError
from scheduler.domain.hours import Closed
from scheduler.domain.ids import CenterId, ChangeId, DoseId
from scheduler.domain.plans import DoseState
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import plans
from scheduler.persistence.appointments import booked
from scheduler.persistence.look_ahead import lock_doses
from scheduler.persistence.models import PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import facts_of
from scheduler.services.changes import Kept, id_of, note_change
from scheduler.services.idempotency import answered, remember
from scheduler.services.undoing import CHANGED_SINCE, Doing
from scheduler.services.why_not import day_words


@dataclass(frozen=True, slots=True, kw_only=True)
class LeveledDose:
    """A dose as a person saw it, and its new planned day."""

    dose_id: DoseId
    version: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadDoses:
    """New planned days of doses that are not booked yet.

    Args:
        center_id: Whose doses.
        doses: The doses.
        idempotency_key: A second press with the same key is answered with the first.
    """

    center_id: CenterId
    doses: tuple[LeveledDose, ...]
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadRefusal:
    """Why a dose keeps its planned day, in a sentence."""

    dose_id: DoseId
    sentence: str


class SpreadRefusedError(DomainError):
    """Something changed since the proposal was made; nothing was changed."""

    def __init__(self, refused: Sequence[SpreadRefusal]) -> None:
        super().__init__(f"Nothing was changed: {counted(len(refused), 'dose')} cannot go there.")
        self.refused = tuple(refused)


def spread_doses(uow: UnitOfWork, request: SpreadDoses, *, now: Instant, actor: Actor) -> ChangeId:
    """Set the planned days of doses that are not booked yet; due days, windows and bookings stay.

    Offers and series start from the planned day, so that what is booked next levels the weeks.

    Raises:
        NotAllowedError: the role does not manage the center.
        InvalidError: no dose was chosen.
        SpreadRefusedError: a dose was booked, given or recalculated since; says which.
    """
    actor.require(Permission.MANAGE_CENTER)
    if not request.doses:
        raise InvalidError("Choose at least one dose.")
    with uow:
        known = answered(uow, request.idempotency_key, request)
        if known is not None:
            return ChangeId(id_of(known))
        rows = _checked(uow, request)
        before: list[Kept] = []
        for row, each in zip(rows, request.doses, strict=True):
            old = row.leveled_on.isoformat() if row.leveled_on else None
            before.append({"dose": row.id.hex, "leveled_on": old})
            _audit(uow, row, each.day, now=now, actor=actor)
            row.leveled_on = each.day
        uow.session.flush()
        kept = [{**one, "version": row.version} for one, row in zip(before, rows, strict=True)]
        words = f"{counted(len(rows), 'planned day')} changed."
        change_id = note_change(uow, "spread", words, kept, now=now, actor=actor)
        remember(uow, request.idempotency_key, request, change_id.hex, now=now)
        uow.commit()
        return change_id


def _checked(uow: UnitOfWork, request: SpreadDoses) -> list[PlannedDose]:
    """Return the doses, locked, when each may be planned on its new day.

    Raises:
        SpreadRefusedError: says for which not.
    """
    ids = [each.dose_id for each in request.doses]
    rows, at = lock_doses(uow, ids), booked(uow, ids)
    refused = [
        SpreadRefusal(dose_id=each.dose_id, sentence=sentence)
        for each in request.doses
        if (sentence := _refusal(uow, request, each, rows.get(each.dose_id), each.dose_id in at))
    ]
    if refused:
        raise SpreadRefusedError(refused)
    return [rows[each] for each in ids]


def _refusal(
    uow: UnitOfWork,
    request: SpreadDoses,
    each: LeveledDose,
    row: PlannedDose | None,
    is_booked: bool,  # noqa: FBT001 - a fact of the dose
) -> str:
    if row is None or plans.plan(uow, row.plan_id).center_id != request.center_id:
        return "There is no such dose here any more."
    if is_booked:
        return "It is booked by now."
    if row.state is not DoseState.PLANNED or row.version != each.version:
        return "It changed meanwhile: it was given, ended or planned anew."
    first = max(row.earliest, row.not_before or row.earliest)
    if not first <= each.day <= row.latest:
        return f"{day_words(each.day)} is outside {day_words(first)} to {day_words(row.latest)}."
    hours = facts_of(uow, request.center_id).hours(each.day)
    return f"{day_words(each.day)}: {hours.reason}." if isinstance(hours, Closed) else ""


def _audit(uow: UnitOfWork, row: PlannedDose, to: date, *, now: Instant, actor: Actor) -> None:
    before = row.planned_day
    uow.audit(
        actor,
        "planned day changed",
        "dose",
        row.id,
        at=now,
        patient_id=row.patient_id,
        before=before.isoformat() if before else "",
        after=to.isoformat(),
    )


def plan_as_before(uow: UnitOfWork, before: list[Kept], doing: Doing) -> None:
    """Give doses the planned days back that they had.

    Raises:
        UndoExpiredError: one of them changed since.
    """
    rows = lock_doses(uow, [DoseId(id_of(one["dose"])) for one in before])
    for one in before:
        row = rows.get(DoseId(id_of(one["dose"])))
        if row is None or row.version != one["version"]:
            raise UndoExpiredError(CHANGED_SINCE)
        old = one["leveled_on"]
        row.leveled_on = date.fromisoformat(str(old)) if old else None
        uow.audit(
            doing.actor,
            "planned day changed back",
            "dose",
            row.id,
            at=doing.now,
            patient_id=row.patient_id,
            after=str(old or ""),
        )
