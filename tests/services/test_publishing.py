"""A day is settled at its hour on the open day before: chairs stay, every visit has its nurse."""

from datetime import UTC, date, datetime, time

import pytest

from scheduler.domain.errors import NoCapacityError
from scheduler.domain.timing import Instant
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_limits import LimitsWanted, SetLimits, set_limits
from scheduler.services.closures import AddClosure, add_closure
from scheduler.services.nurse_days import choose_nurse, nurse_sheet
from scheduler.services.publishing import publish_due, settled
from tests.factories.center import (
    CenterMade,
    book,
    make_treatment,
    make_world,
    visits_of,
)
from tests.factories.people import NOW, make_actor

FRIDAY, MONDAY, TUESDAY = date(2026, 3, 20), date(2026, 3, 23), date(2026, 3, 24)


def at(day: date, clock: str) -> Instant:
    """Return an instant in New York in summer time."""
    wall = time.fromisoformat(clock)
    return datetime(day.year, day.month, day.day, wall.hour + 4, wall.minute, tzinfo=UTC)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    made = make_world(database, uow)
    for day in (MONDAY, TUESDAY):
        for start in ("08:00", "11:30"):
            book(uow, make_treatment(uow, made.id).dose(), day, start)
    return made


def is_done(uow: UnitOfWork, center: CenterMade, day: date) -> bool:
    return settled(uow, center.id, day).done


def test_a_monday_is_settled_on_friday_at_three_and_once(
    uow: UnitOfWork, center: CenterMade
) -> None:
    early = publish_due(uow, now=at(FRIDAY, "14:59"))
    first, again = (publish_due(uow, now=at(FRIDAY, "15:00")) for _ in range(2))

    assert (early, first, again) == (0, 1, 0)
    assert (is_done(uow, center, MONDAY), is_done(uow, center, TUESDAY)) == (True, False)
    assert nurse_sheet(uow, center.id, MONDAY).without == ()
    assert len(nurse_sheet(uow, center.id, TUESDAY).without) == 2
    assert settled(uow, center.id, MONDAY).at.strftime("%a %H:%M") == "Fri 15:00"


def test_a_closed_day_between_is_passed_over(uow: UnitOfWork, center: CenterMade) -> None:
    shut = AddClosure(center_id=center.id, first_day=FRIDAY, last_day=FRIDAY, reason="flood")
    add_closure(uow, shut, now=NOW, actor=make_actor())

    assert publish_due(uow, now=at(date(2026, 3, 19), "15:00")) == 1
    assert is_done(uow, center, MONDAY)


def test_a_center_chooses_its_hour(uow: UnitOfWork, center: CenterMade) -> None:
    noon = LimitsWanted(nurse_rule="H", patients_per_nurse=4, publish_at=time(12))
    wanted = SetLimits(center_id=center.id, effective_from=FRIDAY, wanted=noon)
    set_limits(uow, wanted, now=NOW, actor=make_actor())

    assert publish_due(uow, now=at(FRIDAY, "11:59")) == 0

    assert publish_due(uow, now=at(FRIDAY, "12:00")) == 1


def test_a_worker_that_was_down_settles_what_it_missed(uow: UnitOfWork, center: CenterMade) -> None:
    assert publish_due(uow, now=at(MONDAY, "16:00")) == 2
    assert is_done(uow, center, MONDAY)
    assert is_done(uow, center, TUESDAY)


def test_a_nurse_chosen_by_hand_before_stays(uow: UnitOfWork, center: CenterMade) -> None:
    visit = nurse_sheet(uow, center.id, MONDAY).without[0].appointment_id
    for nurse in center.nurses:
        choose_nurse(uow, center.id, MONDAY, (visit, nurse), now=NOW, actor=make_actor())
    publish_due(uow, now=at(FRIDAY, "15:00"))

    of = {x.staff_id: x.visits for x in nurse_sheet(uow, center.id, MONDAY).nurses}
    assert visit in {line.appointment_id for line in of[center.nurses[-1]]}


@pytest.mark.slow
def test_from_then_on_a_booking_moves_nobody_to_another_chair(
    uow: UnitOfWork, center: CenterMade
) -> None:
    publish_due(uow, now=at(FRIDAY, "15:00"))
    before = {row.id: row.chair_key for row in visits_of(uow)}

    for start in ("08:00", "09:30", "10:30", "12:30", "13:00"):
        try:
            book(uow, make_treatment(uow, center.id).dose(), MONDAY, start)
        except NoCapacityError:
            continue

    after = {row.id: row.chair_key for row in visits_of(uow)}
    assert before.items() <= after.items()
    assert len(after) > len(before)


def test_a_day_without_visits_is_not_settled(database: Database, uow: UnitOfWork) -> None:
    center = make_world(database, uow)

    assert publish_due(uow, now=at(FRIDAY, "15:00")) == 0
    assert not is_done(uow, center, MONDAY)
