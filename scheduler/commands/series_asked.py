"""The options of ``scheduler series --regimen``, read into what the engine takes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from scheduler.commands import option_values as values
from scheduler.commands.one_sentence import OptionError, refuse
from scheduler.commands.series_history import earlier_doses, given_doses, left_out, missed_doses
from scheduler.domain.cases.question import Known, Question
from scheduler.domain.cases.rules import on_phases, with_interval, with_shift
from scheduler.domain.clinical_events import VACCINE, WORDS, events_named
from scheduler.domain.dates import Shift
from scheduler.domain.doses import Facts, OrderFacts
from scheduler.domain.order_ranges import amount_fault, interval_fault, run_fault
from scheduler.domain.regimen import Regimen
from scheduler.domain.switching import comes_over, given_elsewhere

MOST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOptions:
    """What was typed, by option; empty where nothing was."""

    regimen: str
    region: str
    start: str = ""
    count: str = "10"
    calendar: str = "none"
    indication: str = ""
    weight: str = ""
    height: str = ""
    given: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    event: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    held: str = ""
    ended: str = ""
    weight_before: str = ""
    leave_out: tuple[str, ...] = ()
    phase: str = ""
    prior: str = ""
    shift: str = ""
    choose: tuple[str, ...] = ()
    override: tuple[str, ...] = ()


def question_of(typed: SeriesOptions, known: Known) -> Question:
    """Return the patient that the options describe.

    Raises:
        OptionError: names the option and the value that cannot be used.
    """
    rule = _regimen(typed, known)
    order = _order(typed, rule)
    rule, order = _overridden(typed, rule, order)
    events = _events(typed, rule)
    first, order, facts = _history(typed, rule, order, known, events)
    question = Question(
        regimen=rule,
        order=replace(order, first_day=first),
        facts=replace(facts, events=events),
        calendar=values.calendar("--calendar", typed.calendar),
        choices=_choices(typed, rule),
    )
    return _with_ordinals(typed, question)


def _regimen(typed: SeriesOptions, known: Known) -> Regimen:
    if typed.regimen not in known.regimens:
        raise OptionError(
            f"--regimen {typed.regimen}: there is none of that id; there are {', '.join(known.regimens)}."
        )
    rule = known.regimens[typed.regimen]
    values.one_of("--region", typed.region, rule.regions)
    if typed.phase:
        values.one_of("--phase", typed.phase, [phase.id for phase in rule.phases])
    if typed.indication and rule.known_indications:
        values.one_of("--indication", typed.indication, rule.known_indications)
    if typed.shift:
        shift = values.one_of("--shift", typed.shift, tuple(Shift))
        rule = on_phases(rule, with_shift, shift)
    return rule


def _order(typed: SeriesOptions, rule: Regimen) -> OrderFacts:
    weight, height, before = typed.weight, typed.height, typed.weight_before
    return OrderFacts(
        first_day=date.max,
        region=typed.region,
        indication=typed.indication,
        weight_kg=values.above_zero("--weight", weight) if weight else None,
        height_cm=values.above_zero("--height", height) if height else None,
        phase=typed.phase,
        product=rule.brands[0] if rule.brands else "",
        home_doses=True,
        prior_amount=_prior(typed),
        weight_before_kg=values.above_zero("--weight-before", before) if before else None,
    )


def _prior(typed: SeriesOptions) -> Decimal:
    return values.above_zero("--prior", typed.prior, zero=True) if typed.prior else Decimal(0)


def _overridden(
    typed: SeriesOptions, rule: Regimen, order: OrderFacts
) -> tuple[Regimen, OrderFacts]:
    """Return rule and order with what the prescriber ordered otherwise."""
    option = "--override"
    for text in typed.override:
        key, value = values.pair(option, text, "KEY=VALUE")
        key = values.one_of(option, key, ("every", "amount", "run", "rate"), whole=text)
        if key == "every":
            own = values.span(option, value, whole=text)
            _within(text, interval_fault(rule, order.region, own))
            rule = on_phases(rule, with_interval, value)
        elif key == "amount":
            amount = values.above_zero(option, value, whole=text)
            _within(text, amount_fault(rule, order.region, amount))
            order = replace(order, amount=amount)
        elif key == "run":
            order = replace(order, run_days=_run(rule, text, value))
        else:
            name = values.one_of(option, value, rule.named_visits, whole=text)
            order = replace(order, alternatives=order.alternatives | {name})
    return rule, order


def _within(text: str, fault: str) -> None:
    if fault:
        refuse("--override", text, fault.rstrip("."))


def _run(rule: Regimen, text: str, value: str) -> int:
    days = int(value) if value.isdecimal() else 0
    _within(text, run_fault(rule, days))
    return days


def _events(typed: SeriesOptions, rule: Regimen) -> Mapping[str, date]:
    """Return the days of what happened: what the regimen counts from, or what is known without bearing on it."""
    known = tuple(dict.fromkeys([*events_named(rule), *WORDS]))
    found = {}
    for text in typed.event:
        name, day = values.pair("--event", text, "NAME=DATE")
        if not name.startswith(VACCINE):
            values.one_of("--event", name, known, whole=text)
        found[name] = values.day("--event", day, whole=text)
    return found


def _choices(typed: SeriesOptions, rule: Regimen) -> Mapping[str, str]:
    """Return a reading for each open choice: the one that was named, else the file's first."""
    options = {choice.id: choice.options for choice in rule.choices}
    made = {name: readings[0] for name, readings in options.items()}
    for text in typed.choose:
        name, value = values.pair("--choose", text, "NAME=VALUE")
        name = values.one_of("--choose", name, tuple(options), whole=text)
        made[name] = values.one_of("--choose", value, options[name], whole=text)
    return made


def _history(
    typed: SeriesOptions,
    rule: Regimen,
    order: OrderFacts,
    known: Known,
    events: Mapping[str, date],
) -> tuple[date, OrderFacts, Facts]:
    """Return the first day, and the order and facts of somebody who may come with a history."""
    earlier = earlier_doses(typed.earlier, rule, order, known)
    given = tuple(given_elsewhere(each) for each in earlier)
    if typed.start:
        return values.day("--start", typed.start), order, Facts(given=given)
    first = next((text for text in typed.given if text.startswith("1=")), "")
    if first:
        day = first.partition("=")[2].partition(":")[0]
        return values.day("--given", day, whole=first), order, Facts(given=given)
    coming = comes_over(rule, order, earlier)
    if coming is not None:
        return coming[0].first_day, coming[0], Facts(given=coming[1])
    anchored = [phase.anchor.removeprefix("event:") for phase in rule.phases]
    day_of_event = next((events[name] for name in anchored if name in events), None)
    if day_of_event is None:
        raise OptionError("--start: it is missing; say the day of the first dose.")
    return day_of_event, order, Facts(given=given)


def _with_ordinals(typed: SeriesOptions, question: Question) -> Question:
    """Return the question with what was given and missed, by ordinal."""
    plain = question.series()
    given = given_doses(typed.given, question, plain)
    missed = missed_doses(typed.missed, plain, {fact.ordinal for fact in given})
    facts = replace(
        question.facts,
        given=(*question.facts.given, *given),
        missed=missed,
        skipped=left_out(typed.leave_out, plain),
        failed=_failed(typed, question.regimen),
        held_from=values.day("--held", typed.held) if typed.held else None,
        ended=values.day("--ended", typed.ended) if typed.ended else None,
    )
    return replace(question, facts=facts)


def _failed(typed: SeriesOptions, rule: Regimen) -> frozenset[str]:
    known = [each.id for each in rule.requirements]
    return frozenset(values.one_of("--failed", text, known) for text in typed.failed)
