"""The life of a treatment plan: what may follow what, and where it stands after what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from scheduler.domain.errors import DomainError
from scheduler.domain.plans import PlanStatus


class PlanChangeKind(StrEnum):
    """What a person does to a whole plan."""

    HOLD = "hold"
    RESUME = "resume"
    STOP = "stop"
    COMPLETE = "complete"
    TRANSFER = "transfer"


class PlanChangeError(DomainError):
    """The plan does not stand where this change could begin."""

    field = "kind"


RUNNING = frozenset({PlanStatus.ACTIVE, PlanStatus.ON_HOLD})
BEGINS = {
    PlanChangeKind.HOLD: frozenset({PlanStatus.ACTIVE}),
    PlanChangeKind.RESUME: frozenset({PlanStatus.ON_HOLD}),
    PlanChangeKind.STOP: RUNNING,
    PlanChangeKind.COMPLETE: RUNNING,
    PlanChangeKind.TRANSFER: RUNNING,
}
LEADS_TO = {
    PlanChangeKind.HOLD: PlanStatus.ON_HOLD,
    PlanChangeKind.RESUME: PlanStatus.ACTIVE,
    PlanChangeKind.STOP: PlanStatus.STOPPED,
    PlanChangeKind.COMPLETE: PlanStatus.COMPLETED,
    PlanChangeKind.TRANSFER: PlanStatus.TRANSFERRED,
}
DECEASED = "deceased"
CORRECTED = "corrected"
SCHEDULE_ACCEPTED = "schedule accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEvent:
    """Something that happened to a plan; a correction names what it takes back."""

    id: UUID
    kind: str
    corrects: UUID | None = None


def require_change(status: PlanStatus, kind: PlanChangeKind) -> None:
    """Refuse a change that cannot begin where the plan stands.

    Raises:
        PlanChangeError: says where it stands.
    """
    if status not in BEGINS[kind]:
        raise PlanChangeError(
            f"The plan is {status.value.replace('_', ' ')}; it cannot be changed so."
        )


def in_force(events: Iterable[LifeEvent]) -> list[LifeEvent]:
    """Return the changes that hold, oldest first: neither corrected nor mere notes."""
    known = list(events)
    corrected = {event.corrects for event in known if event.corrects}
    turns = {*PlanChangeKind, DECEASED}
    return [event for event in known if event.id not in corrected and event.kind in turns]


def status_after(events: Iterable[LifeEvent]) -> PlanStatus:
    """Return where a plan stands after what happened to it, oldest first; what was corrected is left out."""
    status = PlanStatus.ACTIVE
    for event in in_force(events):
        dead = event.kind == DECEASED
        status = PlanStatus.STOPPED if dead else LEADS_TO[PlanChangeKind(event.kind)]
    return status


def last_change(events: Iterable[LifeEvent]) -> LifeEvent | None:
    """Return the last change in force, which a correction takes back."""
    held = in_force(events)
    return held[-1] if held else None
