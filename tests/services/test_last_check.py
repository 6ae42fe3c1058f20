"""The last look before a message leaves reads everything again, on both databases."""

from datetime import date, datetime, timedelta

import pytest

from scheduler.domain.people import (
    AddressStatus,
    MailMode,
    OrganizationMode,
    PrivacyLevel,
    TaskKind,
)
from scheduler.messaging.links import secret_hash
from scheduler.persistence import organizations
from scheduler.persistence.database import Database
from scheduler.persistence.models import (
    AppointmentItem,
    Order,
    Patient,
    PatientLink,
)
from scheduler.services.contacts import ContactFacts, mark_address, verify_address, withdraw
from scheduler.services.message_facts import dose_of
from scheduler.services.messages import send_due
from scheduler.services.upcoming import owe_upcoming
from scheduler.services.writing import is_ready
from tests.factories.mail import ListMailer
from tests.factories.people import NOW, make_actor
from tests.factories.stored_day import make_dose
from tests.factories.told import (
    LATER,
    VISIT,
    World,
    at,
    booked,
    center_of,
    make_ready,
    make_world,
    visit_again,
)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ("deceased", "patient died"),
        ("paused", "messages are paused"),
        ("withdrawn", "no consent to e-mail"),
        ("dead", "no usable address"),
        ("off", "the center's mail is off"),
        ("restored", "only a live center sends live mail"),
        ("started", "visit is over or has begun"),
    ],
)
def test_the_last_check_reads_everything_again(
    database: Database, change: str, outcome: str
) -> None:
    world, mailer, now = make_world(database), ListMailer(), LATER
    booked(world)

    now = disturb(world, change, now)
    send_due(world.sending(mailer), now=now)

    assert mailer.mails == []
    assert world.log() == [("confirmation", "void", outcome)]


def disturb(world: World, change: str, now: datetime) -> datetime:
    contact_id, desk = world.contact_id(), make_actor()
    if change == "withdrawn":
        withdraw(world.uow, contact_id, how="phone", now=now, actor=desk)
    if change == "dead":
        mark_address(world.uow, contact_id, AddressStatus.DEAD, now=now, actor=desk)
    with world.uow as uow:
        patient = uow.session.get_one(Patient, world.patient_id)
        if change == "deceased":
            patient.deceased_on = NOW.date()
        if change == "paused":
            patient.messages_paused_until = date(2026, 4, 1)
        if change == "off":
            center_of(uow, world).mail_mode = MailMode.OFF
        if change == "restored":
            organizations.organization(uow).mode = OrganizationMode.RESTORED
        uow.commit()
    return VISIT if change == "started" else now


def test_a_demonstration_never_sends_live_mail(database: Database) -> None:
    world = make_world(database, mode=OrganizationMode.DEMONSTRATION)
    live, folder = ListMailer(), ListMailer(leaves=False)
    booked(world)
    booked(world, starts_at=VISIT + timedelta(days=1))

    send_due(world.sending(live), now=LATER, limit=1)
    send_due(world.sending(folder), now=LATER)

    assert live.mails == []
    assert len(folder.mails) == 1


def test_a_reminder_waits_for_an_unmet_requirement_and_the_desk_gets_a_task(
    database: Database,
) -> None:
    world, mailer = make_world(database), ListMailer()
    booked(world)
    send_due(world.sending(mailer), now=LATER)
    with world.uow as uow:
        order = uow.session.query(Order).one()
        order.valid_until = date(2026, 3, 20)
        uow.commit()
    owe_upcoming(world.uow, now=at(23, 9))

    held = send_due(world.sending(mailer), now=at(23, 9))
    with world.uow as uow:
        uow.session.query(Order).one().valid_until = date(2027, 3, 20)
        uow.commit()
    sent = send_due(world.sending(mailer), now=at(23, 11))

    assert held.counts["held back"] == 1
    assert [task.kind for task in world.calls()] == [TaskKind.NOT_READY]
    assert sent.counts == {"sent": 1}


def test_an_unverified_address_is_told_the_least(database: Database) -> None:
    contact = ContactFacts(email="ann@example.org", level=PrivacyLevel.FULL)
    world, mailer = make_world(database, contact=contact, given_name="Ada"), ListMailer()
    booked(world)
    send_due(world.sending(mailer), now=LATER)

    verify_address(world.uow, world.contact_id(), how="reply", now=LATER, actor=make_actor())
    booked(world, starts_at=VISIT + timedelta(days=1))
    send_due(world.sending(mailer), now=LATER)

    assert b"Ada" not in mailer.mails[0]
    assert b"Hello Ada," in mailer.mails[1]


def test_only_the_hash_of_a_link_is_stored(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    booked(world)
    send_due(world.sending(mailer), now=LATER)

    text = mailer.mails[0].replace(b"=\r\n", b"").decode()
    secret = text.split("/v/")[1].split()[0]
    with world.uow as uow:
        link = uow.session.query(PatientLink).one()

        assert link.secret_hash == secret_hash(secret)
        assert link.expires_at > VISIT


def test_a_visit_is_ready_when_each_of_its_doses_is(database: Database) -> None:
    world = make_world(database)
    visit_id = booked(world)

    with world.uow as uow:
        visit = visit_again(uow, visit_id)
        alone = is_ready(uow, dose_of(uow, visit))
        other = make_dose(uow, world.center_id, world.patient_id)
        uow.add(AppointmentItem(appointment_id=visit.id, dose_id=other.id))
        uow.session.flush()
        together = is_ready(uow, dose_of(uow, visit))
        make_ready(uow, other)
        uow.session.flush()
        both = is_ready(uow, dose_of(uow, visit))

    assert (alone, together, both) == (True, False, True)
