"""A visit's five steps and a day's small curve as numbers for SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.five_steps import StepMinutes, ToldLength, ToldStep, five_steps

LOOKS = {
    ToldStep.PREPARATION: "ch-soft",
    ToldStep.IV_START: "ch-line-key",
    ToldStep.INFUSION: "ch-bar",
    ToldStep.OBSERVATION: "ch-watch",
}
THROUGHOUT = "all the time"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPart:
    """One of the five steps a patient is told about, its length in words, and SVG units of a bar 600 wide."""

    words: str
    length: str
    look: str
    x: float
    width: float


def draw_steps(visit: StepMinutes) -> tuple[StepPart, ...]:
    """Return the five steps of a visit in proportion; monitoring has words only."""
    told = five_steps(visit)
    unit = 600 / max(1, sum(each.minutes or 0 for each in told))
    drawn, x = [], 0.0
    for each in told:
        width = (each.minutes or 0) * unit
        drawn.append(
            StepPart(
                words=each.step.value,
                length=step_length(each),
                look=LOOKS.get(each.step, ""),
                x=round(x, 1),
                width=round(width, 1),
            )
        )
        x += width
    return tuple(drawn)


def step_length(told: ToldLength) -> str:
    """Return how long a step takes, as desks read it."""
    return THROUGHOUT if told.minutes is None else f"{told.minutes} min"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallBar:
    """A bar of the small curve: what is booked, and this visit on top of it."""

    x: float
    y: float
    height: float
    top_y: float
    top_height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallCurve:
    """A day's chairs in use with one visit on top, 150 x 40."""

    bars: tuple[SmallBar, ...]
    limit_y: float
    label: str


def draw_small_curve(used: Sequence[int], added: Sequence[int], limit: int) -> SmallCurve:
    """Draw chairs in use per slot and what this visit adds, against the number of chairs."""
    top = max([limit, *(u + a for u, a in zip(used, added, strict=True)), 1]) * 1.1
    step = 150 / max(1, len(used))
    unit = 36 / top
    bars = tuple(
        SmallBar(
            x=round(at * step, 1),
            y=round(38 - booked * unit, 1),
            height=round(booked * unit, 1),
            top_y=round(38 - (booked + more) * unit, 1),
            top_height=round(more * unit, 1),
        )
        for at, (booked, more) in enumerate(zip(used, added, strict=True))
    )
    peak = max((u + a for u, a in zip(used, added, strict=True)), default=0)
    return SmallCurve(
        bars=bars,
        limit_y=round(38 - limit * unit, 1),
        label=f"Chairs in use that day with this visit: at most {peak} of {limit}",
    )
