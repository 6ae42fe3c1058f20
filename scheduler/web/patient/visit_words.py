"""A visit in the patient's words: days, times, lengths, and where its day lies among those that suit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.units import format_unit
from flask_babel import gettext as _
from markupsafe import Markup

from scheduler.domain.five_steps import ToldLength, ToldStep
from scheduler.domain.guidance import GuidanceSection
from scheduler.domain.messages import Lead
from scheduler.domain.timing import Instant, local
from scheduler.messaging.dates import day_words, stay_words
from scheduler.messaging.texts import html_of
from scheduler.messaging.words import words_of
from scheduler.services.visit_page import DoseWindow, VisitPage

CHART_LEFT, CHART_RIGHT = 50, 310
BEFOREHAND = frozenset({Lead.BOOKING, Lead.THREE_DAYS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the five steps; ``length`` in words."""

    name: str
    length: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A section of guidance; ``language`` is another one where nobody has translated it."""

    title: str
    html: Markup
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Why this date: the days that suit as a bar from 50 to 310, the visit's day as a point on it."""

    earliest: str
    latest: str
    not_before: str
    since: str
    inside: bool
    x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitWords:
    """Everything of the page that is a day, a time, a length or guidance.

    Args:
        ready: How to prepare, which mails say too.
        more: What the page alone says, or a mail on the last day.
    """

    day: str
    at: str
    until: str
    stay: str
    steps: tuple[Step, ...]
    ready: tuple[Text, ...]
    more: tuple[Text, ...]
    window: Window | None
    others: tuple[str, ...]


def in_words(visit: VisitPage, *, today: date) -> VisitWords:
    """Return a visit in words of its language, on the center's clock."""
    zone = ZoneInfo(visit.zone)
    day = local(visit.starts_at, zone).date()
    return VisitWords(
        day=_day(day, visit.language, today),
        at=_time(visit.starts_at, zone),
        until=_time(visit.ends_at, zone),
        stay=_first_large(stay_words(visit.minutes, words_of(visit.language))),
        steps=tuple(_steps(visit.steps, visit.language)),
        ready=tuple(_text(each) for each in visit.sections if each.leads & BEFOREHAND),
        more=tuple(_text(each) for each in visit.sections if not each.leads & BEFOREHAND),
        window=_window(visit.window, day, visit.language) if visit.window else None,
        others=tuple(_others(visit, zone, today)),
    )


def _day(day: date, language: str, today: date) -> str:
    return day_words(day, words_of(language), written_on=today)


def _time(at: Instant, zone: ZoneInfo) -> str:
    return format_datetime(local(at, zone), "h:mm a", locale="en_US").lower()


def _others(visit: VisitPage, zone: ZoneInfo, today: date) -> Iterable[str]:
    for each in visit.others:
        day = local(each.starts_at, zone).date()
        yield _first_large(f"{_day(day, visit.language, today)}, {_time(each.starts_at, zone)}")


def _text(section: GuidanceSection) -> Text:
    return Text(title=section.title, html=html_of(section.full), language=section.language)


def _first_large(words: str) -> str:
    return words[:1].upper() + words[1:]


def _steps(told: Iterable[ToldLength], language: str) -> Iterable[Step]:
    names = {
        ToldStep.PREPARATION: _("Preparation"),
        ToldStep.IV_START: _("IV start"),
        ToldStep.INFUSION: _("Infusion"),
        ToldStep.MONITORING: _("Monitoring"),
        ToldStep.OBSERVATION: _("Observation"),
    }
    for each in told:
        length = _("all the time") if each.minutes is None else _length(each.minutes, language)
        yield Step(name=names[each.step], length=length)


def _length(minutes: int, language: str) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [
        format_unit(number, f"duration-{unit}", locale=language)
        for number, unit in ((hours, "hour"), (rest, "minute"))
        if number
    ]
    return " ".join(parts)


def _window(window: DoseWindow, day: date, language: str) -> Window:
    def plain(one: date) -> str:
        return format_date(one, "MMMM d" if language == "en" else "d 'de' MMMM", locale=language)

    def whole(one: date | None) -> str:
        return format_date(one, "long", locale=language) if one else ""

    length = max(1, (window.latest - window.earliest).days)
    share = (day - window.earliest).days / length
    across = CHART_LEFT + (CHART_RIGHT - CHART_LEFT) * share
    return Window(
        earliest=plain(window.earliest),
        latest=plain(window.latest),
        not_before=whole(window.not_before),
        since=_since(window, whole(window.since)),
        inside=window.earliest <= day <= window.latest,
        x=round(min(350.0, max(10.0, across)), 1),
    )


def _since(window: DoseWindow, day: str) -> str:
    if not window.span:
        return ""
    words: str = _(
        "Your plan has this treatment %(span)s after %(day)s.", span=window.span, day=day
    )
    return words
