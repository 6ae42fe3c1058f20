"""Tokens of the API: shown once, scoped, ended at once."""

from datetime import timedelta

import pytest

from scheduler.domain.errors import InvalidError, NotAllowedError
from scheduler.domain.roles import COMMAND, Role
from scheduler.domain.timing import Instant
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.tokens import (
    CreateToken,
    create_token,
    list_tokens,
    recognize_token,
    revoke_token,
)
from tests.factories.people import make_actor, make_plain_center


def make_request(uow: UnitOfWork, now: Instant) -> CreateToken:
    return CreateToken(
        center_id=make_plain_center(uow),
        role=Role.FRONT_DESK,
        name="referral desk",
        expires_at=now + timedelta(days=1),
    )


def test_a_token_stands_for_its_role_at_its_center(
    database: Database, uow: UnitOfWork, now: Instant
) -> None:
    request = make_request(uow, now)

    made = create_token(uow, request, now=now, actor=COMMAND)

    holder = recognize_token(database.look(), made.secret, now=now)
    assert holder is not None
    assert holder.center_id == request.center_id
    assert holder.actor.roles == {Role.FRONT_DESK}


def test_a_token_is_over_at_its_end_or_when_revoked(
    database: Database, uow: UnitOfWork, now: Instant
) -> None:
    made = create_token(uow, make_request(uow, now), now=now, actor=COMMAND)
    assert recognize_token(database.look(), made.secret, now=now + timedelta(days=1)) is None

    revoke_token(uow, made.token_id, now=now, actor=COMMAND)

    assert recognize_token(database.look(), made.secret, now=now) is None
    assert list_tokens(uow, actor=COMMAND)[0].revoked_at == now


def test_a_guess_stands_for_nobody(database: Database, now: Instant) -> None:
    assert recognize_token(database.look(), "guess", now=now) is None


def test_a_token_needs_a_name_and_somebody_who_may(uow: UnitOfWork, now: Instant) -> None:
    request = make_request(uow, now)
    nameless = CreateToken(center_id=request.center_id, role=Role.NURSE, name=" ")

    with pytest.raises(InvalidError, match="Name the token"):
        create_token(uow, nameless, now=now, actor=COMMAND)
    with pytest.raises(NotAllowedError):
        create_token(uow, request, now=now, actor=make_actor(Role.NURSE))
