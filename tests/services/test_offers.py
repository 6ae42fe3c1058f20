"""Times to offer: inside the window, ranked by the wish, with reasons and refusals."""

from datetime import date, time, timedelta

import pytest

from scheduler.domain.errors import AlreadyBookedError
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.closures import AddClosure, add_closure
from scheduler.services.offers import OffersWanted, offers_for_dose
from tests.factories.center import CenterMade, book, make_treatment, make_world
from tests.factories.people import NOW, make_actor

MONDAY = date(2026, 3, 23)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow)


def test_offers_lie_in_the_window_the_due_day_first(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)

    found = offers_for_dose(uow, OffersWanted(dose_id=plan.dose(2)), now=NOW)

    assert len(found.offers) == 5
    assert found.offers[0].day == plan.doses[1].due_on
    assert "on the due day" in found.offers[0].reasons
    assert all(found.window.earliest <= o.day <= found.window.latest for o in found.offers)
    assert found.minutes == (150,)


def test_an_offer_can_be_booked_as_it_is(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    offer = offers_for_dose(uow, OffersWanted(dose_id=plan.dose()), now=NOW).offers[0]

    book(uow, plan.dose(), offer.day, f"{offer.starts:%H:%M}")

    with pytest.raises(AlreadyBookedError):
        offers_for_dose(uow, OffersWanted(dose_id=plan.dose()), now=NOW)


def test_a_wished_time_comes_first(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    wanted = OffersWanted(dose_id=plan.dose(), wish_day=MONDAY, wish_time=time(13, 30))

    found = offers_for_dose(uow, wanted, now=NOW)

    assert (found.offers[0].day, found.offers[0].starts) == (MONDAY, time(13, 30))
    assert found.refusals == ()


def test_a_refused_wish_says_which_limit(uow: UnitOfWork, center: CenterMade) -> None:
    for _ in range(2):
        book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")
    plan = make_treatment(uow, center.id)
    wanted = OffersWanted(dose_id=plan.dose(), wish_day=MONDAY, wish_time=time(10))

    (refusal,) = offers_for_dose(uow, wanted, now=NOW).refusals

    assert refusal.sentence == "Mar 23, 10:00: At 10:15 2 of 2 IV starts are taken."


def test_a_closed_day_is_not_offered_and_says_why(uow: UnitOfWork, center: CenterMade) -> None:
    closure = AddClosure(center_id=center.id, first_day=MONDAY, last_day=MONDAY, reason="Storm")
    add_closure(uow, closure, now=NOW, actor=make_actor())
    plan = make_treatment(uow, center.id)
    wanted = OffersWanted(dose_id=plan.dose(), wish_day=MONDAY, wish_time=time(10))

    found = offers_for_dose(uow, wanted, now=NOW)

    assert all(offer.day != MONDAY for offer in found.offers)
    assert "closed, Storm" in found.refusals[0].sentence


def test_when_the_window_has_no_room_later_days_are_offered_and_marked(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    dose = plan.doses[1]
    closure = AddClosure(
        center_id=center.id, first_day=dose.earliest, last_day=dose.latest, reason="Move"
    )
    add_closure(uow, closure, now=NOW, actor=make_actor())

    offers = offers_for_dose(uow, OffersWanted(dose_id=dose.id), now=NOW).offers

    assert offers
    assert all(offer.outside_window and offer.day > dose.latest for offer in offers)


def test_reasons_count_from_the_due_day_however_late_or_wished(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    dose = plan.doses[0]
    late = NOW + timedelta(days=60)
    day = dose.due_on + timedelta(days=2)

    overdue = offers_for_dose(uow, OffersWanted(dose_id=dose.id), now=late).offers[0]
    wished = offers_for_dose(uow, OffersWanted(dose_id=dose.id, wish_day=day), now=NOW).offers[0]

    assert f"{(overdue.day - dose.due_on).days} days after the due day" in overdue.reasons
    assert overdue.day - late.date() <= timedelta(days=3)
    assert wished.day == day
    assert "2 days after the due day" in wished.reasons


def test_today_offers_nothing_that_has_passed(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id, first_day=date(2026, 3, 17))
    wanted = OffersWanted(dose_id=plan.dose(), wish_day=date(2026, 3, 17), limit=20)

    offers = offers_for_dose(uow, wanted, now=NOW + timedelta(hours=1)).offers

    today = [offer.starts for offer in offers if offer.day == date(2026, 3, 17)]
    assert today
    assert min(today) >= time(11)


def test_a_course_is_offered_as_consecutive_days(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id, regimen="alemtuzumab-iv")

    offer = offers_for_dose(uow, OffersWanted(dose_id=plan.dose()), now=NOW).offers[0]

    assert [visit.day.day for visit in offer.visits] == [23, 24, 25, 26, 27]


def test_nobody_is_offered_a_time_in_another_visit(uow: UnitOfWork, center: CenterMade) -> None:
    first = make_treatment(uow, center.id)
    book(uow, first.dose(), MONDAY, "10:00")
    other = make_treatment(
        uow, center.id, patient_id=first.patient_id, regimen="infliximab-iv", product="Remicade"
    )
    wanted = OffersWanted(
        dose_id=other.dose(), limit=50, wish_day=MONDAY, wish_time=time(10), times=(time(10),)
    )

    found = offers_for_dose(uow, wanted, now=NOW)

    (refusal,) = found.refusals
    assert refusal.sentence == "Mar 23: the patient is in another visit from 10:00 to 12:30."
    for offer in (*found.offers, *refusal.nearest):
        assert offer.day != MONDAY or offer.ends <= time(10) or offer.starts >= time(12, 30)
    book(uow, other.dose(), refusal.nearest[0].day, f"{refusal.nearest[0].starts:%H:%M}")
