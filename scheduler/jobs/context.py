"""What a job of the worker may use, and the loop over organizations with one edge for faults."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import structlog

from scheduler.clock import Clock, system_clock
from scheduler.domain.ids import CenterId, OrganizationId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.timing import Instant
from scheduler.messaging.mailer import Mailer
from scheduler.messaging.outbox import OutboxMailer
from scheduler.persistence import organizations
from scheduler.persistence.database import Database
from scheduler.services.messages import Sending

log = structlog.get_logger("worker")


def new_worker_name() -> str:
    """Return a name for this process that no other has had."""
    return f"worker-{uuid4().hex[:12]}"


@dataclass(kw_only=True)
class JobContext:
    """Everything the jobs share.

    Args:
        database: Across organizations.
        mailer: For organizations that may send live mail.
        outbox: Where mail of the others goes, when the mailer would reach real people.
        base_url: How patients reach the web server.
        worker: The name in the lease and in claims.
        clock: The system's; a demonstration runs at its own offset.
    """

    database: Database
    mailer: Mailer
    outbox: Path
    base_url: str
    worker: str = field(default_factory=new_worker_name)
    clock: Clock = system_clock
    active: threading.Event = field(default_factory=threading.Event)

    def sending(self, place: "Place") -> Sending:
        """Return how messages of an organization leave; only a live one gets to the live mailer."""
        live = place.mode is OrganizationMode.LIVE or not self.mailer.leaves
        return Sending(
            new_uow=lambda: self.database.write(place.id),
            mailer=self.mailer if live else OutboxMailer(self.outbox),
            base_url=self.base_url,
            worker=self.worker,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An organization and the time it was there when the system's clock showed ``read_at``."""

    id: OrganizationId
    mode: OrganizationMode
    now: Instant
    read_at: Instant


def places(context: JobContext) -> tuple[Place, ...]:
    """Return every organization with its own time."""
    at = context.clock()
    with context.database.system() as uow:
        return tuple(
            Place(
                id=row.id,
                mode=row.mode,
                now=at + timedelta(seconds=row.clock_offset_seconds),
                read_at=at,
            )
            for row in organizations.all_organizations(uow)
        )


def for_each(context: JobContext, job: str, work: Callable[[Place], object]) -> None:
    """Do a job for every organization; a fault in one is logged without patient data, the next goes on."""
    for place in places(context):
        _attempt(partial(work, place), job=job, organization=str(place.id))


def for_each_center(
    context: JobContext, job: str, work: Callable[[Place, CenterId], object]
) -> None:
    """Do a job for every center of every organization; a fault in one keeps it from no other."""

    def in_each(place: Place) -> None:
        with context.database.read(place.id) as uow:
            found = [center.id for center in organizations.centers(uow)]
        for center_id in found:
            named = {"organization": str(place.id), "center": str(center_id)}
            _attempt(partial(work, place, center_id), job=job, **named)

    for_each(context, job, in_each)


def _attempt(work: Callable[[], object], *, job: str, **named: str) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the edge of a job
        log.error(  # noqa: TRY400 - a traceback could hold patient data
            "job failed", job=job, **named, fault=type(error).__name__
        )
