"""A series as JSON, or as lines for a person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.domain.cases.question import Question
from scheduler.domain.counting import counted
from scheduler.domain.dose_reasons import full_sentence, paragraph
from scheduler.domain.doses import PlannedDose, Series
from scheduler.domain.surroundings import (
    check_dates,
    limit_uses,
    requirement_dates,
    vaccine_dates,
)
from scheduler.domain.trace import Step, trace
from scheduler.domain.transferred import amid_loading
from scheduler.domain.visit_rules import VisitMinutes
from scheduler.domain.wished_dose_day import WishAnswer

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is printed: the first doses of a series, the answer to a wish, in a language, explained or not."""

    question: Question
    series: Series
    count: int
    wish: WishAnswer | None
    language: str
    explain: bool

    @property
    def doses(self) -> Sequence[PlannedDose]:
        """The doses that are shown."""
        return self.series.doses[: self.count]


def as_json(shown: Shown, only: str) -> Json:
    """Return the whole answer, or one part of it."""
    rule = shown.question.regimen
    head = {"regimen": rule.id, "version": rule.version}
    if only:
        return {**head, **PARTS[only](shown)}
    hint = {"hint": said} if (said := _hint(shown)) else {}
    return {**head, **_doses(shown), "request": _request(shown), **hint}


def as_lines(shown: Shown, only: str) -> Iterator[str]:
    """Yield the answer for a person to read."""
    if only not in ("", "doses"):
        for name, rows in PARTS[only](shown).items():
            yield f"{name}:"
            assert isinstance(rows, list)  # noqa: S101 - each part is a list of rows
            yield from (f"  {_row(row)}" for row in rows)
        return
    for dose in shown.doses:
        yield _line(dose)
        yield f"    {paragraph(dose.reasons, shown.language)}"
        if shown.explain:
            yield from (f"      {_said(step)}" for step in _trace(dose, shown))
    if shown.wish is not None:
        yield f"request: {shown.wish.status.value}. {paragraph(shown.wish.reasons, shown.language)}"
    yield from _beside(shown)


def _beside(shown: Shown) -> Iterator[str]:
    """Yield what waits, what comes before the start, and what to ask."""
    for waiting in shown.series.waiting:
        yield f"{waiting.phase}: from {waiting.from_day} on, when the prescriber asks for it"
    for before in shown.series.preparations:
        yield f"{before.day}: {before.what}"
    if hint := _hint(shown):
        yield hint


def _hint(shown: Shown) -> str:
    """Return what to ask where loading elsewhere may not be over."""
    question = shown.question
    outside = [
        fact
        for fact in question.facts.given
        if fact.ordinal is None and fact.ingredient == question.regimen.ingredient
    ]
    first = next((dose.ordinal for dose in shown.series.doses), 0)
    loading = amid_loading(question.regimen, question.order, len(outside), first)
    if not loading:
        return ""
    return (
        f"Earlier doses known: {len(outside)}; the regimen begins with {counted(loading, 'loading dose')}. If loading is not"
        " over, ask with --start, the day of its first dose, and --given for each dose that was given."
    )


def _line(dose: PlannedDose) -> str:
    amount = "" if dose.amount is None else f"{_number(dose.amount)} {dose.unit}"
    planned = dose.planned or "no day"
    course = f" day {dose.course_day}" if dose.course_day else ""
    head = f"{dose.ordinal:>3}  {dose.phase}{course}"
    return f"{head:<24} due {dose.due}  planned {planned}  {amount:<9} {dose.status.value}".rstrip()


def _said(step: Step) -> str:
    why = f"{step.rule} [{step.basis}; {step.source}]" if step.rule else ""
    said = f"{step.what}: {step.result}. {step.arithmetic}"
    return f"{said}. Rule: {why}" if why else said


def _row(row: object) -> str:
    assert isinstance(row, dict)  # noqa: S101 - rows are made below
    return ", ".join(f"{name} {_word(value)}" for name, value in row.items() if value is not None)


def _word(value: object) -> str:
    return " ".join(str(each) for each in value) if isinstance(value, list) else str(value)


def _trace(dose: PlannedDose, shown: Shown) -> tuple[Step, ...]:
    return trace(dose, shown.question.regimen, shown.question.order)


def _doses(shown: Shown) -> Json:
    return {"doses": [_dose(dose, shown) for dose in shown.doses]}


def _dose(dose: PlannedDose, shown: Shown) -> Json:
    made: dict[str, object] = {
        "ordinal": dose.ordinal,
        "phase": dose.phase,
        "due": _day(dose.due),
        "planned": _day(dose.planned),
        "earliest": _day(dose.earliest),
        "latest": _day(dose.latest),
        "not_before": _day(dose.not_before),
        "amount": _plain(dose.amount),
        "unit": dose.unit,
        "minutes": _minutes(dose.minutes),
        "status": dose.status.value,
        "reasons": [full_sentence(reason, shown.language) for reason in dose.reasons],
    }
    if shown.explain:
        made["trace"] = [
            {"what": s.what, "result": s.result, "arithmetic": s.arithmetic}
            | {"rule": s.rule, "basis": s.basis, "source": s.source}
            for s in _trace(dose, shown)
        ]
    return made


def _request(shown: Shown) -> Json | None:
    if shown.wish is None:
        return None
    return {
        "status": shown.wish.status.value,
        "reason": paragraph(shown.wish.reasons, shown.language),
    }


def _minutes(steps: VisitMinutes) -> Json:
    return {
        "intake": steps.intake,
        "iv_start": steps.iv_start,
        "premedication": steps.premedication,
        "infusion": steps.infusion,
        "observation": steps.observation,
        "discharge": steps.discharge,
        "turnover": steps.turnover,
    }


def _requirements(shown: Shown) -> Json:
    spanish = shown.language == "es"
    rows = [
        {
            "ordinal": each.ordinal,
            "id": each.rule.id,
            "what": (each.rule.what_es if spanish else "") or each.rule.what,
            "at_chair": each.rule.at_chair,
            "earliest": _day(each.earliest),
            "latest": _day(each.latest),
        }
        for each in requirement_dates(shown.doses)
    ]
    first = shown.doses[0].planned or shown.doses[0].due if shown.doses else None
    last_days = vaccine_dates(shown.question.regimen, first) if first else ()
    vaccines = [{"kind": rule.kind, "latest": _day(day)} for rule, day in last_days]
    return {"requirements": rows, "vaccines": vaccines}


def _monitors(shown: Shown) -> Json:
    found = check_dates(shown.question.regimen, shown.doses, shown.count)
    rows = [
        {
            "id": each.rule.id,
            "what": each.rule.what,
            "days": [_day(day) for day in each.days],
            "until": _day(each.until) or each.rule.until,
        }
        for each in found
    ]
    return {"monitors": rows}


def _visits(shown: Shown) -> Json:
    rows = [
        {
            "ordinal": dose.ordinal,
            **_minutes(dose.minutes),
            "patient": dose.minutes.patient_minutes,
            "chair": dose.minutes.chair_minutes,
        }
        for dose in shown.doses
    ]
    return {"minutes": rows}


def _limits(shown: Shown) -> Json:
    question = shown.question
    found = limit_uses(question.regimen, question.order, question.facts, shown.series)
    rows = [
        {
            "kind": each.rule.kind,
            "value": _plain(each.rule.value),
            "unit": each.rule.unit,
            "region": each.rule.region or None,
            "on_exceed": "block" if each.rule.blocks else "review",
            "opening": _plain(each.opening),
            "allowed": each.allowed,
            "last_due": _day(each.last_due),
            "first_over": each.first_over,
        }
        for each in found
    ]
    return {"limits": rows}


PARTS = {
    "doses": _doses,
    "requirements": _requirements,
    "monitors": _monitors,
    "minutes": _visits,
    "limits": _limits,
}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
