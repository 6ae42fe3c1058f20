"""Recomputing what is derived, and naming each difference; nothing is changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import UUID

from scheduler.domain.capacity import DayLoad, load_of
from scheduler.domain.ids import AppointmentId, CenterId, PlanId
from scheduler.domain.told import changed, read
from scheduler.persistence import checking, message_visits, organizations, plans
from scheduler.persistence import days as stored
from scheduler.persistence.days import StoredDay, StoredStay
from scheduler.persistence.models import Appointment, ContactTold, Message, PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import CenterFacts, facts_of
from scheduler.services.day_frames import counted, frame_on, is_counted_otherwise, stored_grid
from scheduler.services.days import stays_of
from scheduler.services.footprints import read as read_footprint
from scheduler.services.message_facts import told_facts
from scheduler.services.plans import resolve_plan

DAYS_AT_ONCE = 60
FACTS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something stored that is not what it follows from; ids only, never a patient's data."""

    what: str
    sentence: str


Check = Callable[[UnitOfWork], Iterator[Difference]]


def differences(uow: UnitOfWork, check: Check) -> tuple[Difference, ...]:
    """Return what one of the checks finds in an organization."""
    with uow:
        return tuple(check(uow))


def occupancy(uow: UnitOfWork) -> Iterator[Difference]:
    """Compare what each clinic day counts with the visits that are booked on it."""
    for center in organizations.centers(uow):
        facts = facts_of(uow, CenterId(center.id))
        rows = iter(stored.all_days(uow, CenterId(center.id)))
        while batch := list(islice(rows, DAYS_AT_ONCE)):
            stays = stays_of(uow, facts, [row.day for row in batch])
            for row in batch:
                yield from _day(facts, row, stays[row.day])


def _day(facts: CenterFacts, row: StoredDay, stays: list[StoredStay]) -> Iterator[Difference]:
    frame, grid = frame_on(facts, row, row.day), stored_grid(row)
    if frame is None or grid is None:
        if stays:
            yield Difference(
                what="occupancy", sentence=f"{row.day}: {len(stays)} visits, but nothing is counted"
            )
        return
    if is_counted_otherwise(frame, row):
        return  # it is counted anew when it is next used
    load = DayLoad.from_bytes(row.occupancy, frame.limits.layout, grid)
    if not load.same_as(load_of(frame.limits, counted(facts, frame.limits.grid, stays))):
        yield Difference(
            what="occupancy", sentence=f"{row.day}: the counts are not those of its visits"
        )


def visits(uow: UnitOfWork) -> Iterator[Difference]:
    """Look for visits without a place or in a taken chair, and for items that outlived their visit."""
    for visit in checking.parked_visits(uow):
        yield Difference(what="visit", sentence=f"{visit}: it is without a place")
    for visit in checking.items_unlike_visits(uow):
        yield Difference(what="visit", sentence=f"{visit}: it is off, but holds a dose")
    for visit, starts, ends, free, text in checking.live_spans(uow):
        minutes = read_footprint(text, int((ends - starts).total_seconds() // 60))
        length, cleaned = (
            timedelta(minutes=minutes.chair_minutes),
            timedelta(minutes=minutes.turnover),
        )
        if (ends - starts, free - ends) != (length, cleaned):
            yield Difference(what="visit", sentence=f"{visit}: it is not as long as its steps")
    for visit in checking.overlapping(uow):
        yield Difference(
            what="visit", sentence=f"{visit}: its chair is not free yet when it begins"
        )


def rules(uow: UnitOfWork) -> Iterator[Difference]:
    """Look whether the database still refuses what must never happen."""
    for name in checking.missing_rules(uow):
        yield Difference(
            what="rule", sentence=f"{name}: the database does not refuse this any more"
        )


def search(uow: UnitOfWork) -> Iterator[Difference]:
    """Compare what patients are found by with what they are called."""
    for patient in checking.found_differently(uow):
        yield Difference(what="search", sentence=f"{patient}: not found by its names and numbers")


def audit_chain(uow: UnitOfWork) -> Iterator[Difference]:
    """Follow the hash chain of the record."""
    for place in checking.broken_links(uow):
        yield Difference(
            what="audit", sentence=f"entry {place} does not follow from the one before"
        )


def messages(uow: UnitOfWork) -> Iterator[Difference]:
    """Look for messages about what is not so, and for contacts who know something else than what holds."""
    for message in checking.stale_messages(uow):
        yield Difference(what="message", sentence=f"{message}: it is about a visit that is not so")
    rows: list[tuple[Message | ContactTold, Appointment]]
    rows = [*checking.unsent_of_visits(uow), *checking.told_of_visits(uow)]
    for first in range(0, len(rows), FACTS_AT_ONCE):
        yield from _facts(uow, rows[first : first + FACTS_AT_ONCE])


def _facts(
    uow: UnitOfWork, rows: Sequence[tuple[Message | ContactTold, Appointment]]
) -> Iterator[Difference]:
    """Compare stored facts with those of the visits as they stand."""
    doses = message_visits.doses_of(uow, [AppointmentId(visit.id) for _, visit in rows])
    for row, visit in rows:
        center, known = organizations.center(uow, visit.center_id), read(row.facts)
        dose = doses.get(AppointmentId(visit.id))
        if known is not None and changed(known, told_facts(visit, center, dose)):
            words = "it would say" if isinstance(row, Message) else "the contact was told"
            yield Difference(what="message", sentence=f"{row.id}: {words} what does not hold")


def doses(uow: UnitOfWork) -> Iterator[Difference]:
    """Compare doses marked as given with the facts."""
    for dose in checking.unlike_given(uow):
        yield Difference(what="dose", sentence=f"{dose}: whether it was given is told in two ways")


def plan_dates(uow: UnitOfWork) -> Iterator[Difference]:
    """Resolve each running plan anew and compare due days and hard limits of what is to come.

    A plan that waits for a person's decision is left out: its booked doses keep their dates meanwhile.
    """
    running = checking.running(uow)
    waiting = {row.plan_id for row in plans.open_recalculations(uow, running)}
    for plan_id in running:
        if plan_id not in waiting:
            yield from _plan(uow, plan_id)
            uow.session.expunge_all()


def _plan(uow: UnitOfWork, plan_id: PlanId) -> Iterator[Difference]:
    rows = plans.doses_of(uow, plan_id)
    series = resolve_plan(uow, plans.plan(uow, plan_id), rows)
    computed = {dose.ordinal: (dose.due, dose.not_before) for dose in series.doses}
    for row in rows:
        if row.state.value == "planned" and computed.get(row.ordinal) != _dates(row):
            if row.ordinal not in computed and row.id in plans.booked_doses(uow, [plan_id]):
                continue  # the plan no longer has it, and somebody is asked about its visit
            yield Difference(
                what="plan", sentence=f"{plan_id}: dose {row.ordinal} is not due on {row.due_on}"
            )


def _dates(row: PlannedDose) -> tuple[object, object]:
    return row.due_on, row.not_before


CHECKS: dict[str, Check] = {
    "Days": occupancy,
    "Visits": visits,
    "Rules": rules,
    "Search": search,
    "Record": audit_chain,
    "Messages": messages,
    "Doses": doses,
    "Plans": plan_dates,
}


def organizations_here(uow: UnitOfWork) -> tuple[tuple[UUID, str], ...]:
    """Return the organizations of a database by id and name."""
    with uow:
        return tuple((row.id, row.name) for row in organizations.all_organizations(uow))
