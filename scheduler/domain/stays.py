"""One visit in want of a chair."""

from dataclasses import dataclass

from scheduler.domain.chairs import ChairFacts, ChairNeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One visit in want of a chair, in minutes after midnight on the center's clock.

    Args:
        id: Anything that names the visit, a UUID's text or an appointment id.
        begins: When the patient sits down.
        free_at: When the chair is clean again (``chair_free_at``), not included.
        needs: What the place must offer.
        pinned: The key of the chair that a person chose.
        current: The key of the chair that it has now.
        fixed: It stays in ``current`` whatever happens (arrived, published).
    """

    id: object
    begins: int
    free_at: int
    needs: frozenset[ChairNeed] = frozenset()
    pinned: int | None = None
    current: int | None = None
    fixed: bool = False

    def overlaps(self, other: "Stay") -> bool:
        """Say whether both cannot sit in one chair."""
        return self.begins < other.free_at and other.begins < self.free_at

    def suits(self, chair: ChairFacts) -> bool:
        """Say whether the stay can be in that chair, other stays aside."""
        if self.fixed and self.current is not None:
            return chair.key == self.current
        if not chair.in_service(self.begins, self.free_at):
            return False
        if self.pinned is not None:
            return chair.key == self.pinned
        return self.needs <= chair.offers
