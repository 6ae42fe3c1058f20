"""The passes themselves: each may run at any time, twice, or after a long pause."""

from datetime import timedelta

from scheduler.jobs.context import JobContext, Place, for_each, log, places
from scheduler.persistence.lease import take_lease
from scheduler.services.extending import extend_plans
from scheduler.services.messages import release_claims, send_due
from scheduler.services.publishing import publish_due
from scheduler.services.raising import raise_due
from scheduler.services.reservations import release_expired
from scheduler.services.sessions import prune_sessions
from scheduler.services.upcoming import owe_upcoming

LEASE_LASTS = timedelta(seconds=15)
PORTION = 20
PORTIONS = 25


def keep_lease(context: JobContext) -> None:
    """Renew the lease or try to take it; a new holder frees at once what a dead worker had claimed."""
    try:
        lease = take_lease(context.database.system(), context.worker, lasts=LEASE_LASTS)
    except Exception as error:  # noqa: BLE001 - the edge of a job: without the database nobody is active
        log.error("job failed", job="keep-lease", fault=type(error).__name__)
        context.active.clear()
        return
    if not lease.held:
        context.active.clear()
        return
    if lease.taken_over or not context.active.is_set():
        for place in places(context):
            release_claims(context.database.write(place.id), keep=context.worker)
    context.active.set()


def send_due_messages(context: JobContext) -> None:
    """Send what is due in every organization."""
    for_each(context, "send-messages", lambda place: _send(context, place))


def _send(context: JobContext, place: Place) -> None:
    """Send in small portions, each by the time that it has become: a slow server may take minutes."""
    for _ in range(PORTIONS):
        waited = context.clock() - place.read_at
        tally = send_due(context.sending(place), now=place.now + waited, limit=PORTION)
        if not tally.counts:
            return
        log.info("messages", organization=str(place.id), **tally.counts)


def owe_upcoming_messages(context: JobContext) -> None:
    """Owe what has fallen due before visits."""
    for_each(
        context,
        "owe-messages",
        lambda place: owe_upcoming(context.database.write(place.id), now=place.now),
    )


def raise_due_tasks(context: JobContext) -> None:
    """Raise what the worklist has to show."""
    for_each(
        context,
        "raise-tasks",
        lambda place: raise_due(context.database.write(place.id), now=place.now),
    )


def expire_offers(context: JobContext) -> None:
    """Give back places that were kept for somebody on the phone."""
    for_each(
        context,
        "expire-offers",
        lambda place: release_expired(context.database.write(place.id), now=place.now),
    )


def lay_out_plans(context: JobContext) -> None:
    """Lay plans out further as time goes on, some at a time."""
    for_each(
        context,
        "lay-out-plans",
        lambda place: extend_plans(context.database.write(place.id), now=place.now),
    )


def publish_days(context: JobContext) -> None:
    """Settle chairs and nurses of the next open day at the center's hour."""
    for_each(
        context,
        "publish-days",
        lambda place: publish_due(context.database.write(place.id), now=place.now),
    )


def prune(context: JobContext) -> None:
    """Remove sessions and failed tries of long ago."""
    prune_sessions(context.database.system(), now=context.clock())
