"""A wish that cannot be: it says why, and names the nearest times that can be booked as they are."""

from datetime import date, time, timedelta

import pytest

from scheduler.domain.chairs import ChairNeed
from scheduler.domain.errors import InvalidError
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.offer_filters import NO_FILTERS, Filters
from scheduler.services.offers import OffersWanted, offers_for_dose
from scheduler.services.refused_wishes import WishRefused
from tests.factories.center import CenterMade, PlanMade, make_treatment, make_world
from tests.factories.people import NOW

MONDAY = date(2026, 3, 23)
TEN = time(10)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow)


def refusal(
    uow: UnitOfWork, plan: PlanMade, day: date, at: time | None = TEN, filters: Filters = NO_FILTERS
) -> WishRefused:
    wanted = OffersWanted(dose_id=plan.dose(2), wish_day=day, wish_time=at, filters=filters)
    (found,) = offers_for_dose(uow, wanted, now=NOW).refusals
    return found


@pytest.mark.parametrize("years", [0, 5])
def test_a_wish_after_the_window_is_told_so_with_times_of_the_window(
    uow: UnitOfWork, center: CenterMade, years: int
) -> None:
    plan = make_treatment(uow, center.id)
    day = plan.doses[1].latest + timedelta(days=3 + 364 * years)

    found = refusal(uow, plan, day)

    assert f"{day.year} is outside the window" in found.sentence
    assert len(found.nearest) == 3
    assert not any(offer.outside_window for offer in found.nearest)


def test_the_nearest_to_a_wish_below_the_not_before_lie_in_the_window(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    dose = plan.doses[1]

    found = refusal(uow, plan, dose.earliest - timedelta(days=30))

    assert len(found.nearest) == 3
    assert all(dose.earliest <= offer.day <= dose.latest for offer in found.nearest)


@pytest.mark.parametrize("day", [date(1900, 1, 1), NOW.date() - timedelta(days=1)])
def test_a_wish_in_the_past_is_over_and_still_names_times(
    uow: UnitOfWork, center: CenterMade, day: date
) -> None:
    found = refusal(uow, make_treatment(uow, center.id), day, None)

    assert found.sentence == f"{day:%b} {day.day}, {day.year} is over."
    assert len(found.nearest) == 3


def test_a_wish_that_the_conditions_rule_out_says_so_and_the_nearest_keep_them(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    due = plan.doses[1].due_on
    other = frozenset({(due.weekday() + 1) % 5})

    by_day = refusal(uow, plan, due, filters=Filters(weekdays=other))
    by_hour = refusal(uow, plan, due, filters=Filters(not_earlier=time(13)))

    assert "not on a weekday that was asked for" in by_day.sentence
    assert {offer.day.weekday() for offer in by_day.nearest} == other
    assert by_hour.sentence == "10:00 is outside the hours that were asked for."
    assert all(offer.starts >= time(13) for offer in by_hour.nearest)


def test_a_wish_for_a_place_that_the_center_lacks_names_the_place(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)

    found = refusal(
        uow, plan, plan.doses[1].due_on, filters=Filters(needs=frozenset({ChairNeed.ROOM}))
    )

    assert "no rooms in service" in found.sentence
    assert found.nearest == ()


def test_a_time_between_two_slots_is_told_as_a_clock_shows_it(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)

    found = refusal(uow, plan, plan.doses[1].due_on, time(10, 7))

    assert found.sentence == "Visits start every 15 minutes, not at 10:07."


def test_hours_that_leave_no_start_are_refused_at_their_field(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    filters = Filters(not_earlier=time(16), not_later=time(9))

    with pytest.raises(InvalidError, match=r"not before 16:00 and by 9:00") as error:
        offers_for_dose(uow, OffersWanted(dose_id=plan.dose(2), filters=filters), now=NOW)

    assert error.value.field == "not_later"
