"""Owing, claiming, sending and retrying messages, on both databases."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.domain.ids import AppointmentId
from scheduler.domain.people import (
    AddressStatus,
    Channel,
    MailMode,
    OrganizationMode,
    PrivacyLevel,
    TaskKind,
)
from scheduler.domain.plans import RequirementStatus
from scheduler.messaging.links import secret_hash
from scheduler.messaging.mailer import PermanentFailure, Sent, TemporaryFailure
from scheduler.persistence import messages as stored
from scheduler.persistence import organizations
from scheduler.persistence import patients as stored_patients
from scheduler.persistence.database import Database
from scheduler.persistence.models import (
    Appointment,
    Message,
    Patient,
    PatientLink,
    PlannedDose,
    Requirement,
)
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.contacts import ContactFacts, mark_address, verify_address, withdraw
from scheduler.services.messages import claim_due, release_claims, send_due, send_message
from scheduler.services.notices import (
    owe_booked,
    owe_cancelled,
    owe_moved,
    owe_restored,
    owe_series,
    void_unsent,
)
from scheduler.services.telling import settle_due
from scheduler.services.upcoming import owe_upcoming
from tests.factories.mail import ListMailer
from tests.factories.people import NOW, make_actor
from tests.factories.told import World, center_of, make_visit, make_world, visit_again

VISIT = datetime(2026, 3, 24, 14, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return a wall time of March 2026 in New York (daylight saving time)."""
    return datetime(2026, 3, day, hour + 4, minute, tzinfo=UTC)


def booked(world: World, **values: Any) -> AppointmentId:
    with world.uow as uow:
        visit = make_visit(uow, world, **{"starts_at": VISIT} | values)
        owe_booked(uow, visit, now=NOW)
        uow.commit()
        return visit.id


def moved(world: World, visit_id: AppointmentId, starts_at: datetime, *, now: datetime) -> None:
    with world.uow as uow:
        visit = visit_again(uow, visit_id)
        length = visit.ends_at - visit.starts_at
        visit.starts_at, visit.ends_at = starts_at, starts_at + length
        visit.chair_free_at = visit.ends_at
        owe_moved(uow, visit, now=now)
        uow.commit()


def cancelled(world: World, visit_id: AppointmentId, *, now: datetime) -> None:
    with world.uow as uow:
        visit = visit_again(uow, visit_id)
        visit.status, visit.live = AppointmentStatus.CANCELLED, False
        visit.cancellation = CancellationReason.PATIENT
        owe_cancelled(uow, visit, now=now)
        uow.commit()


def subject(mail: bytes) -> str:
    return str(message_from_bytes(mail, policy=default)["Subject"])


def test_a_confirmation_waits_until_the_booking_cannot_be_taken_back(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    booked(world)

    early = send_due(world.sending(mailer), now=NOW + timedelta(seconds=29))
    send_due(world.sending(mailer), now=NOW + timedelta(seconds=30))

    assert early.counts == {}
    assert [subject(mail) for mail in mailer.mails] == ["Your visit on Tuesday, March 24"]
    assert world.log() == [("confirmation", "sent", "sent")]


def test_each_message_goes_once_however_often_the_passes_run(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    booked(world)

    for hour in range(24 * 8):
        now = NOW + timedelta(hours=hour)
        owe_upcoming(world.uow, now=now)
        owe_upcoming(world.uow, now=now)
        send_due(world.sending(mailer), now=now + timedelta(minutes=1))

    assert [kind for kind, _, _ in world.log()] == ["confirmation", "preparation", "reminder"]
    assert len(mailer.mails) == 3


def test_a_visit_booked_the_day_before_gets_no_second_mail_at_once(database: Database) -> None:
    world = make_world(database)
    booked(world, starts_at=at(18, 10))

    assert owe_upcoming(world.uow, now=NOW + timedelta(hours=1)) == 0


def test_after_a_pause_what_is_still_of_use_goes_and_the_log_says_why_the_rest_did_not(
    database: Database,
) -> None:
    world, mailer = make_world(database), ListMailer()
    booked(world)
    send_due(world.sending(mailer), now=LATER)

    back_in_time = at(22, 8)
    owe_upcoming(world.uow, now=back_in_time)
    send_due(world.sending(mailer), now=back_in_time)
    assert world.log()[1:] == [("preparation", "sent", "sent")]

    other, late = make_world(database), ListMailer()
    booked(other)
    owe_upcoming(other.uow, now=at(23, 10))
    send_due(other.sending(late), now=at(23, 10))
    assert ("preparation", "void", "too late to be of use") in other.log()
    assert [subject(mail)[:8] for mail in late.mails] == ["Your vis", "Reminder"]


def test_a_move_that_is_taken_back_in_time_owes_nothing(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)
    send_due(world.sending(mailer), now=LATER)

    moved(world, visit_id, VISIT + timedelta(hours=1), now=LATER)
    moved(world, visit_id, VISIT, now=LATER + timedelta(seconds=10))
    send_due(world.sending(mailer), now=LATER + timedelta(hours=1))

    assert len(mailer.mails) == 1
    with world.uow as uow:
        assert visit_again(uow, visit_id).notice_revision == 3


def test_a_visit_moved_before_anybody_was_told_is_confirmed_at_its_new_time(
    database: Database,
) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)

    moved(world, visit_id, VISIT + timedelta(hours=1), now=NOW + timedelta(seconds=5))
    send_due(world.sending(mailer), now=LATER)

    assert world.log() == [
        ("confirmation", "void", "visit changed since"),
        ("confirmation", "sent", "sent"),
    ]
    assert b"11:30 am" in mailer.mails[0]


def test_a_moved_visit_says_the_old_and_the_new_time(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)
    send_due(world.sending(mailer), now=LATER)

    moved(world, visit_id, VISIT + timedelta(days=1), now=LATER)
    send_due(world.sending(mailer), now=LATER + timedelta(hours=1))

    text = mailer.mails[1].replace(b"=\r\n", b"").decode()
    assert "Before, it was on Tuesday, March 24, 10:30 am" in text
    assert text.index("Wednesday, March 25, 10:30 am") > 0


def test_another_chair_or_an_end_ten_minutes_later_is_not_told(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)
    send_due(world.sending(mailer), now=LATER)

    with world.uow as uow:
        visit = visit_again(uow, visit_id)
        visit.chair_key = world.chairs[1]
        visit.ends_at += timedelta(minutes=10)
        owe_moved(uow, visit, now=LATER)
        uow.commit()

    with world.uow as uow:
        assert visit_again(uow, visit_id).notice_revision == 1
    assert len(world.log()) == 1


def test_a_cancelled_visit_gets_nothing_stale_and_one_cancellation(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)
    send_due(world.sending(mailer), now=LATER)
    owe_upcoming(world.uow, now=at(21, 10))

    cancelled(world, visit_id, now=at(21, 10))
    send_due(world.sending(mailer), now=at(21, 11))
    owe_upcoming(world.uow, now=at(23, 10))
    send_due(world.sending(mailer), now=at(23, 11))

    assert world.log() == [
        ("confirmation", "sent", "sent"),
        ("preparation", "void", "visit cancelled"),
        ("cancelled", "sent", "sent"),
    ]


def test_a_cancellation_taken_back_in_time_owes_nothing(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)
    send_due(world.sending(mailer), now=LATER)
    cancelled(world, visit_id, now=LATER)

    with world.uow as uow:
        visit = visit_again(uow, visit_id)
        visit.status, visit.live, visit.cancellation = AppointmentStatus.BOOKED, True, None
        owe_restored(uow, visit, now=LATER + timedelta(seconds=5))
        uow.commit()
    send_due(world.sending(mailer), now=LATER + timedelta(hours=1))

    assert world.log() == [
        ("confirmation", "sent", "sent"),
        ("cancelled", "void", "visit is on again"),
    ]


def test_a_visit_nobody_was_told_of_is_not_cancelled_by_mail(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)

    cancelled(world, visit_id, now=NOW + timedelta(seconds=5))
    send_due(world.sending(mailer), now=LATER)

    assert world.log() == [("confirmation", "void", "visit cancelled")]


def test_a_series_is_one_mail(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    with world.uow as uow:
        first = make_visit(uow, world, starts_at=VISIT)
        plan_id = stored.doses_of(uow, [first.id])[first.id].plan_id
        second = make_visit(uow, world, starts_at=VISIT + timedelta(days=14))
        dose = stored.doses_of(uow, [second.id])[second.id]
        uow.session.get_one(PlannedDose, dose.dose_id).plan_id = plan_id
        uow.session.get_one(PlannedDose, dose.dose_id).ordinal = 6
        owe_series(uow, plan_id, [second, first], now=NOW)
        uow.commit()

    send_due(world.sending(mailer), now=LATER)

    text = mailer.mails[0].replace(b"=\r\n", b"").decode()
    assert subject(mailer.mails[0]) == "Your next 2 visits"
    assert "- Tuesday, March 24, 10:30 am" in text
    assert "- Tuesday, April 7, 10:30 am" in text
    cancelled(world, second.id, now=LATER)
    assert world.log()[-1][:2] == ("cancelled", "owed")


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
    visit_id = booked(world)
    send_due(world.sending(mailer), now=LATER)
    with world.uow as uow:
        dose = stored.doses_of(uow, [visit_id])[visit_id]
        row = Requirement(
            patient_id=world.patient_id,
            plan_id=dose.plan_id,
            dose_id=dose.dose_id,
            code="blood test",
            status=RequirementStatus.NEEDED,
            changed_at=NOW,
        )
        uow.add(row)
        uow.commit()
    owe_upcoming(world.uow, now=at(23, 9))

    held = send_due(world.sending(mailer), now=at(23, 9))
    with world.uow as uow:
        uow.session.get_one(Requirement, row.id).status = RequirementStatus.MET
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


def test_a_change_voids_what_is_unsent(database: Database) -> None:
    world = make_world(database)
    booked(world)

    with world.uow as uow:
        count = void_unsent(uow, patient_id=world.patient_id, why="the patient died", now=LATER)
        uow.commit()

    assert count == 1
    assert world.log() == [("confirmation", "void", "the patient died")]


def test_a_simulated_past_is_settled_without_mail(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    booked(world)

    count = settle_due(world.uow, now=LATER)
    send_due(world.sending(mailer), now=LATER)

    assert count == 1
    assert mailer.mails == []
    with world.uow as uow:
        assert len(stored.told_of(uow, [visit.id for visit in [first_visit(uow)]])) == 1


def first_visit(uow: UnitOfWork) -> Appointment:
    return uow.session.query(Appointment).one()
