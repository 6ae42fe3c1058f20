"""Chairs out of service for a span: the days read it at once, and a person decides about their visits."""

from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.errors import InvalidError, NotFoundError
from scheduler.domain.ids import CenterId, ChairId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, days_between, local_day
from scheduler.persistence import centers as stored
from scheduler.persistence.models import ChairOutage
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import facts_of
from scheduler.services.changes import Kept, note_change
from scheduler.services.closures import Affected, shown_anew

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChairOut:
    """A chair that nobody can sit in from one instant to another."""

    center_id: CenterId
    chair_id: ChairId
    begins: Instant
    ends: Instant
    reason: str = ""


def chair_out(uow: UnitOfWork, request: ChairOut, *, now: Instant, actor: Actor) -> Affected:
    """Take a chair out of service; its visits stay until a person seats or moves them.

    Raises:
        NotFoundError: the center has no such chair.
        InvalidError: the span ends before it begins, is over, or is longer than a year.
    """
    actor.require(Permission.MANAGE_CENTER)
    if request.ends <= max(request.begins, now):
        raise InvalidError(
            "It is back in service after it went out, and not before now.", field="back"
        )
    if request.ends - request.begins > LONGEST:
        raise InvalidError("A chair is out for at most a year; take it away instead.", field="back")
    with uow:
        chair = stored.chair(uow, request.center_id, request.chair_id)
        row = ChairOutage(
            center_id=request.center_id,
            chair_id=chair.id,
            starts_at=request.begins,
            ends_at=request.ends,
            reason=request.reason.strip()[:80],
        )
        uow.add(row)
        crowded = _shown_anew(uow, row, now=now)
        words = f"{chair.name} is out of service."
        kept: list[Kept] = [{"outage": row.id.hex}]
        change_id = note_change(uow, "chair out", words, kept, now=now, actor=actor)
        uow.audit(actor, "chair out", "chair", chair.id, at=now, after=row.reason)
        uow.commit()
        return Affected(id=row.id, change_id=change_id, days=crowded)


def lift_outage(uow: UnitOfWork, outage_id: ChairId, *, now: Instant, actor: Actor) -> None:
    """Note that a chair is in service again: from now on, or as if it had never been out.

    Raises:
        NotFoundError: there is no such outage here.
    """
    actor.require(Permission.MANAGE_CENTER)
    with uow:
        row = take_back_outage(uow, outage_id, now=now)
        uow.audit(actor, "chair back", "chair", row.chair_id, at=now)
        uow.commit()


def take_back_outage(uow: UnitOfWork, outage_id: ChairId, *, now: Instant) -> ChairOutage:
    """End an outage inside somebody else's transaction; what is over stays as it was.

    Raises:
        NotFoundError: there is no such outage here.
    """
    row = uow.session.get(ChairOutage, outage_id)
    if row is None:
        raise NotFoundError("outage")
    if row.starts_at < now < row.ends_at:
        _end(uow, row, now)
    elif row.starts_at >= now:
        uow.session.delete(row)
    _shown_anew(uow, row, now=now)
    return row


def _end(uow: UnitOfWork, row: ChairOutage, now: Instant) -> None:
    _shown_anew(uow, row, now=now)  # the days that it covered until now change too
    row.ends_at = now


def _shown_anew(uow: UnitOfWork, row: ChairOutage, *, now: Instant) -> tuple[date, ...]:
    zone = facts_of(uow, row.center_id).zone
    first = local_day(row.starts_at, zone)
    last = local_day(row.ends_at - timedelta(minutes=1), zone)
    return shown_anew(uow, row.center_id, days_between(first, last), now=now)
