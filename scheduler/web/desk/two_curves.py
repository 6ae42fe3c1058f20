"""A day's patients in chairs as it is and as it could be, in one drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.curve import CurvePoint

WIDTH, HEIGHT = 1000, 140
HEADROOM = 1.15
GAP = 2.0
HOURS_APART = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotBar:
    """The patients of a slot once rearranged."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoCurves:
    """Bars for the day as it could be, a stepped line for the day as it is."""

    width: int
    height: int
    bars: tuple[SlotBar, ...]
    bar_width: float
    now: str
    hours: tuple[tuple[float, str], ...]
    label: str


def draw_two_curves(before: Sequence[CurvePoint], after: Sequence[CurvePoint]) -> TwoCurves:
    """Draw patients in chairs of a day before and after, slot by slot."""
    step = WIDTH / max(1, len(before))
    highest = HEADROOM * max([1, *(p.patients for p in before), *(p.patients for p in after)])
    bars = tuple(
        SlotBar(
            x=round(at * step + GAP / 2, 1),
            y=_y(point.patients, highest),
            height=round(point.patients / highest * HEIGHT, 1),
        )
        for at, point in enumerate(after)
        if point.patients
    )
    peaks = [max((p.patients for p in points), default=0) for points in (before, after)]
    return TwoCurves(
        width=WIDTH,
        height=HEIGHT,
        bars=bars,
        bar_width=round(step - GAP, 1),
        now="".join(
            f"{'M' if not at else 'L'}{at * step:.1f} {_y(point.patients, highest)}H{(at + 1) * step:.1f}"
            for at, point in enumerate(before)
        ),
        hours=tuple(
            (round(at * step, 1), f"{point.at.hour}:00")
            for at, point in enumerate(before)
            if point.at.minute == 0
        ),
        label=f"Patients in chairs: at most {peaks[0]} now, {peaks[1]} once rearranged",
    )


def _y(patients: int, highest: float) -> float:
    return round(HEIGHT - patients / highest * HEIGHT, 1)
