"""When a prior authorization has to be renewed: the first dose that it no longer covers, and the words for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.authorizations import AuthorizationFact, DoseToCome, allot, spoken_day
from scheduler.domain.counting import counted
from scheduler.domain.plans import AuthorizationStatus

ASKED_FOR = (AuthorizationStatus.REQUESTED, AuthorizationStatus.PENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """The first dose that no prior authorization covers.

    Args:
        by: The authorization that ends, or is used up, before the dose.
        dose: The dose.
        before: How many of the doses to come it still covers.
    """

    by: AuthorizationFact
    dose: DoseToCome
    before: int


def first_uncovered(
    authorizations: Sequence[AuthorizationFact], doses: Sequence[DoseToCome]
) -> Uncovered | None:
    """Return the first dose that comes when what was authorized has ended or is used up, and no other is asked for.

    A dose on whose day none has begun was never covered: nothing is to be renewed for it. Doses later than
    some day do not change the answer for those up to it.

    Args:
        authorizations: Of one plan, oldest first.
        doses: Those of the plan that were not given yet.
    """
    found = allot(authorizations, doses)
    ordered = sorted(doses, key=lambda dose: dose.day)
    for count, dose in enumerate(ordered):
        ended = None if found[dose.id].by else _given_out(authorizations, dose.day)
        if ended is not None:
            before = sum(found[each.id].by == ended.id for each in ordered[:count])
            return Uncovered(by=ended, dose=dose, before=before)
    return None


def _given_out(authorizations: Sequence[AuthorizationFact], day: date) -> AuthorizationFact | None:
    """Return the newest approved one that has begun by a day on which none holds, unless a newer one is asked for."""
    for each in reversed(authorizations):
        if each.status in ASKED_FOR and each.covers(day):
            return None
        begun = each.from_day is None or each.from_day <= day
        if each.status is AuthorizationStatus.APPROVED and begun:
            return each
    return None


def renewal_words(
    found: Uncovered, *, number: str, planned: date, booked: bool, today: date
) -> str:
    """Return the sentence that asks for a renewal.

    Args:
        found: The first dose that is not covered.
        number: The authorization's number; empty where none is recorded.
        planned: The day of the dose as a person knows it; of one that is overdue, over.
        booked: Whether the dose is booked on that day, or only planned.
        today: The day at the center: what has ended by then is said so.
    """
    name = f"Prior authorization {number}" if number else "The prior authorization"
    dose = f"the dose {'booked' if booked else 'planned'} on {spoken_day(planned)}"
    until = found.by.until_day
    if until is not None and until < found.dose.day:
        ends = "ends" if until >= today else "ended"
        return f"{name} {ends} on {spoken_day(until)}; {dose} is not covered: ask for a renewal."
    return f"{name} {_what_is_left(found)}; {dose} is the first not covered: ask for a renewal."


def _what_is_left(found: Uncovered) -> str:
    by = found.by
    counts = by.visits is not None and by.visits_used + found.before >= by.visits
    if found.before:
        return f"has {'visits' if counts else 'units'} for {counted(found.before, 'more dose')}"
    return "has no visits left" if counts else "has too few units for another dose"
