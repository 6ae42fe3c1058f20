"""The worker process: a clock for the work that lies in our tables; one is active, others stand by."""

import logging
import signal
import threading
from datetime import UTC
from types import FrameType

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


def context_of(settings: Settings) -> JobContext:
    """Return what the jobs share, from the settings."""
    return JobContext(
        database=Database(settings.database_url, settings.keyring, pool_size=THREADS + 1),
        mailer=mailer_from(settings.mail_url),
        outbox=settings.instance / "outbox",
        base_url=settings.public_url,
    )


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what is being sent is finished first."""
    stop = threading.Event()

    def leave(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    work(context_of(settings), stop)


def work(context: JobContext, stop: threading.Event) -> None:
    """Run the jobs until ``stop`` is set, then give the lease up."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    runner = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(THREADS)})
    register(runner, context)
    keep_lease(context)
    runner.start()
    stop.wait()
    runner.shutdown(wait=True)
    give_up_lease(context.database.system(), context.worker)
    context.database.close()
