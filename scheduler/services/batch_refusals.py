"""Why visits that were to move together did not."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.counting import counted
from scheduler.domain.errors import DomainError
from scheduler.domain.ids import AppointmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRefusal:
    """What stands in the way of one visit, in a sentence."""

    appointment_id: AppointmentId
    sentence: str


class BatchRefusedError(DomainError):
    """Something changed since the proposal was made; nothing was moved."""

    def __init__(self, refused: Sequence[BatchRefusal]) -> None:
        visits = counted(len(refused), "visit")
        super().__init__(f"Nothing was moved: {visits} cannot go there any more.")
        self.refused = tuple(refused)
