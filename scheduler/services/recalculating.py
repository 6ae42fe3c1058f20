"""What happened changes the rest of a plan: unbooked doses follow at once, booked ones ask a person."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduler.domain import doses as engine
from scheduler.domain.counting import counted
from scheduler.domain.errors import DomainError
from scheduler.domain.ids import AppointmentId, DoseId, PlanId
from scheduler.domain.people import TaskKind
from scheduler.domain.plans import DoseState
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import organizations
from scheduler.persistence import plans as stored
from scheduler.persistence.locked_plans import LockedPlan
from scheduler.persistence.models import PlannedDose, Recalculation, TreatmentPlan
from scheduler.persistence.plans import BookedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.left_out import end_left_out, plan_again
from scheduler.services.plan_events import today_at
from scheduler.services.plans import (
    STEPS,
    resolve_plan,
    update_row,
    write_doses,
)
from scheduler.services.tasks import NewTask, raise_task

DATES = ("due_on", "planned_on", "earliest", "latest", "not_before")
EXTEND_WHEN_LEFT = timedelta(days=540)


class RecalculationClosedError(DomainError):
    """Somebody decided already, or newer facts have overtaken the proposal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseDates:
    """The dates of a dose: the rule's, the engine's proposal, window and hard limit."""

    due_on: date
    planned_on: date | None
    earliest: date
    latest: date
    not_before: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecalculationLine:
    """One dose, old and new side by side.

    Args:
        booked_at: When it is booked now; None when it is not.
        asks: Whether the visit no longer fits the new dates.
    """

    dose_id: DoseId
    ordinal: int
    old: DoseDates
    new: DoseDates
    appointment_id: AppointmentId | None = None
    booked_at: Instant | None = None
    asks: bool = False

    def must_move(self, zone: ZoneInfo) -> bool:
        """Say whether the visit lies before the new not-before: nobody may leave it there."""
        floor = self.new.not_before
        return bool(self.booked_at and floor and local_day(self.booked_at, zone) < floor)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecalculationView:
    """A proposal that waits for a person."""

    id: PlanId
    plan_id: PlanId
    cause: str
    created_at: Instant
    lines: tuple[RecalculationLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How many dates moved at once, and the proposal that waits, if any."""

    moved: int = 0
    recalculation_id: PlanId | None = None
    lines: tuple[RecalculationLine, ...] = ()


def follow(
    uow: UnitOfWork, plan: LockedPlan, *, cause: str, now: Instant, actor: Actor
) -> Followed:
    """Let a plan follow what happened, inside somebody else's transaction.

    Doses that are not booked take their new dates at once, as do booked ones whose visit still fits. If a visit
    no longer fits, the dates of booked doses stay and a proposal asks; their hard not-before is written anyway.
    """
    stored_rows = stored.doses_of(uow, plan.id)
    series = resolve_plan(uow, plan, stored_rows)
    if plan_again(plan, stored_rows, series):
        series = resolve_plan(uow, plan, stored_rows)  # what was not passed for them counts again
    booked = stored.booked_doses(uow, [plan.id])
    end_left_out(uow, plan, stored_rows, series, booked, now=now, actor=actor)
    rows = {row.ordinal: row for row in stored_rows}
    lines = changed_lines(uow, plan, rows, series, booked)
    asked = any(line.asks for line in lines)
    held = {line.dose_id for line in lines if line.booked_at and asked}
    first = min((line.ordinal for line in lines if line.dose_id in held), default=0)
    for dose in series.doses:
        row = rows.get(dose.ordinal)
        if row is not None and row.state is DoseState.PLANNED:
            update_row(row, dose, keep=_kept(row, held, booked, first=first))
    write_missing(uow, plan, series, rows)
    if lines or asked:
        stored.supersede_recalculations(uow, plan.id, now=now)
    moved = sum(line.dose_id not in held for line in lines)
    waiting = _propose(uow, plan, lines, cause=cause, now=now) if asked else None
    if lines:
        _note(uow, plan, f"{moved} moved, {len(held)} wait", cause, now=now, actor=actor)
    return Followed(moved=moved, recalculation_id=waiting, lines=tuple(lines))


def _kept(
    row: PlannedDose, held: set[DoseId], booked: dict[DoseId, BookedDose], *, first: int
) -> tuple[str, ...]:
    if row.id not in held:
        return STEPS if row.id in booked else ()
    # the hard limit of the next dose follows from what was given; those after it only from new dates
    limit = () if row.ordinal == first else ("not_before",)
    return ("due_on", "planned_on", "earliest", "latest", "reasons", *limit, *STEPS)


def write_missing(
    uow: UnitOfWork, plan: TreatmentPlan, series: engine.Series, rows: dict[int, PlannedDose]
) -> None:
    """Add the doses of a series that have no row yet."""
    if any(dose.ordinal not in rows and dose.due <= plan.until for dose in series.doses):
        new = [d for d in series.doses if d.ordinal not in rows and d.due <= plan.until]
        write_doses(uow, plan, engine.Series(doses=tuple(new)))


def changed_lines(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    rows: dict[int, PlannedDose],
    series: engine.Series,
    booked: dict[DoseId, BookedDose],
) -> list[RecalculationLine]:
    """Return the doses to come whose dates a series would change, old and new side by side."""
    zone = ZoneInfo(organizations.center(uow, plan.center_id).zone)
    lines = []
    for dose in series.doses:
        row = rows.get(dose.ordinal)
        if row is None or row.state is not DoseState.PLANNED:
            continue
        old, new = _dates(row), _new_dates(dose)
        if old != new:
            lines.append(_line(row, old, new, booked.get(row.id), zone))
    return lines


def _dates(row: PlannedDose) -> DoseDates:
    return DoseDates(**{name: getattr(row, name) for name in DATES})


def _new_dates(dose: engine.PlannedDose) -> DoseDates:
    return DoseDates(
        due_on=dose.due,
        planned_on=dose.planned,
        earliest=dose.earliest,
        latest=dose.latest,
        not_before=dose.not_before,
    )


def _line(
    row: PlannedDose, old: DoseDates, new: DoseDates, at: BookedDose | None, zone: ZoneInfo
) -> RecalculationLine:
    day = local_day(at.starts_at, zone) if at else None
    # a visit that lay outside its window already, with somebody's leave, asks only when it gets worse
    fitted = day is None or fits(old, day)
    return RecalculationLine(
        dose_id=row.id,
        ordinal=row.ordinal,
        old=old,
        new=new,
        appointment_id=at.appointment_id if at else None,
        booked_at=at.starts_at if at else None,
        asks=day is not None and not fits(new, day) and (fitted or old.due_on != new.due_on),
    )


def fits(dates: DoseDates, day: date) -> bool:
    """Say whether a day lies inside the window and not before the hard limit."""
    allowed = dates.not_before is None or dates.not_before <= day
    return allowed and dates.earliest <= day <= dates.latest


def _propose(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    lines: list[RecalculationLine],
    *,
    cause: str,
    now: Instant,
) -> PlanId:
    row = Recalculation(plan_id=plan.id, cause=cause, proposal=_written(lines), created_at=now)
    uow.add(row)
    asking = [line for line in lines if line.asks]
    new = NewTask(
        center_id=plan.center_id,
        patient_id=plan.patient_id,
        kind=TaskKind.REVIEW,
        subject_id=plan.id,
        lead="recalculation",
        due_on=today_at(uow, plan, now),
        detail=f"Outside the new dates: {counted(len(asking), 'booked visit')}. Apply the dates or keep the old.",
        plan_id=plan.id,
    )
    raise_task(uow, new, now=now)
    return row.id


def _written(lines: list[RecalculationLine]) -> str:
    return json.dumps(
        [
            {
                "dose": line.dose_id.hex,
                "ordinal": line.ordinal,
                "old": _written_dates(line.old),
                "new": _written_dates(line.new),
                "visit": line.appointment_id.hex if line.appointment_id else None,
                "at": line.booked_at.isoformat() if line.booked_at else None,
                "asks": line.asks,
            }
            for line in lines
        ]
    )


def _written_dates(dates: DoseDates) -> list[str | None]:
    values = [getattr(dates, name) for name in DATES]
    return [value.isoformat() if value else None for value in values]


def read_lines(text: str) -> tuple[RecalculationLine, ...]:
    """Return the lines of a stored proposal."""
    return tuple(
        RecalculationLine(
            dose_id=DoseId(UUID(each["dose"])),
            ordinal=each["ordinal"],
            old=_read_dates(each["old"]),
            new=_read_dates(each["new"]),
            appointment_id=AppointmentId(UUID(each["visit"])) if each["visit"] else None,
            booked_at=datetime.fromisoformat(each["at"]) if each["at"] else None,
            asks=each["asks"],
        )
        for each in json.loads(text)
    )


def _read_dates(values: list[str | None]) -> DoseDates:
    due_on, planned_on, earliest, latest, not_before = values
    if due_on is None or earliest is None or latest is None:
        raise ValueError("a stored proposal lacks a day that every dose has")
    return DoseDates(
        due_on=date.fromisoformat(due_on),
        planned_on=date.fromisoformat(planned_on) if planned_on else None,
        earliest=date.fromisoformat(earliest),
        latest=date.fromisoformat(latest),
        not_before=date.fromisoformat(not_before) if not_before else None,
    )


def _note(
    uow: UnitOfWork, plan: TreatmentPlan, words: str, cause: str, *, now: Instant, actor: Actor
) -> None:
    uow.audit(
        actor,
        "recalculated",
        "treatment plan",
        plan.id,
        at=now,
        patient_id=plan.patient_id,
        after=words,
        reason=cause,
    )
