"""Why a dose has its day: reasons as values, each a sentence in English and Spanish."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}
MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "es": ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
}


class Why(StrEnum):
    """The kinds of reasons."""

    FIRST = "first"
    DUE = "due"
    MOVED = "moved"
    NOT_BEFORE = "not_before"
    HELD_BACK = "held_back"
    NO_OPEN_DAY = "no_open_day"
    NEEDS_WEIGHT = "needs_weight"
    OVER_LIMIT = "over_limit"
    LONG_GAP = "long_gap"
    EARLIER_EXPOSURE = "earlier_exposure"
    PARTIAL = "partial"


SENTENCES = {
    "en": {
        Why.FIRST: "The first day of the order",
        Why.DUE: "Due {span} after {what} ({day})",
        Why.MOVED: "moved from {day} to {other}: closed",
        Why.NOT_BEFORE: "not before {day}: {span} after {what}",
        Why.HELD_BACK: "later than its window, since it must not be given before {day}",
        Why.NO_OPEN_DAY: "no open day from {day} to {other}",
        Why.NEEDS_WEIGHT: "the amount needs a weight and, for mg/m2, a height",
        Why.OVER_LIMIT: "over the limit of {what}",
        Why.LONG_GAP: "more than {span} since {what}: a pharmacist decides",
        Why.EARLIER_EXPOSURE: "earlier doses of this drug are known: a pharmacist decides",
        Why.PARTIAL: "the dose before was given in part: a pharmacist decides",
    },
    "es": {
        Why.FIRST: "El primer día de la orden",
        Why.DUE: "Toca {span} después de {what} ({day})",
        Why.MOVED: "movida del {day} al {other}: cerrado",
        Why.NOT_BEFORE: "no antes del {day}: {span} después de {what}",
        Why.HELD_BACK: "más tarde que su plazo, porque no debe darse antes del {day}",
        Why.NO_OPEN_DAY: "ningún día abierto del {day} al {other}",
        Why.NEEDS_WEIGHT: "la cantidad necesita un peso y, para mg/m2, una estatura",
        Why.OVER_LIMIT: "por encima del límite de {what}",
        Why.LONG_GAP: "más de {span} desde {what}: decide farmacia",
        Why.EARLIER_EXPOSURE: "se conocen dosis anteriores de este fármaco: decide farmacia",
        Why.PARTIAL: "la dosis anterior se dio en parte: decide farmacia",
    },
}
UNITS = {
    "en": {"months": ("month", "months"), "weeks": ("week", "weeks"), "days": ("day", "days")},
    "es": {"months": ("mes", "meses"), "weeks": ("semana", "semanas"), "days": ("día", "días")},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason.

    Args:
        why: Its kind.
        day: The day it is about.
        other: A second day.
        count: Of the span, in ``unit`` (months, weeks or days, as the label writes it).
        unit: Of the span.
        what: The dose it counts from ("dose 3"), or the limit.
    """

    why: Why
    day: date | None = None
    other: date | None = None
    count: int = 0
    unit: str = "days"
    what: str = ""


def sentence(reason: Reason, language: str = "en") -> str:
    """Return the reason in words."""
    what = reason.what
    if language == "es":
        what = what.replace("dose", "la dosis").replace(
            "the order's first day", "el primer día de la orden"
        )
    return SENTENCES[language][reason.why].format(
        day=reason.day and spoken_day(reason.day, language),
        other=reason.other and spoken_day(reason.other, language),
        span=spoken_span(reason.count, reason.unit, language),
        what=what,
    )


def paragraph(reasons: Iterable[Reason], language: str = "en") -> str:
    """Return all reasons as one sentence."""
    said = "; ".join(sentence(reason, language) for reason in reasons)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def spoken_day(day: date, language: str = "en") -> str:
    """Return "Mon, Jul 6, 2026" or "lun 6 jul 2026"."""
    weekday, month = DAYS[language][day.weekday()], MONTHS[language][day.month - 1]
    if language == "es":
        return f"{weekday} {day.day} {month} {day.year}"
    return f"{weekday}, {month} {day.day}, {day.year}"


def spoken_span(count: int, unit: str, language: str = "en") -> str:
    """Return "6 months", "24 weeks", "1 day"."""
    one, many = UNITS[language][unit]
    return f"{count} {one if count == 1 else many}"


def reasons_to_text(reasons: Iterable[Reason]) -> str:
    """Return reasons as they are stored."""
    return json.dumps(
        [
            [
                r.why,
                r.day and r.day.isoformat(),
                r.other and r.other.isoformat(),
                r.count,
                r.unit,
                r.what,
            ]
            for r in reasons
        ]
    )


def reasons_from_text(text: str) -> tuple[Reason, ...]:
    """Return the reasons that ``reasons_to_text`` wrote."""
    return tuple(
        Reason(
            why=Why(why),
            day=date.fromisoformat(day) if day else None,
            other=date.fromisoformat(other) if other else None,
            count=count,
            unit=unit,
            what=what,
        )
        for why, day, other, count, unit, what in json.loads(text)
    )
