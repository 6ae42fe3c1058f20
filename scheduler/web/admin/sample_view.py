"""A sample day's curves as numbers for SVG: what is used, the limit as it is, and as it would be."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.curve import CurvePoint
from scheduler.services.sample_day import SampleDay

WIDTH, HEIGHT, BASE = 600, 90, 84
MEASURES = (
    ("Nurses busy", "nurse_load"),
    ("Patients in chairs", "patients"),
    ("IV starts", "iv_starts"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleBar:
    """A slot's bar; ``over`` when it is above the limit."""

    x: float
    y: float
    height: float
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleChart:
    """One measure of the day: bars of use, and paths of its limits, 600 x 90.

    Args:
        was: The limit in force, when another is tried.
        label: The same in words.
    """

    name: str
    bars: tuple[SampleBar, ...]
    width: float
    limit: str
    was: str
    label: str


def draw_sample(sample: SampleDay) -> tuple[SampleChart, ...]:
    """Return the charts of a sample day."""
    shown = sample.then or sample.now
    return tuple(
        _chart(name, field, shown, sample.now if sample.then else ()) for name, field in MEASURES
    )


def _chart(
    name: str, field: str, shown: Sequence[CurvePoint], before: Sequence[CurvePoint]
) -> SampleChart:
    used, allowed = _values(shown, field), _values(shown, f"{field}_allowed")
    was = _values(before, f"{field}_allowed")
    unit = (BASE - 8) / max([*used, *(a for a in allowed if a < UNBOUNDED), *was, 1])
    step = WIDTH / max(1, len(used))
    bars = tuple(
        SampleBar(
            x=round(n * step, 1),
            y=round(BASE - value * unit, 1),
            height=round(value * unit, 1),
            over=value > most,
        )
        for n, (value, most) in enumerate(zip(used, allowed, strict=True))
        if value
    )
    return SampleChart(
        name=name,
        bars=bars,
        width=round(max(step - 1, 1), 1),
        limit=_path(allowed, unit, step),
        was=_path(was, unit, WIDTH / max(1, len(was))),
        label=_label(name, used, allowed),
    )


UNBOUNDED = 1000


def _values(points: Sequence[CurvePoint], field: str) -> list[float]:
    return [float(getattr(point, field)) for point in points]


def _path(values: Sequence[float], unit: float, step: float) -> str:
    parts = []
    for n, value in enumerate(values):
        y = max(1.0, round(BASE - value * unit, 1))
        parts.append(f"{'L' if n else 'M'}{n * step:.1f} {y}H{(n + 1) * step:.1f}")
    return "".join(parts)


def _label(name: str, used: Sequence[float], allowed: Sequence[float]) -> str:
    over = sum(u > a for u, a in zip(used, allowed, strict=True))
    peak, most = max(used, default=0), max(allowed, default=0)
    end = f"; over the limit in {over} slots" if over else ""
    return f"{name}: at most {round(peak, 1):g} of {round(most, 1):g}{end}"
