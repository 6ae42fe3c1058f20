"""What every offered time has to keep to, unlike a wish: weekdays, hours, a kind of chair, an interpreter."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time

from scheduler.domain.chairs import ChairNeed
from scheduler.domain.errors import InvalidError
from scheduler.domain.timing import minute_of, time_of
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import Wish
from scheduler.persistence.models import CenterLimits
from scheduler.services.center_facts import CenterFacts, limits_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What an offer may not break.

    Args:
        weekdays: Only these, Monday is 0; empty for any.
        not_earlier: No start before.
        not_later: No start after.
        needs: What the chair must offer beside what the patient's record asks for.
        interpreter: Only while interpreters are in.
        no_labs: Fast track: only starts before the morning's lab results are back, which a visit
            without labs today can have.
    """

    weekdays: frozenset[int] = frozenset()
    not_earlier: time | None = None
    not_later: time | None = None
    needs: frozenset[ChairNeed] = frozenset()
    interpreter: bool = False
    no_labs: bool = False


NO_FILTERS = Filters()


def needing(
    profiles: Sequence[VisitProfile], needs: frozenset[ChairNeed]
) -> tuple[VisitProfile, ...]:
    """Return the visits with further needs of their chair."""
    if not needs:
        return tuple(profiles)
    return tuple(replace(profile, needs=profile.needs | needs) for profile in profiles)


def filtered(facts: CenterFacts, wish: Wish, filters: Filters, profile: VisitProfile) -> Wish:
    """Return the wish with what the filters leave of days and hours.

    Raises:
        InvalidError: the center has not said when interpreters are in, or labs are back; or no hour is left.
    """
    limits = limits_on(facts, wish.first_day)
    earliest = [at for at in (wish.not_earlier, filters.not_earlier) if at]
    latest = [at for at in (wish.not_later, filters.not_later) if at]
    if filters.interpreter:
        begins, ends = _interpreters(limits)
        earliest.append(begins)
        latest.append(_last_start(ends, profile))
    if filters.no_labs:
        latest.append(_labs_back(limits))
    first, last = max(earliest, default=None), min(latest, default=None)
    if first and last and first > last:
        raise InvalidError(
            f"No start is left: not before {first:%-H:%M} and by {last:%-H:%M}.", field="not_later"
        )
    return replace(wish, only_weekdays=filters.weekdays, not_earlier=first, not_later=last)


def _interpreters(limits: CenterLimits | None) -> tuple[time, time]:
    if limits is None or limits.interpreter_from is None or limits.interpreter_until is None:
        raise InvalidError(
            "When interpreters are in is not set; a manager can say so under Center set-up, Limits.",
            field="interpreter",
        )
    return limits.interpreter_from, limits.interpreter_until


def _last_start(ends: time, profile: VisitProfile) -> time:
    """Return the last start from which a visit ends by then; midnight when none does."""
    return time_of(minute_of(ends) - profile.chair_minutes)


def _labs_back(limits: CenterLimits | None) -> time:
    if limits is None or limits.labs_back_at is None:
        raise InvalidError(
            "When the morning's labs are back is not set; a manager can say so under Center set-up,"
            " Limits.",
            field="no_labs",
        )
    return limits.labs_back_at
