"""Claims, retries and failures; phone tasks where no mail can go; on both databases."""

from datetime import timedelta
from email import message_from_bytes

import pytest

from scheduler.domain.people import (
    AddressStatus,
    Channel,
    TaskKind,
)
from scheduler.messaging.mailer import (
    Envelope,
    Outcome,
    PermanentFailure,
    Sent,
    TemporaryFailure,
)
from scheduler.persistence import patients as stored_patients
from scheduler.persistence.database import Database
from scheduler.persistence.models import (
    Message,
)
from scheduler.services.contacts import ContactFacts
from scheduler.services.messages import claim_due, release_claims, send_due, send_message
from scheduler.services.upcoming import owe_upcoming
from tests.factories.mail import ListMailer
from tests.factories.told import (
    LATER,
    VISIT,
    at,
    booked,
    make_world,
)


def test_a_temporary_failure_is_tried_again_with_the_same_bytes(database: Database) -> None:
    world = make_world(database)
    mailer = ListMailer(answers=[TemporaryFailure(code="451"), Sent()])
    booked(world)

    send_due(world.sending(mailer), now=LATER)
    too_soon = send_due(world.sending(mailer), now=LATER + timedelta(seconds=30))
    send_due(world.sending(mailer), now=LATER + timedelta(minutes=2))

    assert too_soon.counts == {}
    assert len(mailer.mails) == 2
    assert mailer.mails[0] == mailer.mails[1]
    assert world.log() == [("confirmation", "sent", "sent")]


def test_a_corrected_address_gets_a_new_mail_with_a_new_id(database: Database) -> None:
    world = make_world(database)
    mailer = ListMailer(answers=[TemporaryFailure(code="451"), Sent()])
    booked(world)
    send_due(world.sending(mailer), now=LATER)

    contact_id = world.contact_id()
    with world.uow as uow:
        row = stored_patients.contact(uow, contact_id)
        row.email, row.revision = "new@example.org", row.revision + 1
        uow.commit()
    send_due(world.sending(mailer), now=LATER + timedelta(minutes=2))

    ids = [message_from_bytes(mail)["Message-ID"] for mail in mailer.mails]
    assert ids[0] != ids[1]
    assert mailer.envelopes[1].recipient == "new@example.org"


class Killed(BaseException):
    """The process ends here."""


class Deadly(ListMailer):
    """Takes the mail, and the process is killed before it hears of it."""

    def send(self, mail: bytes, envelope: Envelope) -> Outcome:
        """Keep the mail and die."""
        super().send(mail, envelope)
        raise Killed


def test_an_address_corrected_after_a_kill_gets_another_id_than_the_mail_that_was_taken(
    database: Database,
) -> None:
    world, first, mailer = make_world(database), Deadly(), ListMailer()
    booked(world)
    with pytest.raises(Killed):
        send_due(world.sending(first), now=LATER)

    contact_id = world.contact_id()
    with world.uow as uow:
        row = stored_patients.contact(uow, contact_id)
        row.email, row.revision = "new@example.org", row.revision + 1
        uow.commit()
    release_claims(world.uow, keep="nobody")
    send_due(world.sending(mailer), now=LATER)

    taken, again = (message_from_bytes(mail) for mail in (*first.mails, *mailer.mails))
    assert (taken["To"], again["To"]) == ("ann@example.org", "new@example.org")
    assert taken["Message-ID"] != again["Message-ID"]


def test_a_permanent_failure_becomes_a_phone_task_and_the_next_mails_too(
    database: Database,
) -> None:
    world = make_world(database)
    mailer = ListMailer(answers=[PermanentFailure(code="550", detail="no such user")])
    booked(world)

    send_due(world.sending(mailer), now=LATER)
    owe_upcoming(world.uow, now=at(21, 10))
    send_due(world.sending(mailer), now=at(21, 10))

    assert len(mailer.mails) == 1
    assert world.log()[0] == ("confirmation", "failed", "returned: 550")
    assert world.contact().status is AddressStatus.SUSPECT
    calls = [task for task in world.calls() if task.kind is TaskKind.PHONE]
    assert {task.lead for task in calls} == {"confirmation", "P3D"}
    assert any(task.kind is TaskKind.UNDELIVERABLE for task in world.calls())


def test_a_failing_message_does_not_hold_up_the_next(database: Database) -> None:
    world = make_world(database)
    booked(world)
    booked(world, starts_at=VISIT + timedelta(days=1))
    with world.uow as uow:
        first = uow.session.query(Message).order_by(Message.id).first()
        assert first is not None
        first.facts_sealed = first.rendered_sealed = (
            b"\x01not sealed at all, but long enough to try"
        )
        uow.commit()
    mailer = ListMailer()

    tally = send_due(world.sending(mailer), now=LATER)

    assert tally.counts == {"error": 1, "sent": 1}
    assert len(mailer.mails) == 1


def test_who_wants_calls_is_owed_one_phone_task_for_each_visit_and_lead(
    database: Database,
) -> None:
    contact = ContactFacts(channel=Channel.PHONE, phone="555 010 0199")
    world, mailer = make_world(database, contact=contact), ListMailer()
    booked(world)
    for day in (21, 21, 23, 23):
        owe_upcoming(world.uow, now=at(day, 10))

    send_due(world.sending(mailer), now=at(23, 11))

    assert mailer.mails == []
    assert sorted(task.lead for task in world.calls()) == ["P1D", "P3D", "confirmation"]
    said = {task.lead: task.detail for task in world.calls()}
    assert said["confirmation"].startswith("Confirm the visit on Tuesday, March 24, 10:30 am.")
    assert "Drink plenty of water" in said["P3D"]


def test_a_patient_without_any_contact_is_phoned(database: Database) -> None:
    world = make_world(database)
    with world.uow as uow:
        stored_patients.contacts_of(uow, world.patient_id)[0].active = False
        uow.commit()

    booked(world)
    for _ in range(2):
        owe_upcoming(world.uow, now=at(21, 10))

    assert sorted(task.lead for task in world.calls()) == ["P3D", "confirmation"]


def test_a_claim_is_kept_from_other_workers_until_it_lapses(database: Database) -> None:
    world = make_world(database)
    booked(world)
    first, second = world.sending(worker="worker-a"), world.sending(worker="worker-b")

    mine = claim_due(first, now=LATER)

    assert len(mine) == 1
    assert claim_due(second, now=LATER) == ()
    assert claim_due(second, now=LATER + timedelta(minutes=6)) == mine
    with ListMailer().batch() as line:
        assert send_message(first, line, mine[0], now=LATER) == "claimed"


def test_a_take_over_frees_a_dead_workers_claims_at_once(database: Database) -> None:
    world = make_world(database)
    booked(world)
    mine = claim_due(world.sending(worker="worker-a"), now=LATER)

    freed = release_claims(world.uow, keep="worker-b")

    assert freed == 1
    assert claim_due(world.sending(worker="worker-b"), now=LATER) == mine
