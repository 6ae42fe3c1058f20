"""Booking a dose: place, chair, window, not-before, refusals with offers."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.errors import (
    AlreadyBookedError,
    InvalidError,
    NoCapacityError,
    NotAllowedError,
    OutsideWindowError,
    TooEarlyError,
)
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import AppointmentItem, Change, ClinicDay
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.days import day_curve
from tests.factories.center import CenterMade, book, make_treatment, make_world, visits_of
from tests.factories.people import make_actor

MONDAY = date(2026, 3, 23)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow)


def test_a_dose_takes_a_chair_and_its_share_of_the_day(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)

    visit_id = book(uow, plan.dose(), MONDAY, "10:00")

    (visit,) = visits_of(uow)
    assert visit.id == visit_id
    assert visit.chair_key in center.chair_keys
    assert visit.ends_at - visit.starts_at == timedelta(minutes=150)
    points = {f"{p.at:%H:%M}": p for p in day_curve(uow, center.id, MONDAY)}
    assert [points[at].chairs for at in ("09:45", "10:00", "12:30", "12:45")] == [0, 1, 1, 0]
    assert points["10:15"].iv_starts == 1
    with uow:
        assert uow.session.scalars(select(Change.kind)).all() == ["booked"]
        assert uow.session.scalar(select(ClinicDay.revision)) == 2


def test_a_dose_is_booked_once(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    book(uow, plan.dose(), MONDAY, "10:00")

    with pytest.raises(AlreadyBookedError, match="booked already"):
        book(uow, plan.dose(), MONDAY, "13:00")


def test_a_double_press_is_one_booking(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    first = book(uow, plan.dose(), MONDAY, "10:00", idempotency_key="press-1")
    again = book(uow, plan.dose(), MONDAY, "10:00", idempotency_key="press-1")

    assert first == again
    assert len(visits_of(uow)) == 1


def test_a_refusal_names_the_limit_and_the_nearest_times(
    uow: UnitOfWork, center: CenterMade
) -> None:
    for _ in range(2):
        book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")

    with pytest.raises(NoCapacityError) as refusal:
        book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")

    assert str(refusal.value) == (
        "Mar 23, 10:00: At 10:15 2 of 2 IV starts are taken. Nearest: 9:45."
    )
    assert len(refusal.value.offers) == 3
    assert len(visits_of(uow)) == 2


def test_no_dose_before_its_not_before(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    not_before = plan.doses[1].not_before
    assert not_before is not None
    too_early = not_before - timedelta(days=3)

    with pytest.raises(TooEarlyError, match="Not before"):
        book(uow, plan.dose(2), too_early, "10:00")


def test_a_day_outside_the_window_needs_role_and_reason(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    late = plan.doses[0].latest + timedelta(days=7)
    desk = make_actor(Role.FRONT_DESK)

    with pytest.raises(OutsideWindowError, match="nurse or pharmacist"):
        book(uow, plan.dose(), late, "10:00", outside_window_reason="travels", actor=desk)
    with pytest.raises(OutsideWindowError, match="Give a reason"):
        book(uow, plan.dose(), late, "10:00")
    book(uow, plan.dose(), late, "10:00", outside_window_reason="travels")

    assert visits_of(uow)[0].override_reason == "outside the window: travels"


def test_a_charge_nurse_may_exceed_nurse_limits_but_not_chairs(
    uow: UnitOfWork, center: CenterMade
) -> None:
    for _ in range(2):
        book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")
    desk = make_actor(Role.FRONT_DESK)
    plan = make_treatment(uow, center.id)

    with pytest.raises(NotAllowedError):
        book(uow, plan.dose(), MONDAY, "10:00", override_reason="help comes", actor=desk)
    book(uow, plan.dose(), MONDAY, "10:00", override_reason="help comes")
    book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00", override_reason="help comes")
    with pytest.raises(NoCapacityError, match="chairs"):
        book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00", override_reason="more")


def test_a_patient_is_never_in_two_places(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    other = make_treatment(
        uow,
        center.id,
        patient_id=plan.patient_id,
        regimen="ferric-carboxymaltose-iv",
        product="Injectafer",
        second_plan=True,
    )
    book(uow, plan.dose(), MONDAY, "10:00")

    with pytest.raises(AlreadyBookedError, match="another visit"):
        book(uow, other.dose(), MONDAY, "11:00")


def test_a_course_is_booked_whole(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id, regimen="alemtuzumab-iv")

    first = book(uow, plan.dose(2), MONDAY, "08:00")

    rows = visits_of(uow)
    assert [row.starts_at.day for row in rows] == [23, 24, 25, 26, 27]
    assert {row.course_id for row in rows} == {first}
    with uow:
        assert len(uow.session.scalars(select(AppointmentItem)).all()) == 5


def test_a_course_that_meets_a_weekend_is_refused_whole(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id, regimen="alemtuzumab-iv")

    with pytest.raises(NoCapacityError, match="breaks"):
        book(uow, plan.dose(), MONDAY + timedelta(days=1), "08:00", outside_window_reason="x")

    assert visits_of(uow) == []


def test_a_time_that_has_passed_or_is_off_the_grid_is_refused(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)

    with pytest.raises(InvalidError, match="every 15 minutes"):
        book(uow, plan.dose(), MONDAY, "10:05")
    with pytest.raises(InvalidError, match="has passed"):
        book(uow, plan.dose(), date(2026, 3, 16), "10:00", outside_window_reason="x")


def test_a_wished_chair_is_kept_and_others_make_room(uow: UnitOfWork, center: CenterMade) -> None:
    first = make_treatment(uow, center.id)
    book(uow, first.dose(), MONDAY, "10:00")
    taken = visits_of(uow)[0].chair_key
    wanted = center.chairs[center.chair_keys.index(taken)]

    book(uow, make_treatment(uow, center.id).dose(), MONDAY, "11:00", chair_id=wanted)

    one, two = visits_of(uow)
    assert two.chair_key == taken
    assert two.pinned
    assert one.chair_key != taken
    assert one.parked is None
