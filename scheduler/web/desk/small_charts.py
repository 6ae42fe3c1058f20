"""A visit's five steps and a day's small curve as numbers for SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.visits import Step

FIVE_STEPS = (
    ("Preparation", (Step.INTAKE, Step.PREPARATION), "ch-soft"),
    ("IV start", (Step.IV_START,), "ch-line-key"),
    ("Infusion", (Step.INFUSION,), "ch-bar"),
    ("Observation", (Step.OBSERVATION,), "ch-watch"),
    ("Discharge", (Step.DISCHARGE,), "ch-soft"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPart:
    """One of the five steps a patient is told about, in minutes and SVG units of a bar 600 wide."""

    words: str
    minutes: int
    look: str
    x: float
    width: float


def draw_steps(steps: Sequence[tuple[Step, int]]) -> tuple[StepPart, ...]:
    """Return the five steps of a visit in proportion; steps that take no time are left out."""
    lengths = dict(steps)
    parts = [(words, sum(lengths.get(s, 0) for s in of), look) for words, of, look in FIVE_STEPS]
    total = max(1, sum(minutes for _, minutes, _ in parts))
    drawn, x = [], 0.0
    for words, minutes, look in parts:
        width = round(600 * minutes / total, 1)
        if minutes:
            drawn.append(
                StepPart(words=words, minutes=minutes, look=look, x=round(x, 1), width=width)
            )
        x += width
    return tuple(drawn)


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
