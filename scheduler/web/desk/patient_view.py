"""A patient's page as its template shows it: plans on a line, doses with what can be done, what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.dose_reasons import Why, paragraph
from scheduler.domain.doses import DoseStatus
from scheduler.domain.plans import DoseState, GivenOutcome, PlanStatus
from scheduler.domain.timing import local
from scheduler.domain.trace import Step
from scheduler.services.page_lines import DoseLine, PatientPage, PlanLine
from scheduler.web.desk.timeline_view import DoseFact, DoseLook, Timeline, draw_timeline

OUTCOMES = {
    GivenOutcome.FULL: (DoseLook.GIVEN, "given"),
    GivenOutcome.PART: (DoseLook.PART, "part"),
    GivenOutcome.NONE: (DoseLook.NOT_GIVEN, "none"),
}
SHOWN_AHEAD = 8
NEEDS_PERSON = {
    DoseStatus.REVIEW.value: "to review",
    DoseStatus.BLOCK.value: "blocked",
    DoseStatus.CONFLICT.value: "no open day",
    DoseStatus.MANUAL.value: "a person decides",
    DoseStatus.LATE.value: "late",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRow:
    """A dose in the plan's table.

    Args:
        state: Its look: planned, booked, given, part, none, held, skipped, ended.
        needs_person: What the engine says when it is not plain: review, block, conflict, manual, late.
        when: The day that counts: given, booked, or planned.
        at: The visit's start on the center's clock.
        missing: What is not there yet, as sentences.
    """

    id: UUID
    ordinal: int
    amount: str
    due_on: date
    window: tuple[date, date]
    not_before: date | None
    minutes: int
    state: str
    when: date | None
    at: datetime | None
    appointment_id: UUID | None
    why: str
    trace: tuple[Step, ...]
    needs_person: str
    missed: bool
    missing: tuple[str, ...]
    to_come: bool
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """A plan: its line, its doses, and what a person can do with it."""

    line: PlanLine
    timeline: Timeline | None
    rows: tuple[DoseRow, ...]
    later: tuple[DoseRow, ...]
    unbooked: int
    other_schedule: bool
    alive: bool
    running: bool


def plan_views(read: PatientPage, today: date) -> tuple[PlanView, ...]:
    """Return the plans, those that run first."""
    ordered = sorted(
        read.plans, key=lambda plan: (plan.status is not PlanStatus.ACTIVE, plan.first_day)
    )
    return tuple(_plan(plan, today) for plan in ordered)


def _plan(plan: PlanLine, today: date) -> PlanView:
    zone = ZoneInfo(plan.zone)
    rows = [_row(dose, zone, today) for dose in plan.doses]
    behind = [row for row in rows if not row.to_come]
    ahead = [_plainly(row, n) for n, row in enumerate(row for row in rows if row.to_come)]
    near = SHOWN_AHEAD + sum(row.state == "booked" for row in ahead[SHOWN_AHEAD:])
    facts = list(_facts(plan, behind, ahead[:near]))
    running = plan.status is PlanStatus.ACTIVE
    return PlanView(
        line=plan,
        timeline=draw_timeline(facts, today) if facts else None,
        rows=(*behind, *ahead[:near]),
        later=tuple(ahead[near:]),
        unbooked=sum(row.state in ("planned", "held") for row in ahead),
        other_schedule=any(
            r.why is Why.OTHER_BAND
            for d in plan.doses
            for r in d.reasons
            if d.state is DoseState.PLANNED
        ),
        alive=plan.status in (PlanStatus.ACTIVE, PlanStatus.ON_HOLD),
        running=running,
    )


def _plainly(row: DoseRow, place: int) -> DoseRow:
    """Say what is missing for booked doses and the next one alone; later ones have time."""
    return row if row.state == "booked" or place == 0 else replace(row, missing=())


def _row(dose: DoseLine, zone: ZoneInfo, today: date) -> DoseRow:
    at = local(dose.booked.starts_at, zone) if dose.booked else None
    state = _state(dose)
    ready = dose.readiness
    return DoseRow(
        id=dose.id,
        ordinal=dose.ordinal,
        amount=amount_words(dose),
        due_on=dose.due_on,
        window=(dose.earliest, dose.latest),
        not_before=dose.not_before,
        minutes=dose.minutes.patient_minutes,
        state=state,
        when=dose.given.given_on if dose.given else at.date() if at else dose.planned_on,
        at=at,
        appointment_id=dose.booked.appointment_id if dose.booked else None,
        why=paragraph(dose.reasons),
        trace=dose.trace,
        needs_person=_needs_person(dose, state),
        missed=dose.missed,
        missing=tuple(need.sentence for need in ready.missing if need.sentence) if ready else (),
        to_come=dose.state is DoseState.PLANNED,
        overdue=state in ("planned", "held") and dose.latest < today,
    )


def _needs_person(dose: DoseLine, state: str) -> str:
    """Return what a person has to look at; that a dose is held is its state unless it is booked."""
    if dose.engine_status == DoseStatus.HOLD:
        return "to be held" if state == "booked" else ""
    return NEEDS_PERSON.get(dose.engine_status, "")


def amount_words(dose: DoseLine) -> str:
    """Return the amount as people write it, without zeros at the end."""
    return f"{dose.amount.normalize():f} {dose.unit}" if dose.amount is not None else "–"


def _state(dose: DoseLine) -> str:
    if dose.given and dose.state is DoseState.GIVEN:
        return OUTCOMES[dose.given.outcome][1]
    if dose.state is DoseState.ENDED:
        return "ended"
    if dose.state is DoseState.SKIPPED:
        return "skipped"
    if dose.booked and dose.booked.status is not AppointmentStatus.CANCELLED:
        return "booked"
    return "held" if dose.engine_status == DoseStatus.HOLD else "planned"


def _facts(plan: PlanLine, behind: list[DoseRow], ahead: list[DoseRow]) -> Iterator[DoseFact]:
    for given in plan.earlier[-3:]:
        look = OUTCOMES[given.outcome][0]
        yield DoseFact(label="", look=look, at=given.given_on, due=given.given_on)
    looks = {name: look for look, name in OUTCOMES.values()}
    shown = [
        row for row in (*behind[-6:], *ahead) if row.when and row.state not in ("ended", "skipped")
    ]
    first = next((row for row in shown if row.to_come), None)
    for row in shown:
        look = looks.get(row.state, DoseLook.BOOKED if row.state == "booked" else DoseLook.PLANNED)
        yield DoseFact(
            label=str(row.ordinal),
            look=look,
            at=row.when or row.due_on,
            due=row.due_on,
            earliest=row.window[0] if row.to_come else None,
            latest=row.window[1] if row.to_come else None,
            not_before=row.not_before if row is first else None,
        )
