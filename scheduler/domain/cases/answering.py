"""Answering cases: each ask has its function, and a verdict says what differs."""

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.domain.cases import amounts, asks, clock, figures
from scheduler.domain.cases.asks import Ask
from scheduler.domain.cases.case import Answer, Case, CaseError, Inputs, Verdict
from scheduler.domain.cases.question import Known
from scheduler.domain.regimen import Regimen

ASKS: Mapping[str, Ask] = MappingProxyType(
    {
        "series": asks.series,
        "next": asks.next_dose,
        "due+planned": asks.due_and_planned,
        "dose": asks.dose,
        "accept": asks.accept,
        "bounds": asks.bounds,
        "readings": asks.readings,
        "review_day": asks.review_day,
        "limit": asks.limit,
        "amount": amounts.amount,
        "amount_steps": amounts.amount_steps,
        "sum": amounts.total,
        "minutes": figures.minutes,
        "vaccines": figures.vaccines,
        "requirement": figures.requirement,
        "requirement_doses": figures.requirement_doses,
        "requirement_window": figures.requirement_window,
        "first_unmet": figures.first_unmet,
        "monitor": figures.monitor,
        "monitor_until": figures.monitor_until,
        "premed_days": figures.premedication_days,
        "sample_time": clock.sample_time,
        "leads": clock.leads,
        "missed_day": clock.missed_day,
        "clock": clock.clock,
        "span_days": clock.span_days,
    }
)
OF_NO_DRUG = "any"


def answer(case: Case, known: Known) -> Answer:
    """Return what the engine says to a case.

    Raises:
        CaseError: an ask, key or form that nobody knows.
        ValueError: a value that is not a day, number or span.
    """
    ask, _, detail = case.ask.partition(":")
    if ask not in ASKS:
        raise CaseError(f"nobody knows how to answer {ask}")
    name = case.regimen if case.regimen != OF_NO_DRUG else next(iter(known.regimens))
    regimen: Regimen = known.regimen(name)
    return ASKS[ask](regimen, case.region, Inputs(case.inputs), known, detail)


def verdict(case: Case, known: Known) -> Verdict:
    """Return whether the engine's answer is the expected one, bounds included where the case names them."""
    try:
        found = answer(case, known)
    except (ValueError, LookupError, StopIteration, ArithmeticError) as error:
        return Verdict(case=case, faults=(_said(error),))
    pairs = [
        ("", case.expect, found.text),
        ("earliest ", case.earliest, str(found.earliest)),
        ("latest ", case.latest, str(found.latest)),
    ]
    faults = [
        f"{what}expected {want}, got {got}" for what, want, got in pairs if want and want != got
    ]
    return Verdict(case=case, faults=tuple(faults))


def _said(error: Exception) -> str:
    if isinstance(error, ArithmeticError):
        return "a value that is not a number"
    return str(error) or type(error).__name__
