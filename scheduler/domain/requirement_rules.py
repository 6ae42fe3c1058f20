"""What surrounds a dose: requirements, limits, checks that go on, vaccines, premedication."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from scheduler.domain.dates import Interval
from scheduler.domain.roles import Role


class Before(StrEnum):
    """Before which doses a requirement must be met."""

    FIRST = "first"
    EACH = "each"
    EACH_COURSE = "each_course"
    NUMBERED = "numbered"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementRule:
    """What must be met before a dose.

    Args:
        id: Its name in the regimen.
        what: In words, English and Spanish.
        at_chair: Known only on the day, at the chair.
        numbers: The ordinals, when ``before`` is numbered.
        from_dose: The first of all later ordinals that need it too, when ``before`` is numbered.
        max_age: How old a result may be on the day.
        max_age_hours: The same in hours.
        valid_for: How long it holds once met.
        not_within: Events (plasma exchange, ...) and how long after each a sample says nothing.
        between: Whether it must be done after the dose before, and before this one.
        may_be_not_needed: Whether a person may say that it does not apply (who, why).
        roles: Who may clear it.
    """

    id: str
    what: str
    what_es: str = ""
    before: Before = Before.EACH
    numbers: tuple[int, ...] = ()
    from_dose: int | None = None
    at_chair: bool = False
    max_age: Interval | None = None
    max_age_hours: int | None = None
    valid_for: Interval | None = None
    not_within: tuple[tuple[str, Interval], ...] = ()
    between: bool = False
    may_be_not_needed: bool = False
    lead: timedelta = timedelta(days=3)
    roles: frozenset[Role] = frozenset({Role.NURSE, Role.CHARGE_NURSE, Role.PHARMACIST})


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRule:
    """A lifetime or course limit: amount in ``unit`` (mg/m2 as given) or a count.

    ``exposure`` is for regimens that are not for anybody who had the ingredient before; its value is 0.
    """

    kind: str
    value: Decimal
    unit: str = ""
    region: str = ""
    blocks: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """A check that goes on beside or after treatment.

    Args:
        at: Explicit first spans after ``start``; ``every`` goes on from the last of them.
        start: first_dose or last_dose.
        until: "open", or a dose and a span such as last_dose+P48M.
    """

    id: str
    what: str
    at: tuple[Interval, ...] = ()
    every: Interval | None
    start: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vaccine:
    """How long before the first dose vaccines of a kind must be done."""

    kind: str
    lead: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Premedication:
    """What is given before the infusion.

    Args:
        first: First dose, or first course day, that has it.
        last: Last one; None for all after.
    """

    what: str
    first: int = 1
    last: int | None = None
