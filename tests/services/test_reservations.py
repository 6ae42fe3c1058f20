"""Places kept for a patient on the phone: they take capacity, say until when, and expire by themselves."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import update

from scheduler.domain.errors import NoCapacityError, OutsideWindowError, TooEarlyError
from scheduler.domain.roles import Role
from scheduler.persistence import reservations as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Reservation
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.offers import OffersWanted, offers_for_dose
from scheduler.services.reservations import (
    KeptPlace,
    ReservePlace,
    kept_for,
    release_expired,
    release_place,
    reserve_place,
)
from scheduler.services.visit_places import give_back, open_days
from tests.factories.center import CenterMade, PlanMade, book, make_treatment, make_world
from tests.factories.people import NOW, make_actor
from tests.factories.sound import damage

MONDAY = date(2026, 3, 23)
TEN = time(10)
LATER = NOW + timedelta(minutes=10)
RELEASED_BY_ANOTHER = (
    update(Reservation).values(released_at=LATER).execution_options(synchronize_session=False)
)
"""What another session commits, unseen by the rows that were read before."""


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow, chairs=1)


def keep(uow: UnitOfWork, plan: PlanMade, day: date = MONDAY, start: time = TEN) -> KeptPlace:
    wanted = ReservePlace(dose_id=plan.dose(), day=day, start=start)
    return reserve_place(uow, wanted, now=NOW, actor=make_actor())


def test_a_kept_place_is_nobody_elses_until_it_is_over(uow: UnitOfWork, center: CenterMade) -> None:
    kept, other = make_treatment(uow, center.id), make_treatment(uow, center.id)

    place = keep(uow, kept)

    assert (place.day, place.starts, place.until) == (MONDAY, TEN, time(10, 10))
    with pytest.raises(NoCapacityError, match="kept for another patient until 10:10"):
        book(uow, other.dose(), MONDAY, "10:00")
    assert release_expired(uow, now=NOW + timedelta(minutes=9)) == 0
    assert release_expired(uow, now=LATER) == 1
    assert book(uow, other.dose(), MONDAY, "10:00")


def test_why_not_says_until_when_and_names_the_nearest(uow: UnitOfWork, center: CenterMade) -> None:
    keep(uow, make_treatment(uow, center.id))
    other = make_treatment(uow, center.id)

    wanted = OffersWanted(dose_id=other.dose(), wish_day=MONDAY, wish_time=TEN)

    (why,) = offers_for_dose(uow, wanted, now=NOW).refusals

    assert "kept for another patient until 10:10" in why.sentence
    assert len(why.nearest) == 3
    assert why.nearest[0].day == MONDAY


def test_the_place_is_free_for_its_own_dose_and_booking_uses_it_up(
    database: Database, uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    keep(uow, plan)
    wanted = OffersWanted(dose_id=plan.dose(), wish_day=MONDAY, wish_time=TEN)

    found = offers_for_dose(uow, wanted, now=NOW)
    book(uow, plan.dose(), MONDAY, "10:00")

    assert (found.offers[0].day, found.offers[0].starts) == (MONDAY, TEN)
    assert found.refusals == ()
    assert kept_for(uow, plan.dose(), now=NOW) is None
    assert release_expired(uow, now=LATER) == 0
    assert damage(database, uow.organization_id) == []


def test_booking_another_time_gives_the_place_back(uow: UnitOfWork, center: CenterMade) -> None:
    plan, other = make_treatment(uow, center.id), make_treatment(uow, center.id)
    keep(uow, plan)

    book(uow, plan.dose(), MONDAY + timedelta(days=1), "10:00")

    assert book(uow, other.dose(), MONDAY, "10:00")


def test_keeping_another_time_or_letting_go_gives_the_first_back(
    database: Database, uow: UnitOfWork, center: CenterMade
) -> None:
    plan, other = make_treatment(uow, center.id), make_treatment(uow, center.id)
    keep(uow, plan)

    second = keep(uow, plan, start=time(14))
    shown = kept_for(uow, plan.dose(), now=NOW)
    release_place(uow, second.id, now=NOW, actor=make_actor())
    release_place(uow, second.id, now=NOW, actor=make_actor())

    assert shown == second
    assert kept_for(uow, plan.dose(), now=NOW) is None
    assert book(uow, other.dose(), MONDAY, "10:00")
    assert damage(database, uow.organization_id) == []


def test_counts_are_those_of_visits_and_kept_places(
    database: Database, uow: UnitOfWork, center: CenterMade
) -> None:
    keep(uow, make_treatment(uow, center.id))
    book(uow, make_treatment(uow, center.id).dose(), MONDAY, "14:00")

    assert damage(database, uow.organization_id) == []
    release_expired(uow, now=LATER)
    assert damage(database, uow.organization_id) == []


def test_a_course_is_kept_whole(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id, regimen="alemtuzumab-iv")

    place = keep(uow, plan, start=time(8))

    assert place.days == 5
    assert release_expired(uow, now=LATER) == 5


def test_a_place_is_kept_only_where_the_dose_may_be_booked(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    early = ReservePlace(dose_id=plan.dose(2), day=MONDAY, start=TEN)
    late = ReservePlace(dose_id=plan.dose(), day=date(2026, 6, 1), start=TEN)

    with pytest.raises(TooEarlyError):
        reserve_place(uow, early, now=NOW, actor=make_actor())
    with pytest.raises(OutsideWindowError):
        reserve_place(uow, late, now=NOW, actor=make_actor(Role.FRONT_DESK))


def test_a_place_that_was_given_back_while_somebody_waited_for_its_day_is_given_back_once(
    database: Database, uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    keep(uow, plan)

    with uow:
        found = stored.of_doses(uow, [plan.dose()])
        assert found[0].released_at is None
        uow.session.execute(RELEASED_BY_ANOTHER)
        opened = open_days(uow, center.id, [found[0].starts_at])
        before = opened.days[MONDAY].load
        give_back(uow, opened, found, now=LATER)

        assert opened.days[MONDAY].load.same_as(before)
