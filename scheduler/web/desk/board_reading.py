"""From what is stored about a day to the facts that the board draws: wall times and words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from scheduler.domain.appointments import AppointmentStatus, ItemKind
from scheduler.domain.curve import CurvePoint
from scheduler.domain.hours import DayHours
from scheduler.domain.people import TaskKind
from scheduler.domain.timing import Instant, local, minute_of
from scheduler.domain.visits import Step
from scheduler.persistence.board import OpenRequirement, WaitingRow
from scheduler.persistence.board_visits import VisitRow
from scheduler.services.board import DayRead
from scheduler.web.desk.board_facts import (
    ChairFact,
    CurveFact,
    DayFact,
    DayFacts,
    MissingFact,
    TrayFact,
    VisitFact,
)
from scheduler.web.desk.board_grid import SLOT
from scheduler.web.desk.requirement_words import missing
from scheduler.web.desk.states import StatusFacts
from scheduler.web.words import clock, listed, number, short_day

MINUTE = timedelta(minutes=1)
ITEM_WORDS = {
    ItemKind.DOSE: "Dose",
    ItemKind.INJECTION: "Injection",
    ItemKind.BLOOD_DRAW: "Blood draw",
    ItemKind.PORT_FLUSH: "Port flush",
    ItemKind.TEACHING: "Teaching",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayContext:
    """What is known of a day beside its visits."""

    day: date
    now: Instant
    zone: ZoneInfo
    curve: tuple[CurvePoint, ...] = ()
    over_cause: str = ""


def day_facts(read: DayRead, context: DayContext) -> DayFacts:
    """Return the facts of a day as the board draws them."""
    hours = read.hours
    visits = visit_facts(read, context)
    open_day = isinstance(hours, DayHours)
    return DayFacts(
        day=context.day,
        now=local(context.now, context.zone),
        opens=_wall(context, minute_of(hours.opens)) if isinstance(hours, DayHours) else None,
        closes=_wall(context, minute_of(hours.closes)) if isinstance(hours, DayHours) else None,
        closed="" if isinstance(hours, DayHours) else hours.reason,
        chairs=_chairs(read, visits, context.zone),
        visits=tuple(visit for visit in visits if visit.status.status in ON_CHAIRS),
        curves=curves(context.curve) if open_day else (),
        first_curve_slot=_first_slot(context),
        tray=_tray(read, visits, local(context.now, context.zone)),
        tray_count=len(read.waiting) + sum(v.status.status in IN_TRAY for v in visits),
        days=tuple(DayFact(day=d.day, filled=d.filled, closed=d.closed) for d in read.days),
        nurses=tuple(sorted({visit.nurse for visit in visits if visit.nurse})),
        over_cause=context.over_cause,
        note=read.note,
        revision=read.revision,
    )


IN_TRAY = frozenset({AppointmentStatus.CANCELLED, AppointmentStatus.PENDING})
ON_CHAIRS = frozenset(AppointmentStatus) - {AppointmentStatus.CANCELLED}


def _wall(context: DayContext, minute: int) -> datetime:
    return datetime.combine(context.day, datetime.min.time(), context.zone) + minute * MINUTE


def _first_slot(context: DayContext) -> datetime | None:
    return _wall(context, minute_of(context.curve[0].at)) if context.curve else None


def visit_facts(read: DayRead, context: DayContext) -> tuple[VisitFact, ...]:
    """Return the day's visits, each from its items."""
    needs = {plan: list(rows) for plan, rows in groupby(read.requirements, lambda r: r.plan_id)}
    return tuple(
        _visit(list(rows), needs, read, context)
        for _, rows in groupby(read.visits, lambda row: row.id)
    )


def _visit(
    rows: Sequence[VisitRow],
    needs: dict[object, list[OpenRequirement]],
    read: DayRead,
    context: DayContext,
) -> VisitFact:
    first, zone = rows[0], context.zone
    times = {step: local(at, zone) for step, at in first.moments}
    return VisitFact(
        id=first.id,
        chair_key=first.chair_key,
        patient_id=first.patient_id,
        name=first.name,
        born=date.fromisoformat(first.born) if first.born else None,
        drug=listed([_drug(row, with_amount="") for row in rows]),
        drug_long=listed([_drug(row, with_amount=_amount(row)) for row in rows]),
        starts=local(first.starts_at, zone),
        ends=local(first.ends_at, zone),
        free=local(first.chair_free_at, zone),
        status=_status(first, read),
        nurse=first.nurse,
        steps=_steps(rows),
        times=times,
        missing=tuple(_missing(rows, needs, context)),
        note="first dose" if any(row.ordinal == 1 for row in rows) else "",
        wants_call=first.wants_call,
        cannot_come=first.cannot_come,
        version=first.version,
    )


def _status(first: VisitRow, read: DayRead) -> StatusFacts:
    return StatusFacts(
        status=first.status,
        step=first.moments[-1][0] if first.moments else None,
        confirmed=first.confirmed,
        not_treated=first.id in read.untreated,
    )


def drug_name(ingredient: str) -> str:
    """Return an ingredient as the desk reads it."""
    words = ingredient.replace("_", " ")
    return words.upper() if words in ("ivig", "scig") else words[:1].upper() + words[1:]


def _drug(row: VisitRow, *, with_amount: str) -> str:
    if not row.ingredient:
        return row.words or ITEM_WORDS.get(row.kind or ItemKind.DOSE, "Visit")
    name = f"{drug_name(row.ingredient)} {with_amount}".strip()
    return f"{name}, dose {row.ordinal}"


def _amount(row: VisitRow) -> str:
    return f"{number(float(row.amount))} {row.unit}" if row.amount is not None else ""


def _steps(rows: Sequence[VisitRow]) -> tuple[tuple[Step, int], ...]:
    """Return the steps of one stay: one intake, one IV start, one discharge; infusions add up."""
    columns = zip(*(row.minutes for row in rows), strict=True)
    return tuple(
        (cells[0][0], (sum if cells[0][0] is Step.INFUSION else max)(m for _, m in cells))
        for cells in columns
    )


def _missing(
    rows: Sequence[VisitRow], needs: dict[object, list[OpenRequirement]], context: DayContext
) -> Iterable[MissingFact]:
    today = local(context.now, context.zone).date()
    for row in rows:
        for need in needs.get(row.plan_id, []):
            if need.dose_id in (None, row.dose_id):
                yield missing(need.code, need.status, day=context.day, today=today)


def _chairs(read: DayRead, visits: Sequence[VisitFact], zone: ZoneInfo) -> tuple[ChairFact, ...]:
    return tuple(
        ChairFact(
            key=chair.key,
            name=chair.name,
            second=_second(chair.key, visits) or ("near nurses" if chair.near_nurses else ""),
            pod=chair.pod,
            outages=tuple(
                (local(out.starts_at, zone), local(out.ends_at, zone), out.reason)
                for out in read.outages
                if out.chair_key == chair.key
            ),
        )
        for chair in read.chairs
    )


def _second(chair_key: int, visits: Sequence[VisitFact]) -> str:
    """Return the nurse of a chair when all its visits of the day have the same one."""
    names = {visit.nurse for visit in visits if visit.chair_key == chair_key and visit.nurse}
    return names.pop().split()[-1] if len(names) == 1 else ""


def curves(points: Sequence[CurvePoint]) -> tuple[CurveFact, ...]:
    """Return the three curves per quarter hour; finer slots count with their worst."""
    quarters = [
        list(group) for _, group in groupby(points, lambda point: minute_of(point.at) // SLOT)
    ]

    def fact(name: str, unit: str, used: str, allowed: str) -> CurveFact:
        return CurveFact(
            name=name,
            unit=unit,
            used=tuple(max(float(getattr(p, used)) for p in quarter) for quarter in quarters),
            allowed=tuple(min(float(getattr(p, allowed)) for p in quarter) for quarter in quarters),
        )

    return (
        fact("Chairs in use", "chairs in use", "chairs", "chairs_allowed"),
        fact("Acuity", "acuity", "nurse_load", "nurse_load_allowed"),
        fact("IV starts", "IV starts", "iv_starts", "iv_starts_allowed"),
    )


def _tray(read: DayRead, visits: Sequence[VisitFact], now: datetime) -> tuple[TrayFact, ...]:
    cancelled = [visit for visit in visits if visit.status.status in IN_TRAY]
    tray = [*(_waiting(row, now.date()) for row in read.waiting), *map(_cancelled, cancelled)]
    return tuple(tray[:4])


def _waiting(row: WaitingRow, today: date) -> TrayFact:
    drug = f"{drug_name(row.ingredient)}, dose {row.ordinal}" if row.ingredient else ""
    over = (today - row.latest).days if row.latest else 0
    until = f"{over} days over the latest day" if over > 0 else ""
    if row.latest and over <= 0:
        until = f"Window to {short_day(row.latest, today)}"
    state = "cancelled" if row.kind is TaskKind.REBOOK else "proposed"
    return TrayFact(state=state, name=row.name, lines=tuple(filter(None, (drug, until))))


def _cancelled(visit: VisitFact) -> TrayFact:
    tentative = visit.status.status is AppointmentStatus.PENDING
    was = "Holds" if tentative else "Was"
    return TrayFact(
        state="tentative" if tentative else "cancelled",
        name=visit.name,
        lines=(visit.drug, f"{was} {clock(visit.starts)}"),
    )
