"""The worker process: a clock for the work that lies in our tables; one is active, others stand by."""

import logging
import signal
import time
from datetime import UTC
from types import FrameType
from typing import Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from scheduler.jobs.context import JobContext
from scheduler.jobs.passes import keep_lease
from scheduler.jobs.registry import register
from scheduler.messaging.smtp import mailer_from
from scheduler.persistence.database import Database
from scheduler.persistence.lease import give_up_lease
from scheduler.settings import Settings

THREADS = 4
LOOK_EVERY = 0.1


def context_of(settings: Settings) -> JobContext:
    """Return what the jobs share, from the settings."""
    return JobContext(
        database=Database(settings.database_url, settings.keyring, pool_size=THREADS + 1),
        mailer=mailer_from(settings.mail_url, settings.public_url),
        outbox=settings.instance / "outbox",
        base_url=settings.public_url,
    )


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what is being sent is finished first."""
    told = Told()
    signal.signal(signal.SIGTERM, told.leave)
    signal.signal(signal.SIGINT, told.leave)
    work(context_of(settings), told)


class Waits(Protocol):
    """Something that can be waited for."""

    def wait(self) -> object:
        """Return when it is so."""


class Told:
    """Waits for a signal without a lock: a handler that takes the lock its own thread holds never ends."""

    def __init__(self) -> None:
        self.leaves = False

    def leave(self, _number: int, _frame: FrameType | None) -> None:
        """Note the signal."""
        self.leaves = True

    def wait(self) -> None:
        """Return soon after the signal."""
        while not self.leaves:
            time.sleep(LOOK_EVERY)


def work(context: JobContext, stop: Waits) -> None:
    """Run the jobs until ``stop`` is there, then give the lease up."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    runner = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(THREADS)})
    register(runner, context)
    keep_lease(context)
    runner.start()
    stop.wait()
    runner.shutdown(wait=True)
    give_up_lease(context.database.system(), context.worker)
    context.database.close()
