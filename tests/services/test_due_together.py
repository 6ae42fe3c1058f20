"""Doses that are due together share a chair, an IV start and a visit."""

from dataclasses import replace
from datetime import date, time

import pytest

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.chairs import ChairNeed
from scheduler.domain.errors import DomainError, InvalidError, TooEarlyError
from scheduler.domain.people import ChairKind
from scheduler.domain.plans import AuthorizationStatus
from scheduler.persistence import appointments, plans
from scheduler.persistence.database import Database
from scheduler.persistence.models import CenterLimits
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorizations import RecordAuthorization, record_authorization
from scheduler.services.authorized import BookingRules, Unauthorized, choose_booking_rules
from scheduler.services.due_together import NotTogetherError, due_together
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.offer_filters import Filters
from scheduler.services.offers import OffersWanted, offers_for_dose
from scheduler.services.visit_reading import read_visit
from tests.factories.center import (
    CenterMade,
    PlanMade,
    book,
    make_treatment,
    make_world,
    visits_of,
)
from tests.factories.people import NOW, make_actor
from tests.factories.sound import damage

MONDAY = date(2026, 3, 23)
WEDNESDAY = date(2026, 3, 25)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow, beds=1)


@pytest.fixture
def two(uow: UnitOfWork, center: CenterMade) -> tuple[PlanMade, PlanMade]:
    """Two plans of one patient that begin on the same day."""
    first = make_treatment(uow, center.id)
    second = make_treatment(
        uow, center.id, patient_id=first.patient_id, regimen="ocrelizumab-iv", second_plan=True
    )
    return first, second


@pytest.mark.slow
def test_they_are_found_and_offered_as_one_visit(
    uow: UnitOfWork, two: tuple[PlanMade, PlanMade]
) -> None:
    first, second = two
    alone = offers_for_dose(uow, OffersWanted(dose_id=first.dose()), now=NOW)
    other = offers_for_dose(uow, OffersWanted(dose_id=second.dose()), now=NOW)

    (line,) = due_together(uow, first.dose())
    wanted = OffersWanted(dose_id=first.dose(), together=(line.dose_id,))
    both = offers_for_dose(uow, wanted, now=NOW)

    assert (line.dose_id, line.ingredient) == (second.dose(), "ocrelizumab")
    assert max(alone.minutes + other.minutes) < both.minutes[0] < sum(alone.minutes + other.minutes)
    assert both.offers


def test_one_booking_holds_both_in_one_chair(
    database: Database, uow: UnitOfWork, two: tuple[PlanMade, PlanMade]
) -> None:
    first, second = two

    visit = book(uow, first.dose(), MONDAY, "09:00", together=(second.dose(),))

    assert set(read_visit(uow, visit).dose_ids) == {first.dose(), second.dose()}
    with uow:
        assert appointments.booked(uow, [second.dose()])
    assert due_together(uow, first.dose()) == ()
    assert damage(database, uow.organization_id) == []


def test_what_cannot_share_a_visit_is_refused(
    uow: UnitOfWork, center: CenterMade, two: tuple[PlanMade, PlanMade]
) -> None:
    first, second = two
    stranger = make_treatment(uow, center.id)

    for other, words in (
        (stranger.dose(), "one patient"),
        (first.dose(), "named twice"),
        (second.dose(4), "no day in common"),
    ):
        with pytest.raises(NotTogetherError, match=words):
            book(uow, first.dose(), MONDAY, "09:00", together=(other,))


def filtered(uow: UnitOfWork, plan: PlanMade, **filters: object) -> list[tuple[date, time]]:
    asked = replace(Filters(), **filters)  # type: ignore[arg-type]  # a test names what it asks for
    wanted = OffersWanted(dose_id=plan.dose(2), limit=20, filters=asked)
    return [(offer.day, offer.starts) for offer in offers_for_dose(uow, wanted, now=NOW).offers]


def test_filters_bind_weekday_hours_and_chair(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    first = filtered(uow, plan)[0][0]
    for start in ("08:00", "13:00"):
        bed = {"needs_kind": ChairKind.BED}
        book(uow, make_treatment(uow, center.id, first_day=first, patient=bed).dose(), first, start)

    thursdays = filtered(uow, plan, weekdays=frozenset({3}))
    late = filtered(uow, plan, not_earlier=time(11), not_later=time(13))
    beds = filtered(
        uow, plan, needs=frozenset({ChairNeed.BED}), weekdays=frozenset({first.weekday()})
    )

    assert thursdays
    assert {day.weekday() for day, _ in thursdays} == {3}
    assert late
    assert all(time(11) <= at <= time(13) for _, at in late)
    assert all(day != first for day, _ in beds)


def test_interpreters_and_labs_bind_once_the_center_has_said_when(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    with pytest.raises(InvalidError, match="interpreters"):
        filtered(uow, plan, interpreter=True)
    with pytest.raises(DomainError, match="labs"):
        filtered(uow, plan, no_labs=True)
    with uow:
        row = uow.session.query(CenterLimits).one()
        row.interpreter_from, row.interpreter_until = time(12), time(16)
        row.labs_back_at = time(9, 30)
        uow.commit()

    spoken = filtered(uow, plan, interpreter=True)
    fast = filtered(uow, plan, no_labs=True)

    assert spoken
    assert all(time(12) <= at <= time(13, 30) for _, at in spoken)
    assert fast
    assert all(at <= time(9, 30) for _, at in fast)


def not_before(uow: UnitOfWork, plan: PlanMade, day: date) -> None:
    """Let the first dose of a plan have a hard first day."""
    with uow:
        plans.dose(uow, plan.dose()).not_before = day
        uow.commit()


def test_a_shared_visit_moves_below_the_not_before_of_none_of_its_doses(
    uow: UnitOfWork, two: tuple[PlanMade, PlanMade]
) -> None:
    first, second = two
    visit = book(uow, first.dose(), WEDNESDAY, "09:00", together=(second.dose(),))
    not_before(uow, second, WEDNESDAY)
    sooner = MoveAppointment(appointment_id=visit, day=MONDAY)

    with pytest.raises(TooEarlyError, match="March 25"):
        move_appointment(uow, sooner, now=NOW, actor=make_actor())


def test_a_shared_visit_is_offered_other_times_for_all_of_it(
    uow: UnitOfWork, two: tuple[PlanMade, PlanMade]
) -> None:
    first, second = two
    visit = book(uow, first.dose(), WEDNESDAY, "09:00", together=(second.dose(),))
    not_before(uow, second, WEDNESDAY)
    wanted = OffersWanted(dose_id=first.dose(), together=(second.dose(),), without=(visit,))

    offers = offers_for_dose(uow, wanted, now=NOW).offers

    assert offers
    assert all(offer.day >= WEDNESDAY for offer in offers)


def authorized(uow: UnitOfWork, plan: PlanMade, status: AuthorizationStatus) -> None:
    wanted = RecordAuthorization(plan_id=plan.id, status=status, visits=1)
    record_authorization(uow, wanted, now=NOW, actor=make_actor())


def test_a_shared_visit_is_tentative_until_every_plan_is_authorized(
    uow: UnitOfWork, two: tuple[PlanMade, PlanMade]
) -> None:
    first, second = two
    rules = BookingRules(unauthorized=Unauthorized.TENTATIVE, second_approval=False)
    choose_booking_rules(uow, rules, now=NOW, actor=make_actor())
    for plan in two:
        authorized(uow, plan, AuthorizationStatus.PENDING)

    book(uow, first.dose(), MONDAY, "09:00", together=(second.dose(),))

    for plan in two:
        assert [row.status for row in visits_of(uow)] == [AppointmentStatus.PENDING]
        authorized(uow, plan, AuthorizationStatus.APPROVED)
    assert [row.status for row in visits_of(uow)] == [AppointmentStatus.BOOKED]
