"""Sessions as the services keep them."""

from datetime import timedelta

import pytest

from scheduler.domain.errors import NotAllowedError, NotFoundError
from scheduler.domain.ids import CenterId, StaffId
from scheduler.domain.roles import Role
from scheduler.domain.timing import Instant
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.sessions import (
    SignIn,
    SignInError,
    choose_center,
    end_session,
    open_session,
    prune_sessions,
    recognize,
    sign_in,
    touch_session,
)
from scheduler.services.throttling import Limit, TooManyTriesError, count_try, forget_tries
from tests.factories.people import make_plain_center
from tests.factories.staff import PASSWORD, make_staff

MINUTE = timedelta(minutes=1)


@pytest.fixture
def center(uow: UnitOfWork) -> CenterId:
    return make_plain_center(uow)


@pytest.fixture
def person(uow: UnitOfWork, center: CenterId) -> StaffId:
    return make_staff(uow, center, Role.NURSE, Role.PHARMACIST, email="Jo@Lakeside.example")


def test_the_cookie_stands_for_the_person_and_all_roles(
    database: Database, person: StaffId, now: Instant
) -> None:
    request = SignIn(email=" jo@lakeside.EXAMPLE", password=PASSWORD, network="10.0.0.1")

    secret = sign_in(database, request, now=now)

    who = recognize(database.look(), secret, now=now)
    assert who is not None
    assert who.staff_id == person
    assert who.roles == {Role.NURSE, Role.PHARMACIST}
    assert not who.locked


def test_who_is_not_active_cannot_sign_in(
    database: Database, uow: UnitOfWork, center: CenterId, now: Instant
) -> None:
    make_staff(uow, center, Role.NURSE, email="gone@lakeside.example", active=False)

    with pytest.raises(SignInError):
        sign_in(
            database,
            SignIn(email="gone@lakeside.example", password=PASSWORD, network="10.0.0.1"),
            now=now,
        )


def test_who_has_no_role_is_told_so(uow: UnitOfWork, center: CenterId, now: Instant) -> None:
    nobody = make_staff(uow, center)

    with pytest.raises(NotAllowedError, match="no role at any center"):
        open_session(uow, nobody, now=now)


def test_an_ended_session_stands_for_nobody(
    database: Database, uow: UnitOfWork, person: StaffId, now: Instant
) -> None:
    secret = open_session(uow, person, now=now)
    who = recognize(database.look(), secret, now=now)
    assert who is not None

    end_session(uow, who.session_id, now=now, actor=who.actor)

    assert recognize(database.look(), secret, now=now) is None


def test_a_session_is_noted_as_stale_after_a_minute(
    database: Database, uow: UnitOfWork, person: StaffId, now: Instant
) -> None:
    secret = open_session(uow, person, now=now)

    early = recognize(database.look(), secret, now=now + MINUTE / 2)
    late = recognize(database.look(), secret, now=now + MINUTE)

    assert early is not None
    assert not early.stale
    assert late is not None
    assert late.stale
    touch_session(uow, late.session_id, now=now + MINUTE)
    touched = recognize(database.look(), secret, now=now + MINUTE)
    assert touched is not None
    assert not touched.stale


def test_one_works_only_at_centers_where_one_has_a_role(
    database: Database, uow: UnitOfWork, person: StaffId, now: Instant
) -> None:
    elsewhere = make_plain_center(uow, name="Hillside")
    secret = open_session(uow, person, now=now)
    who = recognize(database.look(), secret, now=now)
    assert who is not None

    with pytest.raises(NotFoundError, match="no such center"):
        choose_center(uow, who, elsewhere)


def test_old_sessions_go(
    database: Database, uow: UnitOfWork, person: StaffId, now: Instant
) -> None:
    secret = open_session(uow, person, now=now)

    assert prune_sessions(database.system(), now=now + timedelta(days=30)) == 0
    assert prune_sessions(database.system(), now=now + timedelta(days=120)) == 1
    assert recognize(database.look(), secret, now=now) is None


def test_tries_are_counted_for_fifteen_minutes(database: Database, now: Instant) -> None:
    limit = Limit(purpose="birth date", subject="a link", most=2)
    for _ in range(2):
        count_try(database.system(), (limit,), now=now)

    with pytest.raises(TooManyTriesError, match="Wait 15 minutes"):
        count_try(database.system(), (limit,), now=now)
    count_try(database.system(), (limit,), now=now + 16 * MINUTE)


def test_a_right_try_forgets_the_wrong_ones(database: Database, now: Instant) -> None:
    limit = Limit(purpose="birth date", subject="a link", most=2)
    for _ in range(5):
        count_try(database.system(), (limit,), now=now)
        forget_tries(database.system(), limit)
