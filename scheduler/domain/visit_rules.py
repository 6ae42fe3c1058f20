"""How long a visit takes, step by step, and for which doses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMinutes:
    """The steps of a visit in minutes; turnover takes the chair, not the patient."""

    intake: int
    iv_start: int
    premedication: int
    infusion: int
    observation: int
    discharge: int
    turnover: int

    @property
    def patient_minutes(self) -> int:
        """From arrival to leaving: what the patient is told."""
        preparation = self.intake + self.iv_start + self.premedication
        return preparation + self.infusion + self.observation + self.discharge

    @property
    def chair_minutes(self) -> int:
        """Until the chair is free again."""
        return self.patient_minutes + self.turnover


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRule:
    """For which doses a visit takes how long.

    Args:
        phase: Only in that phase; "" for all.
        first: First ordinal, or first course day when ``of_course``.
        last: Last one; None for all after.
        requires: A name that the order must give for this rule to hold; else the one before goes on.
        alternatives: Shorter ones by name, used only when the order names them.
    """

    minutes: VisitMinutes
    phase: str = ""
    first: int = 1
    last: int | None = None
    of_course: bool = False
    requires: str = ""
    alternatives: tuple[tuple[str, VisitMinutes], ...] = ()

    def holds(self, phase: str, number: int) -> bool:
        """Say whether a dose of a phase, by ordinal or course day, has this visit."""
        in_range = number >= self.first and (self.last is None or number <= self.last)
        return in_range and self.phase in ("", phase)
