"""What a case changes about a rule: shift, interval, gap, run, span, limit or the minutes of a visit."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from scheduler.domain.cases.case import CaseError, Inputs
from scheduler.domain.dates import Interval, Shift, parse_interval
from scheduler.domain.limits import EXPOSURE
from scheduler.domain.regimen import MinGap, Phase, Reanchor, Regimen, Spread

Change = Callable[[Phase, str], Phase]


def changed(regimen: Regimen, inputs: Inputs, *, courses: int = 0) -> Regimen:
    """Return the regimen as a case wants it; what it says of a run is about the courses not yet over."""
    for key, change in CHANGES.items():
        value = inputs.take(key)
        if value:
            regimen = on_phases(regimen, change, value)
    regimen = _runs(regimen, inputs, courses)
    regimen = _spread(regimen, inputs)
    limit = inputs.take("limit")
    if limit:
        # a case that names the limit asks how far it reaches, whoever is treated
        counted = (rule for rule in regimen.limits if rule.kind != EXPOSURE)
        limits = tuple(replace(rule, value=Decimal(limit)) for rule in counted)
        regimen = replace(regimen, limits=limits)
    return regimen


def on_phases(regimen: Regimen, change: Change, value: str) -> Regimen:
    """Return the regimen with a change made to each phase."""
    return replace(regimen, phases=tuple(change(phase, value) for phase in regimen.phases))


def with_interval(phase: Phase, value: str) -> Phase:
    """Return a repeating phase with another interval."""
    if phase.every is None:
        return phase
    first = parse_interval(value) if phase.first == phase.every else phase.first
    return replace(phase, every=parse_interval(value), first=first)


def with_gap(phase: Phase, value: str) -> Phase:
    """Return a phase with another minimum gap."""
    gap = phase.min_gap or MinGap(span=Interval())
    return replace(phase, min_gap=replace(gap, span=parse_interval(value), choice=None))


def with_reanchor(phase: Phase, value: str) -> Phase:
    """Return a phase with another rule for late and early doses."""
    return replace(phase, reanchor=Reanchor(value))


def with_shift(phase: Phase, value: str) -> Phase:
    """Return a phase with another convention for closed days."""
    return replace(phase, shift=Shift(value))


def _with_closed_days(phase: Phase, value: str) -> Phase:
    if value not in ("forbid", "allow", "allow_gap"):
        raise CaseError(f"closed_inside={value} is not known")
    return (
        phase
        if phase.run is None
        else replace(phase, run=replace(phase.run, consecutive=value == "forbid"))
    )


CHANGES: dict[str, Change] = {
    "shift": with_shift,
    "every": with_interval,
    "reanchor": with_reanchor,
    "closed_inside": _with_closed_days,
}


def _runs(regimen: Regimen, inputs: Inputs, courses: int) -> Regimen:
    all_runs = inputs.take("days") or inputs.take("run")
    of_maintenance = inputs.take("maint_days")
    phases = []
    for n, phase in enumerate(regimen.phases):
        days = all_runs if n >= courses else ""
        if phase.kind == "maintenance" and of_maintenance:
            days = of_maintenance
        run = replace(phase.run, days=int(days)) if phase.run and days else phase.run
        phases.append(replace(phase, run=run))
    return replace(regimen, phases=tuple(phases))


def _spread(regimen: Regimen, inputs: Inputs) -> Regimen:
    if not inputs.has("within"):
        return regimen
    within = parse_interval(inputs.need("within")).days
    inclusive = inputs.take("span", "inclusive") == "inclusive"
    inputs.take("style")
    first = regimen.phases[0]
    written = first.spread or Spread(count=first.run.days if first.run else 1, within=within)
    gap = inputs.take("min_gap")
    spread = replace(
        written,
        count=int(inputs.take("count") or written.count),
        within=within if inclusive else within + 1,
        gap=parse_interval(gap).days if gap else written.gap,
    )
    phase = replace(first, spread=spread, run=None, offsets=())
    return replace(regimen, phases=(phase, *regimen.phases[1:]))
