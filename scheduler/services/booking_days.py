"""On which days a dose may be booked: not below its not-before, and outside its window with role and reason."""

from datetime import date

from scheduler.domain.errors import (
    OutsideWindowError,
    TooEarlyError,
)
from scheduler.domain.regimen import Basis
from scheduler.domain.roles import ALLOWED, Actor, Permission
from scheduler.services.bookable import Bookable
from scheduler.services.floors import below_words, first_day


def require_day(
    target: Bookable, day: date, actor: Actor, *, outside_window: str, below: str, second: str
) -> str:
    """Refuse a day below the not-before or outside the window, unless the role and a reason allow it.

    Args:
        target: What is to be booked.
        day: Its first day.
        actor: Who books.
        outside_window: The reason for a day outside the window.
        below: The documented order for a day below the not-before.
        second: The second person, needed where the gap is the label's.

    Returns:
        What is recorded as the override, empty when none was needed.

    Raises:
        TooEarlyError: below the not-before; says from when.
        OutsideWindowError: outside the window without role or reason.
    """
    return " ".join(
        filter(
            None,
            [
                _below(target, day, actor, below, second),
                _outside(target, day, actor, outside_window),
            ],
        )
    )


def _below(target: Bookable, day: date, actor: Actor, order: str, second: str) -> str:
    floor = target.hard_floor
    if floor is None or day >= floor.day:
        return ""
    words = first_day(floor)
    allowed = bool(actor.roles & ALLOWED[Permission.GO_BELOW_NOT_BEFORE])
    if not allowed or not order.strip():
        raise TooEarlyError(f"Not before {words}: {floor.why}.", not_before=floor.day)
    if floor.basis is Basis.LABEL and not second.strip():
        raise TooEarlyError(
            f"Not before {words} by the label: name the second person who checked the order.",
            not_before=floor.day,
        )
    return f"{below_words(floor)}: {order.strip()}" + (
        f"; second: {second.strip()}" if second else ""
    )


def _outside(target: Bookable, day: date, actor: Actor, reason: str) -> str:
    first, last = target.earliest, target.latest
    if first <= day <= last:
        return ""
    allowed = actor.may(Permission.BOOK_OUTSIDE_WINDOW)
    if not allowed or not reason.strip():
        who = "Give a reason" if allowed else "A nurse or pharmacist can, with a reason"
        raise OutsideWindowError(
            f"{day:%B} {day.day} is outside the window, {first:%B} {first.day} to"
            f" {last:%B} {last.day}, {last.year}. {who}.",
            field="day",
        )
    return f"outside the window: {reason.strip()}"
