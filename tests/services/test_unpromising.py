"""Taking back the record of a prior authorization: what it had promised is tentative again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.persistence import appointments
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Change, Message
from scheduler.services.authorized import (
    Unauthorized,
)
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.contacts import AddContact, ContactFacts, add_contact
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.undo import undo
from tests.factories.authorized_scene import DESK, FIRST, Scene, calls, make_authorized
from tests.factories.people import (
    NOW,
)


@pytest.fixture
def scene(database: Database) -> Scene:
    return make_authorized(database)


def take_back(scene: Scene) -> None:
    with scene.uow:
        newest = scene.uow.session.scalars(select(Change.id).order_by(Change.id.desc())).first()
    assert newest is not None
    undo(scene.uow, newest, now=NOW, actor=DESK)


def test_a_visit_is_tentative_again_once_its_authorization_is_taken_back(scene: Scene) -> None:
    scene.choose(Unauthorized.TENTATIVE)
    first, second = scene.book(0), scene.book(1)
    scene.approve(4)

    take_back(scene)

    assert scene.status(first) is AppointmentStatus.BOOKED
    assert scene.status(second) is AppointmentStatus.PENDING
    with scene.uow:
        reason = appointments.appointment(scene.uow, second).override_reason
    assert reason == "tentative: This is visit 2 of 1 authorized"
    assert len(calls(scene)) == 1
    scene.approve(4)
    assert scene.status(second) is AppointmentStatus.BOOKED
    assert len(calls(scene)) == 2


def test_nobody_is_told_of_visits_whose_authorization_is_taken_back(scene: Scene) -> None:
    scene.choose(Unauthorized.TENTATIVE)
    scene.book(1)
    scene.book(2)
    scene.approve(4)

    take_back(scene)

    assert calls(scene) == []


def mails(scene: Scene) -> list[tuple[str, str]]:
    with scene.uow:
        rows = scene.uow.session.scalars(select(Message).order_by(Message.created_at, Message.id))
        return [(row.kind, row.status) for row in rows]


def test_what_was_owed_by_mail_is_void_and_owed_anew_once_it_is_promised_again(
    scene: Scene,
) -> None:
    with scene.uow:
        patient_id = stored.plan(scene.uow, scene.plan_id).patient_id
    wanted = AddContact(patient_id=patient_id, contact=ContactFacts(email="ann@example.org"))
    add_contact(scene.uow, wanted, now=NOW, actor=DESK)
    scene.choose(Unauthorized.TENTATIVE)
    scene.book(1)
    scene.book(2)
    scene.approve(2)
    assert mails(scene) == [("confirmation", "owed")]

    take_back(scene)
    assert mails(scene) == [("confirmation", "void")]
    scene.approve(2)
    take_back(scene)
    scene.approve(4)

    assert sorted(mails(scene)) == [
        ("confirmation", "owed"),
        ("confirmation", "owed"),
        ("confirmation", "void"),
        ("confirmation", "void"),
    ]
    take_back(scene)
    assert {status for _, status in mails(scene)} == {"void"}


def test_a_visit_that_moved_on_before_the_authorization_is_taken_back_is_judged_where_it_stands(
    scene: Scene,
) -> None:
    scene.choose(Unauthorized.TENTATIVE)
    visit = scene.book(1)
    scene.approve(4)
    cancelled = scene.book(2)
    wanted = CancelAppointment(appointment_id=cancelled, reason=CancellationReason.PATIENT)
    with scene.uow:
        newest = scene.uow.session.scalars(select(Change.id).where(Change.kind == "recorded"))
        change = max(newest)
    cancel_appointment(scene.uow, wanted, now=NOW, actor=DESK)
    later = MoveAppointment(appointment_id=visit, day=FIRST + timedelta(weeks=4, days=1))
    move_appointment(scene.uow, later, now=NOW, actor=DESK)

    undo(scene.uow, change, now=NOW, actor=DESK)

    assert scene.status(visit) is AppointmentStatus.PENDING
    assert scene.status(cancelled) is AppointmentStatus.CANCELLED
