"""How many patients a center could hold: asked with chairs, nurses, hours and a mix, or as the center is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from scheduler.domain.capacity_plan import CapacityPlan, plan_capacity
from scheduler.domain.chairs import ChairFacts, Span
from scheduler.domain.day_limits import DaySetup
from scheduler.domain.errors import InvalidError
from scheduler.domain.hours import DayHours, WeekHours
from scheduler.domain.ids import CenterId
from scheduler.domain.nursing import NurseShift, hands_on_rule, simple_rule
from scheduler.domain.regimen import Regimen
from scheduler.domain.timing import minute_of
from scheduler.persistence import formulary
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import HANDS_ON, facts_of
from scheduler.services.center_limits import limits_in_force
from scheduler.services.center_shifts import list_nurses
from scheduler.services.regimen_shares import share_of
from scheduler.services.regimens import regimen_of

MOST_CHAIRS, MOST_NURSES, MOST_WATCHED = 500, 200, 12
OPENS, CLOSES = time(7, 30), time(17, 30)
SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityAsked:
    """A center that may not exist yet.

    Args:
        chairs: Chairs, beds and rooms.
        nurses: Nurses who are there all day.
        patients_per_nurse: How many patients each looks after.
        nurse_rule: ``S``, or ``H`` where starting an IV takes a nurse fully.
        opens: When the day begins.
        closes: When it ends.
        mix: Regimens by id, and how many patients in 100 (or any other unit) are on each.
    """

    chairs: int
    nurses: int
    patients_per_nurse: int = 3
    nurse_rule: str = "S"
    opens: time = OPENS
    closes: time = CLOSES
    mix: tuple[tuple[str, float], ...] = ()


def held_by(asked: CapacityAsked, known: Mapping[str, Regimen]) -> CapacityPlan:
    """Return how many visits and patients such a center holds, and which limit binds first.

    Raises:
        InvalidError: a number out of range, a day that ends before it begins, an unknown regimen, no mix.
    """
    _require_number(asked.chairs, "chairs", MOST_CHAIRS)
    _require_number(asked.nurses, "nurses", MOST_NURSES)
    _require_number(asked.patients_per_nurse, "patients_per_nurse", MOST_WATCHED)
    if asked.closes <= asked.opens:
        raise InvalidError("The day has to end after it begins.", field="closes")
    unknown = next((name for name, _ in asked.mix if name not in known), None)
    if unknown is not None:
        raise InvalidError(
            f"{unknown} is no regimen of the formulary; choose another.", field="mix"
        )
    return plan_capacity(_setup(asked), [share_of(known[name], share) for name, share in asked.mix])


def _require_number(value: int, field: str, most: int) -> None:
    if not 1 <= value <= most:
        words = field.replace("_", " ").capitalize()
        raise InvalidError(f"{words}: enter a number from 1 to {most}.", field=field)


def _setup(asked: CapacityAsked) -> DaySetup:
    rule = hands_on_rule if asked.nurse_rule == HANDS_ON else simple_rule
    shift = NurseShift(shift=Span(begins=minute_of(asked.opens), ends=minute_of(asked.closes)))
    return DaySetup(
        hours=DayHours(opens=asked.opens, closes=asked.closes),
        chairs=tuple(ChairFacts(key=n) for n in range(asked.chairs)),
        nurses=(shift,) * asked.nurses,
        rule=rule(asked.patients_per_nurse),
    )


def known_regimens(uow: UnitOfWork) -> dict[str, Regimen]:
    """Return the newest version of every regimen here, by id."""
    with uow:
        return {row.regimen: regimen_of(uow, row.id) for row in formulary.versions(uow)}


def center_as_it_is(uow: UnitOfWork, center_id: CenterId, *, on: date) -> CapacityAsked:
    """Return a center as its settings and its patients are: the most usual hours, its own mix."""
    with uow:
        facts = facts_of(uow, center_id)
        limits = limits_in_force(uow, center_id, on)
        hours = _usual(facts.weeks, on)
        nurses = [nurse for nurse in list_nurses(uow, center_id, on) if nurse.on_shift]
        mix = formulary.running_by_regimen(uow, center_id)
        return CapacityAsked(
            chairs=max(1, len(facts.chairs)),
            nurses=max(1, len(nurses)),
            patients_per_nurse=limits.patients_per_nurse,
            nurse_rule=limits.nurse_rule,
            opens=hours.opens if hours else OPENS,
            closes=hours.closes if hours else CLOSES,
            mix=tuple((name, float(count)) for name, count in mix[:SHOWN]),
        )


def _usual(weeks: tuple[WeekHours, ...], on: date) -> DayHours | None:
    """Return the hours that most weekdays of the week in force have."""
    known = [week for week in weeks if week.effective_from <= on]
    week = max(known, key=lambda week: week.effective_from, default=None)
    days = [day for day in week.days if day] if week else []
    return max(days, key=days.count, default=None)
