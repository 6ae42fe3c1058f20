"""What ``scheduler series`` is told of the past: doses given, missed, and given before or elsewhere."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from itertools import pairwise

from scheduler.commands import option_values as values
from scheduler.commands.one_sentence import OptionError, refuse
from scheduler.domain.cases.question import Known, Question
from scheduler.domain.doses import GivenFact, OrderFacts, Series, surface
from scheduler.domain.limits import is_counted_per_m2
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.regimen import Regimen
from scheduler.domain.switching import EarlierDose

GIVEN, EARLIER, MISSED = "--given", "--earlier", "--missed"
GIVEN_FORM = "ORDINAL=DATE, ORDINAL=DATE:AMOUNT, ORDINAL=DATE:none or ORDINAL=DATE:part"
WORDS = {"none": GivenOutcome.NONE, "part": GivenOutcome.PART}


def given_doses(texts: Sequence[str], question: Question, plain: Series) -> tuple[GivenFact, ...]:
    """Return what happened to doses of the plan, in the order of their ordinals.

    Less than the dose's amount is a part of it.

    Raises:
        OptionError: an ordinal that the series does not have, twice the same, or days out of order.
    """
    found = sorted((_given(text, question, plain) for text in texts), key=lambda f: f.ordinal or 0)
    real = [fact for fact in found if fact.outcome is not GivenOutcome.NONE]
    for one, next_one in pairwise(real):
        if one.ordinal == next_one.ordinal:
            raise OptionError(
                f"{GIVEN} {one.ordinal}={next_one.day}: dose {one.ordinal} is there twice."
            )
        if one.day >= next_one.day:
            raise OptionError(
                f"{GIVEN} {next_one.ordinal}={next_one.day}: dose {next_one.ordinal} comes after"
                f" dose {one.ordinal} of {one.day}."
            )
    return tuple(found)


def _given(text: str, question: Question, plain: Series) -> GivenFact:
    ordinal, rest = values.pair(GIVEN, text, GIVEN_FORM)
    day, _, amount = rest.partition(":")
    on = values.day(GIVEN, day, whole=text)
    dose = plain.dose(int(ordinal)) if ordinal.isdecimal() else None
    if dose is None:
        refuse(GIVEN, text, f"the series has no dose {ordinal}")
    outcome, given = WORDS.get(amount), None
    if amount and outcome is None:
        given = values.above_zero(GIVEN, amount, whole=text)
        less = dose.amount is not None and given < dose.amount
        outcome = GivenOutcome.PART if less else GivenOutcome.FULL
    full = dose.amount if outcome in (None, GivenOutcome.FULL) else None
    return GivenFact(
        ingredient=question.regimen.ingredient,
        day=on,
        outcome=outcome or GivenOutcome.FULL,
        ordinal=dose.ordinal,
        amount=given,
        per_m2=_per_m2(question.regimen, question.order, given or full),
    )


def _per_m2(rule: Regimen, order: OrderFacts, amount: Decimal | None) -> Decimal | None:
    """Return an amount per m2 for a limit that counts so; None while no weight and height are known."""
    if amount is None or not is_counted_per_m2(rule):
        return None
    if order.weight_kg is None or order.height_cm is None:
        return None
    return amount / surface(order.weight_kg, order.height_cm)


def missed_doses(
    texts: Sequence[str], plain: Series, given: Collection[int | None]
) -> frozenset[int]:
    """Return the ordinals of missed doses, named by ordinal or by their due or planned day.

    Raises:
        OptionError: the series has no such dose, or it was given.
    """
    found = set()
    for text in texts:
        ordinal = int(text) if text.isdecimal() else _on_day(text, plain)
        if plain.dose(ordinal) is None:
            refuse(MISSED, text, f"the series has no dose {ordinal}")
        if ordinal in given:
            refuse(MISSED, text, f"dose {ordinal} was given")
        found.add(ordinal)
    return frozenset(found)


def left_out(texts: Sequence[str], plain: Series) -> frozenset[int]:
    """Return the ordinals of doses that a person left out.

    Raises:
        OptionError: the series has no such dose.
    """
    for text in texts:
        if not text.isdecimal() or plain.dose(int(text)) is None:
            refuse("--leave-out", text, f"the series has no dose {text}")
    return frozenset(int(text) for text in texts)


def _on_day(text: str, plain: Series) -> int:
    day = values.day(MISSED, text)
    dose = next((dose for dose in plain.doses if day in (dose.due, dose.planned)), None)
    if dose is None:
        refuse(MISSED, text, "no dose is due or planned on that day")
    return dose.ordinal


def earlier_doses(
    texts: Sequence[str], rule: Regimen, order: OrderFacts, known: Known
) -> tuple[EarlierDose, ...]:
    """Return doses given before or elsewhere, named by ingredient or by regimen.

    Raises:
        OptionError: nobody knows an ingredient or regimen of that name.
    """
    return tuple(_earlier(text, rule, order, known) for text in texts)


def _earlier(text: str, rule: Regimen, order: OrderFacts, known: Known) -> EarlierDose:
    name, rest = values.pair(EARLIER, text, "INGREDIENT=DATE or REGIMEN=DATE, with :AMOUNT")
    day, _, amount = rest.partition(":")
    on = values.day(EARLIER, day, whole=text)
    given = values.above_zero(EARLIER, amount, whole=text) if amount else None
    regimen = known.regimens.get(name)
    ingredient = regimen.ingredient if regimen else name
    if ingredient not in {each.ingredient for each in known.regimens.values()}:
        refuse(EARLIER, text, f"no regimen and no ingredient is called {name!r}")
    mine = ingredient == rule.ingredient
    return EarlierDose(
        ingredient=ingredient,
        day=on,
        amount=given,
        per_m2=_per_m2(rule, order, given),
        regimen=regimen or (rule if mine else None),
    )
