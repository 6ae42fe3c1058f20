"""The days of a planned dose: the rule's, its window, the engine's proposal, and a person's choice."""

from datetime import date

from sqlalchemy.orm import Mapped


class PlannedDays:
    """``not_before`` is hard, ``earliest`` .. ``latest`` soft, ``planned_on`` the engine's proposal.

    ``leveled_on`` is the planned day that a person chose months ahead, to level a week.
    """

    due_on: Mapped[date]
    planned_on: Mapped[date | None]
    leveled_on: Mapped[date | None]
    earliest: Mapped[date]
    latest: Mapped[date]
    not_before: Mapped[date | None]

    @property
    def aim(self) -> date | None:
        """The day that a person chose months ahead, as long as the dose may be given on it."""
        first = max(self.earliest, self.not_before or self.earliest)
        inside = self.leveled_on is not None and first <= self.leveled_on <= self.latest
        return self.leveled_on if inside else None

    @property
    def planned_day(self) -> date | None:
        """The planned day: chosen by a person, else the engine's."""
        return self.aim or self.planned_on
