"""A day that somebody asks for the next dose: allowed or not, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from scheduler.domain.dates import Calendar
from scheduler.domain.dose_reasons import Reason, Why
from scheduler.domain.doses import PlannedDose
from scheduler.domain.missed import first_open_after
from scheduler.domain.regimen import Basis, Window


class WishStatus(StrEnum):
    """Whether a wished day is allowed."""

    OK = "ok"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class WishAnswer:
    """Whether a wished day is allowed, for which dose, and why."""

    dose: PlannedDose
    status: WishStatus
    reasons: tuple[Reason, ...]


def judged_wish(dose: PlannedDose, window: Window, wish: date, calendar: Calendar) -> WishAnswer:
    """Return whether a dose may be given on a wished day.

    A not-before and a label's window refuse, and so does a closed day; outside another window it needs a reason.
    """
    refused = tuple(_refusals(dose, window, wish, calendar))
    if refused:
        return WishAnswer(dose=dose, status=WishStatus.REJECT, reasons=refused)
    allowed = (Reason(why=Why.ALLOWED, day=wish), *_outside(dose, wish))
    return WishAnswer(dose=dose, status=WishStatus.OK, reasons=allowed)


def _refusals(
    dose: PlannedDose, window: Window, wish: date, calendar: Calendar
) -> Iterator[Reason]:
    hard = [dose.not_before, dose.earliest if window.basis is Basis.LABEL else None]
    first = max((day for day in hard if day is not None), default=wish)
    if wish < first:
        yield Reason(why=Why.TOO_EARLY, day=wish, other=first)
    if window.basis is Basis.LABEL and wish > dose.latest:
        yield Reason(why=Why.TOO_LATE, day=wish, other=dose.latest)
    if not calendar.is_open(wish):
        after = max(wish, first - timedelta(days=1))
        yield Reason(why=Why.CLOSED, day=wish, other=first_open_after(after, calendar))


def _outside(dose: PlannedDose, wish: date) -> Iterator[Reason]:
    if wish < dose.earliest:
        yield Reason(why=Why.EARLIER_THAN_WINDOW, day=dose.earliest)
    if wish > dose.latest:
        yield Reason(why=Why.LATER_THAN_WINDOW, day=dose.latest)
