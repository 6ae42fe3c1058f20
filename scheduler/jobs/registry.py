"""The table of the worker's jobs: what runs, and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta

from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.clock import system_clock
from scheduler.jobs.context import JobContext
from scheduler.jobs.passes import (
    expire_offers,
    keep_lease,
    lay_out_plans,
    owe_upcoming_messages,
    prune,
    publish_days,
    raise_due_tasks,
    raise_weeks,
    send_due_messages,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job: ``run`` gets the worker's context. Jobs run in the active worker alone, the lease in all."""

    id: str
    run: Callable[[JobContext], None]
    every: timedelta
    standing_by: bool = False


def jobs() -> tuple[Job, ...]:
    """Return every job of the worker. Center-local hours are computed into rows, not triggers."""
    return (
        Job(id="keep-lease", run=keep_lease, every=timedelta(seconds=3), standing_by=True),
        Job(id="send-messages", run=send_due_messages, every=timedelta(seconds=5)),
        Job(id="owe-messages", run=owe_upcoming_messages, every=timedelta(minutes=1)),
        Job(id="raise-tasks", run=raise_due_tasks, every=timedelta(minutes=5)),
        Job(id="raise-weeks", run=raise_weeks, every=timedelta(minutes=30)),
        Job(id="expire-offers", run=expire_offers, every=timedelta(seconds=15)),
        Job(id="publish-days", run=publish_days, every=timedelta(minutes=1)),
        Job(id="lay-out-plans", run=lay_out_plans, every=timedelta(minutes=30)),
        Job(id="prune", run=prune, every=timedelta(minutes=10)),
    )


def register(runner: BaseScheduler, context: JobContext) -> None:
    """Give every job to a runner that has not been started yet."""
    for job in jobs():
        runner.add_job(
            _run,
            IntervalTrigger(seconds=int(job.every.total_seconds()), timezone=UTC),
            args=(job, context),
            id=job.id,
            next_run_time=system_clock(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )


def _run(job: Job, context: JobContext) -> None:
    if job.standing_by or context.active.is_set():
        job.run(context)
