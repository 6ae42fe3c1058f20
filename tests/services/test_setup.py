"""A new organization: a center that can open, an admin who can sign up, no default password."""

from datetime import time

import pytest
from sqlalchemy import select

from scheduler.commands.init import parse_hours
from scheduler.domain.errors import InvalidError
from scheduler.domain.people import MailMode, OrganizationMode
from scheduler.domain.timing import Instant
from scheduler.persistence.database import Database
from scheduler.persistence.models import (
    Audit,
    Center,
    CenterHours,
    Chair,
    NurseShift,
    Organization,
    Staff,
)
from scheduler.services.own_account import accept_invitation
from scheduler.services.setup import SetUp, setup_center
from scheduler.services.setup_facts import NewChair
from tests.factories.setup import ADMIN, NURSE, make_setup_request


def set_up(database: Database, now: Instant, **values: object) -> SetUp:
    asked: dict[str, object] = {
        "hours": parse_hours("Mon-Thu 7:30-17:30, Fri 7:30-13:00"),
        "chairs": (NewChair(name="Chair 1"), NewChair(name="Chair 2")),
        "people": (ADMIN, NURSE),
    }
    return setup_center(database.system(), make_setup_request(**(asked | values)), now=now)


def test_a_real_center_is_live_and_sends_nothing_yet(database: Database, now: Instant) -> None:
    made = set_up(database, now)

    with database.read(made.organization_id) as uow:
        center = uow.session.get_one(Center, made.center_id)
        organization = uow.session.get_one(Organization, made.organization_id)
        assert organization.mode is OrganizationMode.LIVE
        assert center.mail_mode is MailMode.OUTBOX
        assert center.zone == "America/Chicago"


def test_hours_chairs_and_shifts_are_as_answered(database: Database, now: Instant) -> None:
    made = set_up(database, now)

    with database.read(made.organization_id) as uow:
        hours = {row.weekday: row.closes for row in uow.session.scalars(select(CenterHours))}
        assert hours[0] == time(17, 30)
        assert hours[4] == time(13)
        assert hours[5] is None
        names = uow.session.scalars(select(Chair.name).order_by(Chair.position))
        assert list(names) == ["Chair 1", "Chair 2"]
        shifts = list(uow.session.scalars(select(NurseShift)))
        assert {shift.staff_id for shift in shifts} == {made.people[1]}
        assert {shift.weekday: shift.ends for shift in shifts}[4] == time(13)


def test_nobody_has_a_password_before_choosing_one(database: Database, now: Instant) -> None:
    made = set_up(database, now)

    with database.read(made.organization_id) as uow:
        assert {row.password_hash for row in uow.session.scalars(select(Staff))} == {""}


def test_the_link_signs_its_admin_up_once(database: Database, now: Instant) -> None:
    made = set_up(database, now)
    (secret,) = made.links.values()

    cookie = accept_invitation(database, secret, "three quiet herons", now=now)

    assert cookie
    with pytest.raises(Exception, match="no such page"):
        accept_invitation(database, secret, "three quiet herons", now=now)


def test_setting_up_is_in_the_record(database: Database, now: Instant) -> None:
    made = set_up(database, now)

    with database.read(made.organization_id) as uow:
        entry = uow.session.scalars(select(Audit)).one()
        assert entry.action == "set up"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "America/Atlantis"),
        ("neutral_name", "Cedar Infusion Center"),
        ("chairs", (NewChair(name="A"), NewChair(name="a"))),
        ("hours", ()),
        ("center", "  "),
    ],
)
def test_an_answer_that_makes_no_center_is_refused_by_name(
    sqlite_database: Database, now: Instant, field: str, value: object
) -> None:
    with pytest.raises(InvalidError) as refused:
        set_up(sqlite_database, now, **{field: value})

    assert refused.value.field == field
    with sqlite_database.look() as uow:
        assert uow.session.scalars(select(Organization)).all() == []


def test_somebody_has_to_be_admin(sqlite_database: Database, now: Instant) -> None:
    with pytest.raises(InvalidError, match="Somebody has to be admin"):
        set_up(sqlite_database, now, people=(NURSE,))


@pytest.mark.parametrize("text", ["", "Mon 7-12", "Moo 7:00-12:00", "Mon 7:00-25:00"])
def test_hours_that_are_not_understood_are_named(text: str) -> None:
    with pytest.raises(InvalidError, match="not understood"):
        parse_hours(text)
