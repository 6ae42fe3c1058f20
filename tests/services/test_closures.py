"""Closures and absences that cannot be meant: of days that are over, or ending before they begin."""

from datetime import date, time, timedelta

import pytest

from scheduler.domain.errors import InvalidError
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.closures import AddClosure, NurseOut, add_closure, nurse_out
from tests.factories.center import CenterMade, make_world
from tests.factories.people import NOW, make_actor

TODAY = date(2026, 3, 17)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow)


def close(
    uow: UnitOfWork,
    center: CenterMade,
    first: date,
    last: date,
    *,
    since: time | None = None,
    until: time | None = None,
) -> None:
    wanted = AddClosure(
        center_id=center.id,
        first_day=first,
        last_day=last,
        reason="Storm",
        from_time=since,
        until_time=until,
    )
    add_closure(uow, wanted, now=NOW, actor=make_actor())


def test_a_closure_with_last_years_date_is_refused_as_over(
    uow: UnitOfWork, center: CenterMade
) -> None:
    with pytest.raises(InvalidError, match=r"March 23, 2025 is over") as error:
        close(uow, center, date(2025, 3, 23), date(2025, 3, 23))

    assert error.value.field == "first_day"


def test_a_closure_that_began_in_the_past_and_goes_on_is_noted(
    uow: UnitOfWork, center: CenterMade
) -> None:
    close(uow, center, TODAY - timedelta(days=2), TODAY)


def test_a_part_of_a_day_that_ends_before_it_begins_is_no_closure(
    uow: UnitOfWork, center: CenterMade
) -> None:
    with pytest.raises(InvalidError, match="ends before it begins") as error:
        close(uow, center, TODAY, TODAY, since=time(14), until=time(9))

    assert error.value.field == "until_time"


def test_nobody_is_out_on_a_day_that_is_over(uow: UnitOfWork, center: CenterMade) -> None:
    nurse = center.nurses[0]
    wanted = NurseOut(center_id=center.id, staff_id=nurse, day=TODAY - timedelta(days=1))

    with pytest.raises(InvalidError, match=r"March 16, 2026 is over") as error:
        nurse_out(uow, wanted, now=NOW, actor=make_actor())

    assert error.value.field == "day"
