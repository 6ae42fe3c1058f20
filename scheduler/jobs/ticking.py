"""Moving a demonstration's clock forward step by step, with every pass of the worker on the way."""

from collections.abc import Iterator
from datetime import timedelta

from scheduler.domain.ids import OrganizationId
from scheduler.domain.timing import Instant
from scheduler.jobs.context import JobContext
from scheduler.jobs.passes import (
    expire_offers,
    lay_out_plans,
    owe_upcoming_messages,
    publish_days,
    raise_due_tasks,
    raise_weeks,
    send_due_messages,
)
from scheduler.persistence import organizations
from scheduler.services.demonstration.moving_clock import move_clock

STEP = timedelta(hours=1)
PASSES = (
    owe_upcoming_messages,
    send_due_messages,
    raise_due_tasks,
    raise_weeks,
    expire_offers,
    publish_days,
    lay_out_plans,
)


def moments(first: Instant, last: Instant) -> list[Instant]:
    """Return the moments at which a clock that moves from ``first`` to ``last`` stops for the passes."""
    count = max(0, -(-(last - first) // STEP))
    return [min(first + STEP * (n + 1), last) for n in range(count)]


def steps_to(context: JobContext, organization: OrganizationId, to: Instant) -> list[Instant]:
    """Return where the demonstration's clock stops on its way."""
    with context.database.read(organization) as uow:
        return moments(organizations.now(uow, context.clock()), to)


def tick_through(
    context: JobContext, organization: OrganizationId, stops: list[Instant]
) -> Iterator[Instant]:
    """Move the clock from stop to stop, running every pass at each; yields each stop that is done.

    Raises:
        InvalidError: no demonstration, or a stop lies behind its clock.
    """
    for stop in stops:
        move_clock(context.database.write(organization), stop, system_now=context.clock())
        for run in PASSES:
            run(context)
        yield stop
