"""The places of a center: what a chair offers, what a visit needs of it, when it is out of service."""

from dataclasses import dataclass
from enum import StrEnum

from scheduler.domain.people import ChairKind


class ChairNeed(StrEnum):
    """What a visit can need of its place; a visit without needs sits anywhere."""

    BED = "bed"
    ROOM = "room"
    NEAR_NURSES = "near_nurses"
    LIFT = "lift"
    ISOLATION = "isolation"

    @property
    def words(self) -> str:
        """The places that have it, as a desk names them."""
        return NEED_WORDS[self]


NEED_WORDS = {
    ChairNeed.BED: "beds",
    ChairNeed.ROOM: "rooms",
    ChairNeed.NEAR_NURSES: "places near the nurses",
    ChairNeed.LIFT: "places with a lift",
    ChairNeed.ISOLATION: "isolation places",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A half-open part of a day, in minutes after midnight on the center's clock."""

    begins: int
    ends: int

    def overlaps(self, begins: int, ends: int) -> bool:
        """Say whether any minute is common."""
        return self.begins < ends and begins < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class ChairFacts:
    """One chair, bed or room as capacity sees it.

    Args:
        key: The chair's globally unique integer.
        kind: Chair, bed or room.
        near_nurses: In sight of the nurses' desk.
        lift: Has a patient lift.
        isolation: Can take a patient who must be kept apart.
        out_of_service: Parts of this day in which nobody can sit in it.
    """

    key: int
    kind: ChairKind = ChairKind.CHAIR
    near_nurses: bool = False
    lift: bool = False
    isolation: bool = False
    out_of_service: tuple[Span, ...] = ()

    @property
    def offers(self) -> frozenset[ChairNeed]:
        """The needs that this place meets."""
        flags = {
            ChairNeed.BED: self.kind is ChairKind.BED,
            ChairNeed.ROOM: self.kind is ChairKind.ROOM,
            ChairNeed.NEAR_NURSES: self.near_nurses,
            ChairNeed.LIFT: self.lift,
            ChairNeed.ISOLATION: self.isolation,
        }
        return frozenset(need for need, offered in flags.items() if offered)

    def in_service(self, begins: int, ends: int) -> bool:
        """Say whether the place can be used from ``begins`` to ``ends`` (minutes after midnight)."""
        return not any(span.overlaps(begins, ends) for span in self.out_of_service)
