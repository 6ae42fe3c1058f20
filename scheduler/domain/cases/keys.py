"""The keys of a case, turned into order, facts and choices for the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

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
    events = events_in(inputs)
    given = [*_course_days(regimen, courses), *_cycle(regimen, inputs)]
    made = _history(rule, order, given, inputs, known, events=tuple(events.values()))
    inputs.done()
    return Question(
        regimen=rule,
        order=made[0],
        facts=Facts(given=made[1], events=events, skipped=_not_here(regimen, courses)),
        calendar=calendar,
        choices=choices,
    )


def events_in(inputs: Inputs) -> Mapping[str, date]:
    """Take the days of events; an underscore in a name is a hyphen."""
    found = inputs.starting("event:").items()
    return {name.replace("_", "-"): day_of(day) for name, day in found}


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
    first = first or (None if last else _first_of_loading(rule, numbered, dues))
    if first is None and earlier:
        return _after_other(rule, order, earlier, known)
    if first is None and (last or numbered or anchor):
        planned = anchor or request if last else ""
        planned_day = day_of(planned) if planned else max(dues.values(), default=None)
        given_day = day_of(last) if last else max(numbered.values(), default=None)
        return _on_treatment(rule, order, planned_day, given_day or day_of(anchor))
    if first is None and (request or dues):  # nothing given: the dose of that day is asked about
        waiting = day_of(request) if request else max(dues.values())
        return replace(order, first_day=waiting, continuing=True), ()
    if first is None and not events:
        raise CaseError("start is missing")
    return replace(order, first_day=first or min(events)), tuple(facts)


def _first_of_loading(
    rule: Regimen, given: Mapping[int, date], dues: Mapping[int, date]
) -> date | None:
    """Return the first day that a known day of a later loading dose counts back to, if it is one of those."""
    offsets = rule.phases[0].dose_offsets
    number = min(given, default=0)
    if rule.phases[0].run or not 1 < number <= len(offsets):
        return None
    return due(dues.get(number, given[number]), offsets[number - 1].back(), 1)


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


def _not_here(regimen: Regimen, courses: Mapping[int, date]) -> frozenset[int]:
    """Return the doses of courses before the known ones: they were not given under this plan."""
    first = min(courses, default=1)
    missing = (n for n in range(1, first))
    return frozenset(
        _course_length(regimen, n) + place
        for n in missing
        for place, _ in enumerate(_days_before_last(_course(regimen, n)), start=1)
    )


def _courses(inputs: Inputs) -> Mapping[int, date]:
    return {n: day_of(day) for n, day in inputs.numbered("course", "_last").items()}


def _course_days(regimen: Regimen, courses: Mapping[int, date]) -> list[GivenFact]:
    """Return the days of courses that ended on a known day, each day after the other."""
    found = []
    for n, last in courses.items():
        before, back = _course_length(regimen, n), _days_before_last(_course(regimen, n))
        found += [
            _fact(regimen, last - timedelta(days=days), before + place)
            for place, days in enumerate(back, start=1)
        ]
    return found


def _course(regimen: Regimen, number: int) -> Phase:
    """Return the phase of a course by its number; the last phase goes on."""
    return regimen.phases[min(number, len(regimen.phases)) - 1]


def _course_length(regimen: Regimen, number: int) -> int:
    """Return how many doses come before a course."""
    return sum(len(_days_before_last(_course(regimen, n))) for n in range(1, number))


def _days_before_last(phase: Phase) -> list[int]:
    """Return for each dose of a course how many days it comes before the last one."""
    if phase.run:
        return list(range(phase.run.days - 1, -1, -1))
    return [phase.offsets[-1].days - offset.days for offset in phase.offsets]


def _cycle(regimen: Regimen, inputs: Inputs) -> list[GivenFact]:
    """Return the first and the last dose of a first cycle."""
    if not inputs.has("cycle_start"):
        return []
    first, ends = day_of(inputs.need("cycle_start")), inputs.take("last")
    back = _days_before_last(regimen.phases[0])
    last = day_of(ends) if ends else first + timedelta(days=back[0])
    return [_fact(regimen, first, 1), _fact(regimen, last, len(back))]
