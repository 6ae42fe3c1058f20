"""The keys of a case, turned into order, facts and choices for the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from scheduler.domain.cases.case import CaseError, Inputs
from scheduler.domain.cases.question import Known, Question, calendar_of
from scheduler.domain.cases.rules import changed
from scheduler.domain.dates import EVERY_DAY, due
from scheduler.domain.doses import Facts, GivenFact, OrderFacts
from scheduler.domain.regimen import Phase, Regimen
from scheduler.domain.series import resolve

day_of = date.fromisoformat


def question_of(regimen: Regimen, region: str, inputs: Inputs, known: Known) -> Question:
    """Return what a case knows.

    Raises:
        CaseError: a key that nobody knows, or no day to start from.
    """
    choices = _choices(regimen, inputs)
    calendar = calendar_of(inputs, known)
    courses = _courses(inputs)
    rule = changed(regimen, inputs, courses=len(courses))
    order = _order(region, inputs)
    events = {name: day_of(day) for name, day in inputs.starting("event:").items()}
    given = [*_course_days(regimen, courses), *_cycle(regimen, inputs)]
    made = _history(rule, order, given, inputs, known, events=tuple(events.values()))
    inputs.done()
    return Question(
        regimen=rule,
        order=made[0],
        facts=Facts(given=made[1], events=events),
        calendar=calendar,
        choices=choices,
    )


def _choices(regimen: Regimen, inputs: Inputs) -> Mapping[str, str]:
    """Return a reading for each open choice: the case's, else the file's first."""
    return {c.id: inputs.take(c.id) or c.options[0] for c in regimen.choices}


def _order(region: str, inputs: Inputs) -> OrderFacts:
    kg, height, amount = inputs.take("kg"), inputs.take("height"), inputs.take("amount")
    return OrderFacts(
        first_day=date.max,
        region=region,
        indication=inputs.take("indication"),
        weight_kg=Decimal(kg) if kg else None,
        height_cm=Decimal(height) if height else None,
        amount=Decimal(amount) if amount else None,
        prior_amount=Decimal(inputs.take("prior") or 0),
        phase=inputs.take("phase"),
        home_doses=True,
    )


def _history(
    rule: Regimen,
    order: OrderFacts,
    given: Sequence[GivenFact],
    inputs: Inputs,
    known: Known,
    *,
    events: Sequence[date],
) -> tuple[OrderFacts, tuple[GivenFact, ...]]:
    """Return the order with its first day, and what was given: from the start, or on treatment."""
    start, anchor, request = inputs.take("start"), inputs.take("anchor"), inputs.take("due")
    numbered = {n: day_of(day) for n, day in inputs.numbered("given").items()}
    dues = {n: day_of(day) for n, day in inputs.numbered("due").items()}
    last, earlier = inputs.take("given"), inputs.take("earlier")
    facts = [*given, *(_fact(rule, day, n) for n, day in numbered.items())]
    first = day_of(start) if start else numbered.get(1) or (given[0].day if given else None)
    if first is None and earlier:
        return _after_other(rule, order, earlier, known)
    if first is None and (last or numbered or anchor):
        planned = anchor or request if last else ""
        planned_day = day_of(planned) if planned else next(iter(dues.values()), None)
        given_day = day_of(last) if last else next(iter(numbered.values()), None)
        return _on_treatment(rule, order, planned_day, given_day or day_of(anchor))
    if first is None and not events:
        raise CaseError("start is missing")
    return replace(order, first_day=first or min(events)), tuple(facts)


def _on_treatment(
    rule: Regimen, order: OrderFacts, planned: date | None, given: date
) -> tuple[OrderFacts, tuple[GivenFact, ...]]:
    """Return a patient whose last dose was given in the last repeating phase."""
    if planned is None:
        return replace(order, first_day=given, continuing=True), (_fact(rule, given, None),)
    order = replace(order, first_day=planned, continuing=True)
    doses = resolve(rule, order, Facts(), EVERY_DAY, {}, until=planned).doses
    return order, (_fact(rule, given, doses[0].ordinal),)


def _after_other(
    rule: Regimen, order: OrderFacts, earlier: str, known: Known
) -> tuple[OrderFacts, tuple[GivenFact, ...]]:
    """Return a patient who comes from another regimen; of the same ingredient: no loading again."""
    name, _, day = earlier.partition(":")
    other, last = known.regimen(name), day_of(day)
    if other.ingredient == rule.ingredient:
        return replace(order, first_day=last, continuing=True), (_fact(rule, last, None),)
    every = [
        phase.every for phase in other.phases if phase.every is not None and not phase.clinical
    ]
    if not every:
        raise CaseError(f"{name} has no next dose to start on")
    return replace(order, first_day=due(last, every[-1], 1)), ()


def _fact(rule: Regimen, day: date, ordinal: int | None) -> GivenFact:
    return GivenFact(ingredient=rule.ingredient, ordinal=ordinal, day=day)


def _courses(inputs: Inputs) -> Mapping[int, date]:
    return {n: day_of(day) for n, day in inputs.numbered("course", "_last").items()}


def _course_days(regimen: Regimen, courses: Mapping[int, date]) -> list[GivenFact]:
    """Return the days of courses that ended on a known day, each day after the other."""
    lengths = [phase.run.days if phase.run else len(phase.offsets) for phase in regimen.phases]
    before = [0, *accumulate(lengths)]
    return [
        _fact(regimen, last - timedelta(days=lengths[n - 1] - day), before[n - 1] + day)
        for n, last in courses.items()
        for day in range(1, lengths[n - 1] + 1)
    ]


def _cycle(regimen: Regimen, inputs: Inputs) -> list[GivenFact]:
    """Return the first and the last dose of a first cycle."""
    if not inputs.has("cycle_start"):
        return []
    first, last = day_of(inputs.need("cycle_start")), day_of(inputs.need("last"))
    return [_fact(regimen, first, 1), _fact(regimen, last, _length(regimen.phases[0]))]


def _length(phase: Phase) -> int:
    return len(phase.offsets) * (phase.run.days if phase.run else 1)
