"""What a series is walked in, and what surrounds it: phases that wait, and what is to be done before the start."""

from collections.abc import Mapping, Sequence

from scheduler.domain.dates import EVERY_DAY, Calendar
from scheduler.domain.doses import (
    Facts,
    GivenFact,
    OrderFacts,
    PlannedDose,
    Preparation,
    WaitingPhase,
)
from scheduler.domain.placing import last_named
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.regimen import Regimen
from scheduler.domain.slots import Setting, Settled
from scheduler.domain.taking_part import preparations, waiting_phases


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


def beside_doses(
    regimen: Regimen,
    order: OrderFacts,
    facts: Facts,
    choices: Mapping[str, str],
    doses: Sequence[PlannedDose],
) -> tuple[tuple[WaitingPhase, ...], tuple[Preparation, ...]]:
    """Return the phases that wait for the prescriber, and what is done before the start, for doses already laid out.

    Neither depends on which days are open.
    """
    setting = setting_of(regimen, order, facts, EVERY_DAY, choices)
    return waiting_phases(setting, doses), preparations(setting)
