"""Why a dose has its day: reasons as values, each a sentence in English and Spanish."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scheduler.domain.reason_words import DAYS, MONTHS, SENTENCES, UNITS, Why, spoken_thing

__all__ = [
    "Reason",
    "Why",
    "full_sentence",
    "paragraph",
    "reasons_from_text",
    "reasons_to_text",
    "sentence",
    "spoken_day",
    "spoken_span",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason.

    Args:
        why: Its kind.
        day: The day it is about.
        other: A second day; of a not-before, the day that it counts from.
        count: Of the span, in ``unit`` (months, weeks or days, as the label writes it).
        unit: Of the span.
        what: The dose it counts from ("dose 3"), the event, the requirement, or the limit.
    """

    why: Why
    day: date | None = None
    other: date | None = None
    count: int = 0
    unit: str = "days"
    what: str = ""


def sentence(reason: Reason, language: str = "en") -> str:
    """Return the reason in words, as a part of a sentence."""
    return SENTENCES[language][reason.why].format(
        day=reason.day and spoken_day(reason.day, language),
        other=reason.other and spoken_day(reason.other, language),
        span=spoken_span(reason.count, reason.unit, language),
        count=reason.count,
        what=spoken_thing(reason.what, language),
    )


def full_sentence(reason: Reason, language: str = "en") -> str:
    """Return the reason as a sentence of its own."""
    return paragraph((reason,), language)


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
