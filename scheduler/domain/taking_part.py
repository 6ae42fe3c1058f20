"""Which phases of a regimen are for a patient, and from which day those may begin that only a prescriber asks for."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from scheduler.domain.dates import due
from scheduler.domain.doses import OrderFacts, PlannedDose, Preparation, WaitingPhase
from scheduler.domain.placing import gap_end
from scheduler.domain.regimen import Phase, Regimen
from scheduler.domain.slots import Before, Setting

# a schedule by weight is read as an adult's while no weight is known
ADULT_KG = Decimal(70)


def phases_for(regimen: Regimen, order: OrderFacts) -> list[Phase]:
    """Return the phases that an order runs through; of somebody on treatment, the last that repeats.

    Before one that was asked for comes the one it takes over from, with what was given of it here. Where none
    repeats it is the last, and no loading again: what goes on at home has nothing left here.
    """
    wanted = all_phases_for(regimen, order)
    if not order.continuing:
        return wanted
    repeating = [phase for phase in wanted if phase.every is not None]
    if len(repeating) > 1 and repeating[-1].id == order.phase and repeating[-2].endless:
        return repeating[-2:]
    return repeating[-1:] or [phase for phase in wanted[-1:] if phase.kind != "induction"]


def all_phases_for(regimen: Regimen, order: OrderFacts) -> list[Phase]:
    """Return the phases that an order runs through from its start on."""
    return [phase for phase in regimen.phases if takes_part(phase, regimen, order)]


def takes_part(phase: Phase, regimen: Regimen, order: OrderFacts) -> bool:
    """Say whether a phase is for an order: its trigger, place, region, indication and weight."""
    waits = phase.clinical and phase.id != order.phase and len(regimen.phases) > 1
    if waits or (phase.at_home and not order.home_doses):
        return False
    return _is_for(phase, order) and phase.holds_kg(order.weight_kg or ADULT_KG)


def _is_for(phase: Phase, order: OrderFacts) -> bool:
    here = not phase.regions or order.region in phase.regions
    return here and (not phase.indications or order.indication in phase.indications)


def loading_doses(regimen: Regimen, order: OrderFacts) -> int:
    """Return how many loading doses a new start would have."""
    return sum(
        len(phase.dose_offsets) * (phase.run.days if phase.run else 1)
        for phase in regimen.phases
        if phase.kind == "induction" and takes_part(phase, regimen, order)
    )


def waiting_phases(setting: Setting, doses: Sequence[PlannedDose]) -> tuple[WaitingPhase, ...]:
    """Return the phases that begin on a prescriber's word, each with the first day on which it may.

    They count from what was given; where nothing was yet, from what is planned of phases that end by themselves.
    """
    rule, order = setting.regimen, setting.order
    asked = [p for p in rule.phases if p.clinical and _is_for(p, order)]
    # a course that was asked for can be asked for again; an interval goes on by itself
    asked = [p for p in asked if p.id != order.phase or p.every is None]
    endless = {phase.id for phase in rule.phases if phase.endless}
    known = [dose for dose in doses if dose.given is not None or dose.phase not in endless]
    if len(rule.phases) == 1 or not (known or setting.earlier):
        return ()
    return tuple(_waiting(phase, setting, known) for phase in asked)


def _waiting(phase: Phase, setting: Setting, known: Sequence[PlannedDose]) -> WaitingPhase:
    floor = gap_end(phase, setting, Before.of(known))
    if floor is not None:
        return WaitingPhase(phase=phase.id, from_day=floor.day, reasons=(floor.reason,))
    return WaitingPhase(phase=phase.id, from_day=_counted(phase, setting, known))


def _counted(phase: Phase, setting: Setting, known: Sequence[PlannedDose]) -> date:
    name, _, number = phase.anchor.partition(".")
    first = phase.offsets[0] if phase.offsets else phase.first
    mine = [dose for dose in known if dose.phase == name] or list(known)
    if not mine:
        return due(setting.earlier[-1].day, first, 1)
    anchor = mine[int(number) - 1 if number.isdecimal() and int(number) <= len(mine) else -1]
    return due(anchor.given or anchor.due, first, 1)


def preparations(setting: Setting) -> tuple[Preparation, ...]:
    """Return what is to be done on days before the first dose."""
    first = setting.given[1].day if 1 in setting.given else setting.order.first_day
    if setting.order.continuing:
        return ()
    return tuple(
        Preparation(what=what, day=due(first, span, 1))
        for phase in setting.regimen.phases
        if takes_part(phase, setting.regimen, setting.order)
        for span, what in zip(phase.offsets, phase.tasks, strict=False)
        if span not in phase.dose_offsets
    )
