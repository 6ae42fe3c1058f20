"""A proposal for days whose visits no longer fit: who moves where, who needs a call, who cannot move."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from scheduler.domain.capacity import from_slot
from scheduler.domain.displaced import Movable, NewPlace, Replan, Standing, replan
from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.grid import slot_after
from scheduler.domain.ids import CenterId
from scheduler.domain.refusals import Refusal
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, days_between, local_day, local_time
from scheduler.domain.wishes import DayState, TimesOf, Wish
from scheduler.persistence import appointments as stored
from scheduler.persistence.days import stored_days
from scheduler.persistence.models import Appointment
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.cancelling import TO_COME, together
from scheduler.services.center_facts import CenterFacts, facts_of
from scheduler.services.crowded_days import CrowdedDay, crowded_days
from scheduler.services.day_frames import frame_on, slot_of
from scheduler.services.days import day_states
from scheduler.services.move_spans import MoveSpan, move_span
from scheduler.services.visit_places import profile_of, stay_row
from scheduler.services.wishes import read_weekdays

LONGEST = timedelta(days=31)
NOTICE = timedelta(days=2)
"""Nobody is asked to come earlier than in two days."""

COURSE_RUNS_ON = timedelta(days=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanWanted:
    """Days of a center to be put right, both ends included."""

    center_id: CenterId
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisitToMove:
    """A visit, or the days to come of a course, with what moving it asks for.

    Args:
        rows: Its visits in order.
        movable: The same for the search; None when only a person can move it.
        span: On which days it may be; None when only a person can move it.
        why: Why it cannot stay; None when it moves only to relieve its day.
        obstacle: Why only a person can move it.
    """

    rows: tuple[Appointment, ...]
    movable: Movable | None = None
    span: MoveSpan | None = None
    why: Refusal | None = None
    obstacle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposed:
    """What would put the days right.

    Args:
        facts: The center.
        crowded: The days that need a person.
        visits: Everything that was looked at, by the first visit's id.
        found: Where each goes.
        by_hand: Visits that cannot stay, but only a person can move.
    """

    facts: CenterFacts
    crowded: tuple[CrowdedDay, ...]
    visits: Mapping[object, VisitToMove]
    found: Replan
    by_hand: tuple[VisitToMove, ...] = ()


def proposed_for(uow: UnitOfWork, wanted: ReplanWanted, *, now: Instant, actor: Actor) -> Proposed:
    """Return what would put days right; nothing is saved.

    Raises:
        NotAllowedError: the role does not manage the center.
        InvalidError: the span ends before it begins, or is longer than a month.
    """
    actor.require(Permission.MANAGE_CENTER)
    if wanted.last < wanted.first:
        raise InvalidError("The last day comes on or after the first.", field="last")
    if wanted.last - wanted.first > LONGEST:
        raise InvalidError("Look at one month at a time.", field="last")
    with uow:
        facts = facts_of(uow, wanted.center_id)
        days = days_between(wanted.first, wanted.last)
        crowded = crowded_days(uow, facts.id, days, now=now)
        visits = _visits(uow, facts, crowded, now=now)
        movable = [each.movable for each in visits.values() if each.movable]
        states = _states(uow, facts, movable, crowded, now=now)
        found = _one_each(replan(states.values(), movable), visits, {day.day for day in crowded})
        by_hand = tuple(each for each in visits.values() if each.why and not each.movable)
        return Proposed(facts=facts, crowded=crowded, visits=visits, found=found, by_hand=by_hand)


def _visits(
    uow: UnitOfWork, facts: CenterFacts, crowded: Sequence[CrowdedDay], *, now: Instant
) -> dict[object, VisitToMove]:
    """Return what has to move, and on days over capacity everything that could; courses whole."""
    why = {visit: refusal for day in crowded for visit, refusal in day.cannot_stay.items()}
    looked_at = set(why) | {stay.id for day in crowded if day.over for stay in day.stays}
    visits: dict[object, VisitToMove] = {}
    for row in stored.by_id(uow, looked_at):
        rows = together(uow, row) if row.status in TO_COME else []
        if not rows or rows[0].id in visits or rows[0].starts_at <= now:
            continue
        reason = next((why[each.id] for each in rows if each.id in why), None)
        visits[rows[0].id] = _visit(uow, facts, rows, reason, today=local_day(now, facts.zone))
    return visits


def _visit(
    uow: UnitOfWork,
    facts: CenterFacts,
    rows: Sequence[Appointment],
    why: Refusal | None,
    *,
    today: date,
) -> VisitToMove:
    try:
        span = move_span(uow, rows)
    except DomainError as obstacle:
        return VisitToMove(rows=tuple(rows), why=why, obstacle=str(obstacle))
    stands = tuple(_standing(uow, facts, row) for row in rows)
    wish = _wish(span, stands[0].day, local_time(rows[0].starts_at, facts.zone), today)
    movable = Movable(
        key=rows[0].id,
        stands=stands,
        wish=wish,
        not_on=_elsewhere(uow, facts, rows, wish),
        must=why is not None,
    )
    return VisitToMove(rows=tuple(rows), movable=movable, span=span, why=why)


def _wish(span: MoveSpan, day: date, at: time, today: date) -> Wish:
    plans = [target.plan for target in span.targets]
    return Wish(
        earliest=max(span.earliest, min(day, today + NOTICE)),
        latest=span.latest,
        due=span.targets[0].first.due_on if span.targets else None,
        near=day,
        not_before=span.not_before,
        weekdays=read_weekdays(plans[0].wished_weekdays) if plans else frozenset(),
        times=(at,),
        times_of=TimesOf.PRESENT,
    )


def _standing(uow: UnitOfWork, facts: CenterFacts, row: Appointment) -> Standing:
    day = local_day(row.starts_at, facts.zone)
    frame = frame_on(facts, next(iter(stored_days(uow, facts.id, [day])), None), day)
    slot = slot_of(facts, frame.limits.grid, stay_row(row)) if frame else 0
    return Standing(visit=row.id, day=day, slot=slot, profile=profile_of(row))


def _elsewhere(
    uow: UnitOfWork, facts: CenterFacts, rows: Sequence[Appointment], wish: Wish
) -> frozenset[date]:
    """Return the days on which the patient is here for something else."""
    around = timedelta(days=1)
    first = rows[0].starts_at + (wish.earliest - local_day(rows[0].starts_at, facts.zone)) - around
    last = first + (wish.latest - wish.earliest) + 2 * around + COURSE_RUNS_ON
    mine = {row.id for row in rows}
    live = stored.live_of(uow, rows[0].patient_id, first, last)
    return frozenset(local_day(at, facts.zone) for visit, at, _ in live if visit not in mine)


def _states(
    uow: UnitOfWork,
    facts: CenterFacts,
    movable: Sequence[Movable],
    crowded: Iterable[CrowdedDay],
    *,
    now: Instant,
) -> dict[date, DayState]:
    """Return the open days on which one of the visits is or could be."""
    days = {each.day for each in crowded}
    for visit in movable:
        runs_on = COURSE_RUNS_ON if len(visit.stands) > 1 else timedelta(0)
        days |= {each.day for each in visit.stands}
        if visit.wish.first_day <= visit.wish.latest:
            days |= set(days_between(visit.wish.first_day, visit.wish.latest + runs_on))
    needs = {need for visit in movable for each in visit.stands for need in each.profile.needs}
    states = day_states(uow, facts.id, days, needs=needs, now=now)
    today = local_day(now, facts.zone)
    if today in states:
        on = states[today]
        load = from_slot(
            on.load, on.limits, slot_after(on.limits.grid, local_time(now, facts.zone))
        )
        states[today] = replace(on, load=load)
    return states


def _one_each(
    found: Replan, visits: Mapping[object, VisitToMove], asked: Collection[date]
) -> Replan:
    """Leave out a second move of one patient, proposed again once the first is saved, and other days."""
    seen: set[object] = set()
    moved: list[NewPlace] = []
    for new in found.moved:
        patient = visits[new.movable.key].rows[0].patient_id
        if patient not in seen:
            seen.add(patient)
            moved.append(new)
    over = {day: refusals for day, refusals in found.over.items() if day in asked}
    return replace(found, moved=tuple(moved), over=over)
