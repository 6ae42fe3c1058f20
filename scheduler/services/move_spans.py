"""Between which days a booked visit may move: its windows, its not-before, and the doses beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.errors import OutsideWindowError, TooEarlyError
from scheduler.domain.timing import local_day
from scheduler.persistence import appointments
from scheduler.persistence import plans as stored
from scheduler.persistence.models import Appointment
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.bookable import Bookable, bookable
from scheduler.services.center_facts import facts_of
from scheduler.services.floors import phase_of
from scheduler.services.gaps_between import last_for, soonest

WITHOUT_DOSE = timedelta(days=7)
"""A visit without a dose has no window: it may move by so much either way."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MoveSpan:
    """The days on which a visit, or the first day of a course, may be.

    Args:
        earliest: First day of the window of every dose of it.
        latest: Last day of all those windows, and early enough for the next booked dose.
        not_before: The hard day, the gap to the dose booked before it counted.
        targets: What stands behind its doses.
    """

    earliest: date
    latest: date
    not_before: date | None
    targets: tuple[Bookable, ...]

    def require(self, day: date) -> None:
        """Refuse a day on which the visit must not be.

        Raises:
            TooEarlyError: below the not-before.
            OutsideWindowError: outside the window.
        """
        if self.not_before is not None and day < self.not_before:
            words = f"{self.not_before:%B} {self.not_before.day}"
            raise TooEarlyError(f"It cannot be before {words}.", not_before=self.not_before)
        if not self.earliest <= day <= self.latest:
            words = f"{self.earliest:%b} {self.earliest.day} to {self.latest:%b} {self.latest.day}"
            raise OutsideWindowError(f"{day:%b} {day.day} is outside its window, {words}.")


def move_span(uow: UnitOfWork, rows: Sequence[Appointment]) -> MoveSpan:
    """Return on which days a visit may be; of a course, its first day.

    Args:
        uow: The unit of work.
        rows: The visit, or the days to come of the course, in order.

    Raises:
        NotBookableError: its plan takes no bookings now, so that only a person can move it.
    """
    zone = facts_of(uow, rows[0].center_id).zone
    day = local_day(rows[0].starts_at, zone)
    items = appointments.items(uow, [rows[0].id])
    gone = [row.id for row in rows]
    targets = tuple(bookable(uow, each.dose_id, but=gone) for each in items if each.dose_id)
    if not targets:
        return MoveSpan(
            earliest=day - WITHOUT_DOSE, latest=day + WITHOUT_DOSE, not_before=None, targets=()
        )
    floors = [target.floor.day for target in targets if target.floor]
    beside = [_beside(uow, target, day) for target in targets]
    floors += [first for first, _ in beside if first]
    latest = [target.first.latest for target in targets] + [last for _, last in beside if last]
    return MoveSpan(
        earliest=max(target.first.earliest for target in targets),
        latest=min(latest),
        not_before=max(floors, default=None),
        targets=targets,
    )


def _beside(uow: UnitOfWork, target: Bookable, day: date) -> tuple[date | None, date | None]:
    """Return the first and last day that keep the gaps to the doses booked before and after.

    Never tighter than the present day: what is booked too near already is a person's decision.
    """
    rows = stored.doses_of(uow, target.plan.id)
    zone = facts_of(uow, target.center_id).zone
    at = appointments.booked(uow, [row.id for row in rows])
    mine = {row.id for row in target.doses}
    days = [(row, local_day(at[row.id], zone)) for row in rows if row.id in at]
    before = [each for row, each in days if row.ordinal < target.first.ordinal]
    after = [
        (row, each)
        for row, each in days
        if row.ordinal > target.first.ordinal and row.id not in mine
    ]
    first = last = None
    if before:
        first = min(day, soonest(max(before), phase_of(uow, target.plan, target.first)))
    if after:
        following, its_day = min(after, key=lambda pair: pair[1])
        last = max(day, last_for(its_day, phase_of(uow, target.plan, following), day))
    return first, last
