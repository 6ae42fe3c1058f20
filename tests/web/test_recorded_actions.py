"""All that is recorded about what a dose needs: who may, what the audit says, what undo leaves, what a look does."""

import logging

import pytest
from flask import Flask

from scheduler.domain.ids import CenterId
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import Audit
from scheduler.persistence.unit_of_work import UnitOfWork
from tests.factories.people import make_hours, make_regimens
from tests.web.desk_person import TestClock, found
from tests.web.recorded_actions import ACTIONS, TYPED, Action
from tests.web.recorded_place import LATER, Person, Place

EACH = pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
pytestmark = pytest.mark.family


@pytest.fixture
def place(
    app: Flask, database: Database, uow: UnitOfWork, center: CenterId, clock: TestClock
) -> Place:
    """A center at which nobody is a patient yet."""
    make_regimens(database)
    make_hours(uow, center)
    clock.at = LATER
    return Place(app=app, uow=uow, center_id=center)


def ready(place: Place, action: Action) -> None:
    """Bring about what an action needs."""
    place.open(**action.order)
    action.first(place)


def one_who_may(place: Place, action: Action) -> Person:
    return place.sign_in(min(action.may))


def do(place: Place, action: Action, who: Person, status: int = 303) -> None:
    answer = who.browser.post(action.address(place), data=action.sent(place))
    assert answer.status_code == status, answer.text


def undo_address(who: Person, place: Place) -> str:
    """Return what the undo bar sends."""
    text = who.browser.get(f"/patients/{place.patient_id}").text
    return found(r'action="(/changes/[^"]+/undo)"', text)


@EACH
def test_who_may_not_is_refused_and_nothing_is_saved(place: Place, action: Action) -> None:
    ready(place, action)
    before, mark = place.state(), place.mark()

    for role in sorted(frozenset(Role) - action.may):
        do(place, action, place.sign_in(role), 403)

    assert place.state() == before
    assert place.audited(after=mark) == []


def assert_about(place: Place, action: Action, row: Audit) -> None:
    """Assert that an entry of the audit names the act, the patient and what it was done to."""
    subject = action.subject
    about = place.ids[subject] if isinstance(subject, str) else place.newest(subject)
    assert (row.action, row.entity) == action.audit
    assert row.entity_id == about
    assert row.patient_id == (place.patient_id if action.patients else None)


@EACH
def test_the_audit_says_once_who_did_what_and_no_log_says_what_was_typed(
    place: Place, action: Action, caplog: pytest.LogCaptureFixture
) -> None:
    ready(place, action)
    who, mark = one_who_may(place, action), place.mark()
    caplog.set_level(logging.DEBUG, "scheduler")

    do(place, action, who)

    (row,) = place.audited(after=mark)
    assert_about(place, action, row)
    assert (row.actor_id, row.at) == (who.id, LATER)
    in_clear = {each.key: getattr(row, each.key) for each in Audit.__mapper__.column_attrs}
    for text in (TYPED, "Quillon"):
        assert text not in str(in_clear)
        assert text not in caplog.text


@EACH
def test_what_was_recorded_is_read_by_all_and_taken_back_by_its_author_alone(
    place: Place, action: Action
) -> None:
    ready(place, action)
    before, who = place.state(), one_who_may(place, action)
    do(place, action, who)
    changed, address, mark = place.state(), undo_address(who, place), place.mark()
    assert changed != before

    place.sign_in(min(action.may)).browser.post(address)
    assert (place.state(), place.audited(after=mark)) == (changed, [])
    who.browser.post(address)

    assert place.state() == before
    rows = place.audited(after=mark)
    assert {row.actor_id for row in rows} == {who.id}
    whose = place.patient_id if action.patients else None
    assert [row.action for row in rows if row.patient_id == whose][:1] == ["took back"]
    for role in Role:
        text = place.sign_in(role).browser.get(f"/patients/{place.patient_id}").text
        assert (f": {action.page}" in text) is action.patients
        assert (f": {action.taken_back}" in text) is action.patients


@EACH
def test_a_look_changes_nothing(place: Place, action: Action) -> None:
    ready(place, action)
    who = one_who_may(place, action)
    before, mark = place.state(), place.mark()

    who.browser.get(action.address(place), query_string=action.sent(place))
    for page in (f"/plans/{place.plan_id}/requirements", f"/patients/{place.patient_id}/measures"):
        assert who.browser.get(page).status_code == 200

    assert place.state() == before
    assert place.audited(after=mark) == []
    do(place, action, who)
    address, changed, mark = undo_address(who, place), place.state(), place.mark()
    assert who.browser.get(address).status_code == 405
    assert (place.state(), place.audited(after=mark)) == (changed, [])


def test_what_was_recorded_in_one_press_is_taken_back_one_by_one(place: Place) -> None:
    place.open()
    who, before = place.sign_in(Role.NURSE), place.state()
    typed = {"weight": "71", "height": "170", "kind": "allergy", "allergy": TYPED}
    address = f"/patients/{place.patient_id}/measures"
    answer = who.browser.post(address, data=typed | {"measured_on": "2026-03-20"})
    assert answer.status_code == 303

    for _ in ("weight", "height", "allergy"):
        assert place.state() != before
        who.browser.post(undo_address(who, place))

    assert place.state() == before
