"""Recomputing what is derived, and naming each difference; nothing is changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from scheduler.domain.capacity import DayLoad, load_of
from scheduler.domain.ids import CenterId, PlanId
from scheduler.persistence import checking, organizations, plans
from scheduler.persistence import days as stored
from scheduler.persistence.days import StoredDay, StoredStay
from scheduler.persistence.models import PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import CenterFacts, facts_of
from scheduler.services.day_frames import counted, frame_on, stored_grid
from scheduler.services.days import stays_of
from scheduler.services.plans import resolve_plan

DAYS_AT_ONCE = 60


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
    if row.layout != frame.layout_text:
        return  # counted by another rule: it is counted anew when it is next used
    load = DayLoad.from_bytes(row.occupancy, frame.limits.layout, grid)
    now = load if grid == frame.limits.grid else load.moved_to(frame.limits.grid, from_grid=grid)
    if not now.same_as(load_of(frame.limits, counted(facts, frame.limits.grid, stays))):
        yield Difference(
            what="occupancy", sentence=f"{row.day}: the counts are not those of its visits"
        )


def visits(uow: UnitOfWork) -> Iterator[Difference]:
    """Look for visits without a place, and for items that outlived their visit."""
    for visit in checking.parked_visits(uow):
        yield Difference(what="visit", sentence=f"{visit}: it is without a place")
    for visit in checking.items_unlike_visits(uow):
        yield Difference(what="visit", sentence=f"{visit}: it is off, but holds a dose")


def audit_chain(uow: UnitOfWork) -> Iterator[Difference]:
    """Follow the hash chain of the record."""
    for place in checking.broken_links(uow):
        yield Difference(
            what="audit", sentence=f"entry {place} does not follow from the one before"
        )


def messages(uow: UnitOfWork) -> Iterator[Difference]:
    """Look for unsent messages about what is no longer so."""
    for message in checking.stale_messages(uow):
        yield Difference(
            what="message", sentence=f"{message}: it waits about a visit that is not so"
        )


def doses(uow: UnitOfWork) -> Iterator[Difference]:
    """Compare doses marked as given with the facts."""
    for dose in checking.unlike_given(uow):
        yield Difference(what="dose", sentence=f"{dose}: marked given, but no fact says so")


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
            yield Difference(
                what="plan", sentence=f"{plan_id}: dose {row.ordinal} is not due on {row.due_on}"
            )


def _dates(row: PlannedDose) -> tuple[object, object]:
    return row.due_on, row.not_before


CHECKS: dict[str, Check] = {
    "Days": occupancy,
    "Visits": visits,
    "Record": audit_chain,
    "Messages": messages,
    "Doses": doses,
    "Plans": plan_dates,
}


def organizations_here(uow: UnitOfWork) -> tuple[tuple[UUID, str], ...]:
    """Return the organizations of a database by id and name."""
    with uow:
        return tuple((row.id, row.name) for row in organizations.all_organizations(uow))
