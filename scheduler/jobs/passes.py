"""The passes themselves: each may run at any time, twice, or after a long pause."""

from collections.abc import Callable
from datetime import timedelta

from scheduler.domain.people import OrganizationMode
from scheduler.jobs.context import JobContext, Place, for_each, for_each_center, log, places
from scheduler.persistence.lease import take_lease
from scheduler.services.extending import extend_plans
from scheduler.services.messages import release_claims, send_due
from scheduler.services.publishing import publish_due
from scheduler.services.raising import raise_due
from scheduler.services.reservations import release_expired
from scheduler.services.sessions import prune_sessions
from scheduler.services.upcoming import owe_upcoming
from scheduler.services.week_tasks import raise_short_weeks

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
    """Send in small portions, each by the time that it has become: a slow server may take minutes.

    What a restored organization owes waits: put into a folder it would count as sent, and nobody would ever
    get it once somebody says that mail may leave again.
    """
    if place.mode is OrganizationMode.RESTORED:
        return
    for _ in range(PORTIONS):
        waited = context.clock() - place.read_at
        tally = send_due(context.sending(place), now=place.now + waited, limit=PORTION)
        if not tally.counts:
            return
        log.info("messages", organization=str(place.id), **tally.counts)


def _in_each(job: str, run: Callable[..., object]) -> Callable[[JobContext], None]:
    """Return a pass that is one use case in every organization, at the time that it is there."""
    return lambda context: for_each(
        context, job, lambda place: run(context.database.write(place.id), now=place.now)
    )


owe_upcoming_messages = _in_each("owe-messages", owe_upcoming)
raise_due_tasks = _in_each("raise-tasks", raise_due)
expire_offers = _in_each("expire-offers", release_expired)
publish_days = _in_each("publish-days", publish_due)
lay_out_plans = _in_each("lay-out-plans", extend_plans)


def raise_weeks(context: JobContext) -> None:
    """Look for weeks, months ahead, that cannot hold their doses; each center once a day of its own."""
    database = context.database
    for_each_center(
        context,
        "raise-weeks",
        lambda place, center_id: raise_short_weeks(
            database.read(place.id), database.write(place.id), center_id, now=place.now
        ),
    )


def prune(context: JobContext) -> None:
    """Remove sessions and failed tries of long ago."""
    prune_sessions(context.database.system(), now=context.clock())
