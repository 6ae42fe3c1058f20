"""Prior authorizations: which dose takes what from which, and why one holds for no dose on a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

from scheduler.domain.ids import DoseId
from scheduler.domain.plans import AuthorizationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationFact:
    """One prior authorization and what given doses have taken from it.

    Args:
        visits, units: What it allows; None where it sets no number.
        visits_used, units_used: What given doses took and nobody gave back.
    """

    id: UUID
    status: AuthorizationStatus
    from_day: date | None = None
    until_day: date | None = None
    visits: int | None = None
    units: Decimal | None = None
    visits_used: int = 0
    units_used: Decimal = Decimal(0)

    def covers(self, day: date) -> bool:
        """Say whether a day lies within its dates."""
        begun = self.from_day is None or self.from_day <= day
        return begun and (self.until_day is None or day <= self.until_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseToCome:
    """A dose that was not given yet: the day it is booked, else planned, and the units that it takes."""

    id: DoseId
    day: date
    units: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotted:
    """From which authorization a dose takes, and why from none: empty when it takes from one."""

    by: UUID | None = None
    sentence: str = ""


@dataclass(slots=True)
class _Taken:
    visits: int = 0
    units: Decimal = field(default_factory=Decimal)
    beyond: int = 0  # visits that its number no longer holds


def allot(
    authorizations: Sequence[AuthorizationFact], doses: Iterable[DoseToCome]
) -> Mapping[DoseId, Allotted]:
    """Return for each dose the authorization that it takes from, or why none holds for it.

    Doses take their turn by day. Each takes from the first authorization, oldest first, that covers its
    day and has room left, so that a renewal begins where the old one ends.

    Args:
        authorizations: Of one plan, oldest first.
        doses: Those of the plan that were not given yet.
    """
    taken = {each.id: _Taken(each.visits_used, each.units_used) for each in authorizations}
    found: dict[DoseId, Allotted] = {}
    for dose in sorted(doses, key=lambda dose: dose.day):
        against = {each.id: _against(each, dose, taken[each.id]) for each in authorizations}
        by = next((key for key, sentence in against.items() if not sentence), None)
        if by is not None:
            taken[by].visits += 1
            taken[by].units += dose.units
        else:
            _count_beyond(authorizations, dose, taken)
        sentence = "" if by else _most_telling(list(against.values()))
        found[dose.id] = Allotted(by=by, sentence=sentence)
    return found


def _count_beyond(
    authorizations: Iterable[AuthorizationFact], dose: DoseToCome, taken: Mapping[UUID, _Taken]
) -> None:
    """Count a visit that is one too many, so that the next one is the sixth of four and not the fifth again."""
    for each in authorizations:
        used = taken[each.id]
        if each.visits is not None and each.covers(dose.day) and used.visits >= each.visits:
            used.beyond += 1


def _against(each: AuthorizationFact, dose: DoseToCome, taken: _Taken) -> str:
    if each.status is AuthorizationStatus.NOT_NEEDED:
        return ""
    if each.status is not AuthorizationStatus.APPROVED:
        return f"The prior authorization is {each.status.value}"
    if not each.covers(dose.day):
        return _outside(each, dose.day)
    if each.visits is not None and taken.visits >= each.visits:
        number = taken.visits + taken.beyond + 1
        return f"This is visit {number} of {each.visits} authorized"
    if each.units is not None and taken.units + dose.units > each.units:
        left = max(each.units - taken.units, Decimal(0))
        return (
            f"This dose takes {dose.units.normalize():f} units;"
            f" {left.normalize():f} of {each.units.normalize():f} authorized are left"
        )
    return ""


def _outside(each: AuthorizationFact, day: date) -> str:
    words = f"The prior authorization does not cover {spoken_day(day)}"
    if each.until_day is not None and each.until_day < day:
        return f"{words}: it ends on {spoken_day(each.until_day)}"
    if each.from_day is not None and day < each.from_day:
        return f"{words}: it begins on {spoken_day(each.from_day)}"
    return words


def unused_units(taken: Decimal, given: Decimal) -> Decimal:
    """Return how many of the units that a dose took were not given, and may so be given back.

    Args:
        taken: Units that the dose holds, less what was given back before.
        given: Units that were given; they stay used.
    """
    return max(taken - given, Decimal(0))


def spoken_day(day: date) -> str:
    """Return "April 9, 2027"."""
    return f"{day:%B} {day.day}, {day.year}"


def _most_telling(sentences: Sequence[str]) -> str:
    """Return what is exhausted, else the last one's."""
    exhausted = [sentence for sentence in sentences if sentence.startswith("This ")]
    return next(iter([*exhausted, *reversed(sentences)]), "")


def units_of(amount: Decimal | None, billing_unit: str) -> Decimal:
    """Return how many billing units an amount is, begun ones counted whole.

    Args:
        amount: In the dose's unit.
        billing_unit: As the product says it, such as "10 mg"; empty for one unit a mg.
    """
    if amount is None:
        return Decimal(0)
    first = billing_unit.split(" ", maxsplit=1)[0]
    size = Decimal(first) if first.replace(".", "", 1).isdigit() else Decimal(1)
    return (amount / size).to_integral_value(ROUND_CEILING) if size else amount
