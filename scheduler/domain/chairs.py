"""The places of a center: what a chair offers, what a visit needs of it, when it is out of service."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

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
        return _offers(self.kind, self.near_nurses, self.lift, self.isolation)

    def in_service(self, begins: int, ends: int) -> bool:
        """Say whether the place can be used from ``begins`` to ``ends`` (minutes after midnight)."""
        return not any(span.overlaps(begins, ends) for span in self.out_of_service)


@cache
def _offers(kind: ChairKind, *flags: bool) -> frozenset[ChairNeed]:
    """Return what a place offers; asked so often that the few combinations there are are kept."""
    kinds = {ChairKind.BED: ChairNeed.BED, ChairKind.ROOM: ChairNeed.ROOM}
    needs = (ChairNeed.NEAR_NURSES, ChairNeed.LIFT, ChairNeed.ISOLATION)
    own = [kinds[kind]] if kind in kinds else []
    return frozenset([*own, *(need for need, flag in zip(needs, flags, strict=True) if flag)])
