"""What stands beside the doses of a plan: phases that wait for the prescriber, and what is done before the start."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scheduler.domain.dates import EVERY_DAY
from scheduler.domain.doses import Facts, OrderFacts, PlannedDose, Preparation, WaitingPhase
from scheduler.domain.regimen import Regimen
from scheduler.domain.series import resolve
from scheduler.domain.series_setting import setting_of
from scheduler.domain.taking_part import preparations, waiting_phases
from scheduler.domain.transferred import beginning_of


def beside_doses(
    regimen: Regimen,
    order: OrderFacts,
    facts: Facts,
    choices: Mapping[str, str],
    doses: Sequence[PlannedDose],
) -> tuple[tuple[WaitingPhase, ...], tuple[Preparation, ...]]:
    """Return the phases that wait for the prescriber, and what is done before the start, for doses already laid out.

    Neither depends on which days are open. Of a treatment that began elsewhere the doses there are laid out again:
    phases count from them too.
    """
    setting = setting_of(regimen, order, facts, EVERY_DAY, choices)
    before = preparations(setting)
    known = replace(order, first_ordinal=doses[0].ordinal) if doses and order.continuing else order
    begins = beginning_of(replace(setting, order=known))
    if not doses or begins.ordinal == begins.here:
        return waiting_phases(setting, doses), before
    whole = resolve(regimen, known, facts, EVERY_DAY, choices, until=doses[-1].due)
    return whole.waiting, before
