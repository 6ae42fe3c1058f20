"""The five steps of a visit as desks and patients are told them: one set of names for pages and mails."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ToldStep(StrEnum):
    """The five steps in order; monitoring has no minutes of its own, it runs beside the infusion."""

    PREPARATION = "Preparation"
    IV_START = "IV start"
    INFUSION = "Infusion"
    MONITORING = "Monitoring"
    OBSERVATION = "Observation"


class StepMinutes(Protocol):
    """Whatever knows the steps of a visit in minutes: a rule's visit or a stored dose."""

    @property
    def intake(self) -> int:
        """Weight, vital signs, screening."""

    @property
    def premedication(self) -> int:
        """Premedication and its wait."""

    @property
    def iv_start(self) -> int:
        """Getting the line in."""

    @property
    def infusion(self) -> int:
        """The drug, all flushes included."""

    @property
    def observation(self) -> int:
        """After the infusion, in the chair."""

    @property
    def discharge(self) -> int:
        """Line out, papers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLength:
    """One of the five steps and its minutes; None for monitoring: all the time."""

    step: ToldStep
    minutes: int | None


def five_steps(minutes: StepMinutes) -> tuple[ToldLength, ...]:
    """Return the five steps of a visit; their minutes add up to the chair time, without turnover.

    Preparation is intake and premedication; observation ends with the line out. A step that takes no time is left
    out, and monitoring with the infusion that it watches.
    """
    lengths = {
        ToldStep.PREPARATION: minutes.intake + minutes.premedication,
        ToldStep.IV_START: minutes.iv_start,
        ToldStep.INFUSION: minutes.infusion,
        ToldStep.MONITORING: None if minutes.infusion else 0,
        ToldStep.OBSERVATION: minutes.observation + minutes.discharge,
    }
    return tuple(ToldLength(step=s, minutes=n) for s, n in lengths.items() if n != 0)
