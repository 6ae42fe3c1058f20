"""A regimen drawn with an example patient: phases as a strip, each dose with its window, each minimum gap as a bar."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from scheduler.domain.dose_reasons import Why, spoken_span
from scheduler.domain.doses import PlannedDose
from scheduler.domain.phase_numbers import phase_name
from scheduler.domain.regimen import Regimen
from scheduler.web.desk.timeline_view import (
    LETTER,
    WIDTH,
    DoseFact,
    DoseLook,
    Mark,
    Scale,
    Tick,
    marks_of,
    months_of,
    scale_over,
)
from scheduler.web.words import short_day

THIN = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Something that lasts: from x on for a width, its words beginning at ``words_x``."""

    x: float
    width: float
    words: str
    words_x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenLine:
    """The whole drawing; ``label`` says it in words for whoever does not see it."""

    width: int
    phases: tuple[Bar, ...]
    gaps: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    months: tuple[Tick, ...]
    label: str


def draw_regimen(rule: Regimen, doses: Sequence[PlannedDose], first: date) -> RegimenLine | None:
    """Return the drawing of a series that begins on a day; None without doses."""
    if not doses:
        return None
    facts = [
        DoseFact(
            label=str(dose.ordinal),
            look=DoseLook.PLANNED,
            at=dose.due,
            due=dose.due,
            earliest=dose.earliest,
            latest=dose.latest,
        )
        for dose in doses
    ]
    days = [day for dose in doses for day in (dose.due, dose.earliest, dose.latest)]
    scale = scale_over([first, *days])
    return RegimenLine(
        width=WIDTH,
        phases=_apart(_phases(rule, doses, scale)),
        gaps=_apart(_gaps(doses, scale)),
        marks=marks_of(facts, scale, first),
        months=months_of(scale),
        label=_label(doses, first),
    )


def _phases(rule: Regimen, doses: Sequence[PlannedDose], scale: Scale) -> Iterator[Bar]:
    """Yield each phase from its first to its last dose; one that repeats without end runs out of the picture."""
    for phase_id, run in groupby(doses, key=lambda dose: dose.phase):
        mine, phase = list(run), rule.phase(phase_id)
        endless = phase.every is not None and mine[-1] is doses[-1]
        x = scale.x(mine[0].due)
        end = scale.width if endless else scale.x(mine[-1].due)
        words = phase_name(phase_id)
        yield Bar(x=x, width=max(end - x, THIN), words=words, words_x=x)


def _gaps(doses: Sequence[PlannedDose], scale: Scale) -> Iterator[Bar]:
    """Yield each minimum gap, from the dose that it counts from to the first day allowed."""
    for dose in doses:
        for reason in dose.reasons:
            if reason.why is Why.NOT_BEFORE and reason.other and dose.not_before:
                x = scale.x(reason.other)
                words = spoken_span(reason.count, reason.unit)
                width = max(scale.x(dose.not_before) - x, THIN)
                yield Bar(x=x, width=width, words=words, words_x=x)


def _apart(bars: Iterator[Bar]) -> tuple[Bar, ...]:
    """Return bars whose words do not lie over each other; words without room are left out."""
    found, end = [], 0.0
    for bar in bars:
        length = len(bar.words) * LETTER
        begins = max(bar.x, end)
        fits = begins + length <= WIDTH and begins - bar.x < length
        found.append(Bar(x=bar.x, width=bar.width, words=bar.words if fits else "", words_x=begins))
        end = begins + length + LETTER if fits else end
    return tuple(found)


def _label(doses: Sequence[PlannedDose], first: date) -> str:
    phases = dict.fromkeys(dose.phase.replace("_", " ") for dose in doses)
    last = short_day(doses[-1].due, first)
    return (
        f"The first {len(doses)} doses from {short_day(first, first)} to {last}, in"
        f" {', '.join(phases)}. The table says the same."
    )
