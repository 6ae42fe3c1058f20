"""What a series is walked in."""

from collections.abc import Mapping

from scheduler.domain.dates import Calendar
from scheduler.domain.doses import Facts, GivenFact, OrderFacts
from scheduler.domain.placing import last_named
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.regimen import Regimen
from scheduler.domain.slots import Setting, Settled


def setting_of(
    regimen: Regimen,
    order: OrderFacts,
    facts: Facts,
    calendar: Calendar,
    choices: Mapping[str, str],
) -> Setting:
    """Return what does not change while a series is walked: who was given what, where and elsewhere."""
    real = [fact for fact in facts.given if fact.outcome is not GivenOutcome.NONE]
    mine = {fact.ordinal: fact for fact in real if fact.ordinal is not None}
    same = [f for f in real if f.ordinal is None and f.ingredient == regimen.ingredient]
    return Setting(
        regimen=regimen,
        order=order,
        facts=facts,
        calendar=calendar,
        choices=choices,
        given=mine,
        earlier=tuple(sorted(same, key=lambda fact: fact.day)),
        last_ordinal=max(mine, default=0),
        settled=Settled(last_named=last_named(regimen)),
    )


def first_given(setting: Setting) -> GivenFact | None:
    """Return the first dose as it was given; None where the plan keeps the days of its order in spite of it."""
    first = setting.first
    return None if first in setting.facts.keeps_grid else setting.given.get(first)
