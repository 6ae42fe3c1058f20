"""What happens later never changes a dose that was given, also where doses were given out of their order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.dates import OpenDays
from scheduler.domain.doses import Facts, GivenFact, OrderFacts, PlannedDose
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.regimen import Regimen
from scheduler.domain.series import resolve
from tests.schedules.formulary import shipped

START = date(2026, 1, 5)
UNTIL = START + timedelta(days=800)
WEEKDAYS = OpenDays(closed=frozenset())
DRUGS = (
    "natalizumab-iv",
    "ocrelizumab-iv",
    "ublituximab-iv",
    "mitoxantrone-iv",
    "infliximab-iv",
    "alemtuzumab-iv",
    "iron-sucrose-iv",
    "efgartigimod-iv",
)


@dataclass(frozen=True)
class Fate:
    """What is known when: given doses with their days, in any order, and what happened after the last of them."""

    facts: tuple[GivenFact, ...]
    later: Facts


def doses_of(rule: Regimen, facts: Facts) -> tuple[PlannedDose, ...]:
    order = OrderFacts(first_day=START, weight_kg=Decimal(70), height_cm=Decimal(170))
    return resolve(rule, order, facts, WEEKDAYS, {}, until=UNTIL).doses


def given_ones(rule: Regimen, facts: Sequence[GivenFact]) -> dict[int, PlannedDose]:
    """Return the doses that were given by the last of some facts, as the engine tells of them then."""
    found = doses_of(rule, Facts(given=tuple(facts)))
    return {dose.ordinal: dose for dose in found if dose.given is not None}


@st.composite
def fates(draw: st.DrawFn, ingredient: str) -> tuple[GivenFact, ...]:
    """Draw up to six doses of the first eight on different days, whatever their order, and some from elsewhere."""
    ordinals = draw(st.lists(st.integers(1, 8), unique=True, max_size=6))
    days = draw(
        st.lists(st.integers(0, 420), unique=True, min_size=len(ordinals), max_size=len(ordinals))
    )
    outcomes = st.sampled_from([GivenOutcome.FULL, GivenOutcome.FULL, GivenOutcome.PART])
    here = [
        GivenFact(
            ingredient=ingredient,
            day=START + timedelta(days=day),
            ordinal=ordinal,
            outcome=draw(outcomes),
        )
        for ordinal, day in zip(ordinals, days, strict=True)
    ]
    elsewhere = draw(st.lists(st.integers(-100, 420), max_size=2))
    there = [GivenFact(ingredient=ingredient, day=START + timedelta(days=n)) for n in elsewhere]
    taken = {fact.day for fact in here}
    return tuple(sorted([*here, *(f for f in there if f.day not in taken)], key=lambda f: f.day))


@pytest.mark.family
@pytest.mark.parametrize("drug", DRUGS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_later_dose_never_changes_one_that_was_given(drug: str, data: st.DataObject) -> None:
    rule = shipped(drug)
    facts = data.draw(fates(rule.ingredient))

    for known in range(1, len(facts)):
        day = facts[known - 1].day
        if facts[known].day == day:
            continue
        before, after = given_ones(rule, facts[:known]), given_ones(rule, facts)
        assert {n: after.get(n) for n in before} == before


@pytest.mark.slow
@pytest.mark.family
@pytest.mark.parametrize("drug", DRUGS)
@settings(max_examples=30)
@given(data=st.data())
def test_no_other_later_fact_changes_a_dose_that_was_given(drug: str, data: st.DataObject) -> None:
    rule = shipped(drug)
    facts = Facts(given=data.draw(fates(rule.ingredient)))
    waiting = [dose.ordinal for dose in doses_of(rule, facts) if dose.given is None][:4]
    some = st.frozensets(st.sampled_from(waiting)) if waiting else st.just(frozenset[int]())
    last = max([START, *(fact.day for fact in facts.given)])
    later = replace(
        facts,
        missed=data.draw(some),
        skipped=data.draw(some),
        failed=frozenset(r.id for r in rule.requirements if data.draw(st.booleans())),
        held_from=data.draw(st.none() | st.just(last + timedelta(days=1))),
        ended=data.draw(st.none() | st.just(last + timedelta(days=60))),
    )

    before = {dose.ordinal: dose for dose in doses_of(rule, facts) if dose.given is not None}
    after = {dose.ordinal: dose for dose in doses_of(rule, later) if dose.given is not None}

    assert after == before
