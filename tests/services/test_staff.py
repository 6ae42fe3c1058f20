"""Inviting people, giving them roles, and taking both away."""

from datetime import date, timedelta

import pytest

from scheduler.domain.errors import (
    DomainError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    StaleError,
)
from scheduler.domain.ids import CenterId, StaffId
from scheduler.domain.roles import Actor, ActorKind, Role
from scheduler.domain.timing import Instant
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.own_account import accept_invitation, invitee
from scheduler.services.sessions import open_session, recognize
from scheduler.services.staff import (
    CompetencyLine,
    EditStaff,
    Invited,
    InviteStaff,
    LastManagerError,
    Member,
    deactivate,
    edit_staff,
    invite_staff,
    list_staff,
    reactivate,
    reset_password,
    show_member,
)
from tests.factories.people import make_organization, make_plain_center
from tests.factories.staff import make_staff

GOOD = "seven slow barges"


@pytest.fixture
def center(uow: UnitOfWork) -> CenterId:
    return make_plain_center(uow)


@pytest.fixture
def manager(uow: UnitOfWork, center: CenterId) -> Actor:
    return acting(make_staff(uow, center, Role.MANAGER), Role.MANAGER)


@pytest.fixture
def admin(uow: UnitOfWork, center: CenterId) -> Actor:
    return acting(make_staff(uow, center, Role.ADMIN), Role.ADMIN)


def acting(staff_id: StaffId, *roles: Role) -> Actor:
    return Actor(kind=ActorKind.STAFF, id=staff_id, roles=frozenset(roles), name="Mo Reyes")


def invite(
    uow: UnitOfWork, center: CenterId, actor: Actor, now: Instant, **values: object
) -> Invited:
    facts: dict[str, object] = {
        "name": "Nia Lind",
        "email": "nia@lakeside.example",
        "center_id": center,
        "roles": frozenset({Role.NURSE}),
    }
    request = InviteStaff(**(facts | values))  # type: ignore[arg-type]  # a test names what it changes
    return invite_staff(uow, request, now=now, system_now=now, actor=actor)


def edit(person: Member, **values: object) -> EditStaff:
    facts: dict[str, object] = {
        "staff_id": person.staff_id,
        "version": person.version,
        "name": person.name,
        "email": person.email,
        "roles": {place.center_id: place.roles for place in person.roles},
        "competencies": person.competencies,
    }
    return EditStaff(**(facts | values))  # type: ignore[arg-type]  # a test names what it changes


def test_who_is_invited_chooses_a_password_and_is_signed_in(
    database: Database, uow: UnitOfWork, center: CenterId, manager: Actor, now: Instant
) -> None:
    made = invite(uow, center, manager, now)
    assert invitee(database.look(), made.secret, now=now).name == "Nia Lind"

    cookie = accept_invitation(database, made.secret, GOOD, now=now)

    who = recognize(database.look(), cookie, now=now)
    assert who is not None
    assert who.roles == {Role.NURSE}


def test_a_link_is_over_after_seven_days(
    database: Database, uow: UnitOfWork, center: CenterId, manager: Actor, now: Instant
) -> None:
    made = invite(uow, center, manager, now)

    with pytest.raises(NotFoundError):
        invitee(database.look(), made.secret, now=now + timedelta(days=7))


def test_an_address_signs_in_one_person_only(
    uow: UnitOfWork, center: CenterId, manager: Actor, now: Instant
) -> None:
    invite(uow, center, manager, now)

    with pytest.raises(InvalidError, match="signs in with this address already") as refused:
        invite(uow, center, manager, now, email="NIA@lakeside.example")

    assert refused.value.field == "email"


@pytest.mark.parametrize("wrong", [{"email": "nia"}, {"name": "  "}, {"roles": frozenset[Role]()}])
def test_what_is_missing_is_named(
    uow: UnitOfWork, center: CenterId, manager: Actor, now: Instant, wrong: dict[str, object]
) -> None:
    with pytest.raises(InvalidError) as refused:
        invite(uow, center, manager, now, **wrong)

    assert {refused.value.field} == wrong.keys()


def test_the_front_desk_invites_nobody(uow: UnitOfWork, center: CenterId, now: Instant) -> None:
    desk = acting(make_staff(uow, center, Role.FRONT_DESK), Role.FRONT_DESK)

    with pytest.raises(NotAllowedError, match="admin or manager"):
        invite(uow, center, desk, now)


def test_a_manager_makes_no_admins(
    uow: UnitOfWork, center: CenterId, manager: Actor, now: Instant
) -> None:
    with pytest.raises(NotAllowedError, match="Only an admin"):
        invite(uow, center, manager, now, roles=frozenset({Role.ADMIN}))


def test_a_manager_keeps_to_the_own_center(uow: UnitOfWork, manager: Actor, now: Instant) -> None:
    elsewhere = make_plain_center(uow, name="Hillside")

    with pytest.raises(NotAllowedError, match="no staff at that center"):
        invite(uow, elsewhere, manager, now)


def test_roles_and_competencies_are_changed(
    uow: UnitOfWork, center: CenterId, manager: Actor, now: Instant
) -> None:
    made = invite(uow, center, manager, now)
    person = show_member(uow, made.staff_id, actor=manager)
    port = CompetencyLine(code="port", expires_on=date(2027, 3, 1))

    edit_staff(
        uow,
        edit(
            person,
            roles={center: frozenset({Role.CHARGE_NURSE, Role.NURSE})},
            competencies=(port,),
        ),
        now=now,
        actor=manager,
    )

    changed = show_member(uow, made.staff_id, actor=manager)
    assert changed.roles[0].roles == {Role.CHARGE_NURSE, Role.NURSE}
    assert changed.competencies == (port,)


def test_a_form_that_is_out_of_date_changes_nothing(
    uow: UnitOfWork, center: CenterId, manager: Actor, now: Instant
) -> None:
    made = invite(uow, center, manager, now)
    person = show_member(uow, made.staff_id, actor=manager)
    edit_staff(uow, edit(person, name="Nia Lindqvist"), now=now, actor=manager)

    with pytest.raises(StaleError):
        edit_staff(uow, edit(person, name="Nina Lind"), now=now, actor=manager)

    assert show_member(uow, made.staff_id, actor=manager).name == "Nia Lindqvist"


def test_a_reset_ends_the_old_password_and_every_session(
    database: Database, uow: UnitOfWork, center: CenterId, manager: Actor, now: Instant
) -> None:
    person = make_staff(uow, center, Role.NURSE)
    cookie = open_session(uow, person, now=now)

    made = reset_password(uow, person, now=now, system_now=now, actor=manager)

    assert recognize(database.look(), cookie, now=now) is None
    assert accept_invitation(database, made.secret, GOOD, now=now)


def test_deactivating_ends_sessions_and_links_at_once(
    database: Database, uow: UnitOfWork, center: CenterId, manager: Actor, now: Instant
) -> None:
    made = invite(uow, center, manager, now)
    cookie = open_session(uow, made.staff_id, now=now)

    deactivate(uow, made.staff_id, now=now, system_now=now, actor=manager)

    assert recognize(database.look(), cookie, now=now) is None
    with pytest.raises(NotFoundError):
        accept_invitation(database, made.secret, GOOD, now=now)
    reactivate(uow, made.staff_id, now=now, actor=manager)
    assert show_member(uow, made.staff_id, actor=manager).active


def test_nobody_deactivates_oneself(uow: UnitOfWork, manager: Actor, now: Instant) -> None:
    assert manager.id is not None

    with pytest.raises(NotAllowedError, match="yourself"):
        deactivate(uow, StaffId(manager.id), now=now, system_now=now, actor=manager)


def test_the_last_admin_stays(
    uow: UnitOfWork, center: CenterId, admin: Actor, now: Instant
) -> None:
    assert admin.id is not None
    person = show_member(uow, StaffId(admin.id), actor=admin)

    with pytest.raises(LastManagerError):
        edit_staff(uow, edit(person, roles={center: frozenset({Role.NURSE})}), now=now, actor=admin)

    assert show_member(uow, StaffId(admin.id), actor=admin).roles[0].roles == {Role.ADMIN}


def test_a_manager_does_not_touch_an_admin(
    uow: UnitOfWork, admin: Actor, manager: Actor, now: Instant
) -> None:
    assert admin.id is not None

    with pytest.raises(NotAllowedError, match="Only an admin"):
        reset_password(uow, StaffId(admin.id), now=now, system_now=now, actor=manager)


def test_a_manager_takes_over_nobody_of_another_center(
    database: Database, uow: UnitOfWork, center: CenterId, manager: Actor, now: Instant
) -> None:
    elsewhere = make_plain_center(uow, name="Hillside")
    person = make_staff(uow, elsewhere, Role.PHARMACIST)
    cookie = open_session(uow, person, now=now)
    shown = show_member(uow, person, actor=manager)
    no_roles: dict[CenterId, frozenset[Role]] = {}
    renamed = edit(shown, email="mine@lakeside.example", roles=no_roles)

    for change in (
        lambda: reset_password(uow, person, now=now, system_now=now, actor=manager),
        lambda: deactivate(uow, person, now=now, system_now=now, actor=manager),
        lambda: reactivate(uow, person, now=now, actor=manager),
        lambda: edit_staff(uow, renamed, now=now, actor=manager),
    ):
        with pytest.raises(NotAllowedError, match="another center"):
            change()

    assert recognize(database.look(), cookie, now=now) is not None
    joined = edit(shown, roles={center: frozenset({Role.NURSE})})
    edit_staff(uow, joined, now=now, actor=manager)
    assert len(show_member(uow, person, actor=manager).roles) == 2


def test_people_of_another_organization_do_not_exist(
    database: Database, uow: UnitOfWork, manager: Actor, now: Instant
) -> None:
    other = database.write(make_organization(database, name="Hillside"))
    stranger = make_staff(other, make_plain_center(other), Role.NURSE)

    with pytest.raises(NotFoundError):
        show_member(uow, stranger, actor=manager)
    assert stranger not in {person.staff_id for person in list_staff(uow, actor=manager)}


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaa", "nialind", "x" * 201])
def test_a_password_that_is_easy_to_guess_is_refused(
    sqlite_database: Database, now: Instant, password: str
) -> None:
    uow = sqlite_database.write(make_organization(sqlite_database))
    center = make_plain_center(uow)
    manager = acting(make_staff(uow, center, Role.MANAGER), Role.MANAGER)
    made = invite(uow, center, manager, now)

    with pytest.raises(DomainError) as refused:
        accept_invitation(sqlite_database, made.secret, password, now=now)

    assert refused.value.field == "password"
