"""What opens behind a link in a mail, on both databases."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.people import AddressStatus, TaskKind
from scheduler.domain.privacy import private_words
from scheduler.persistence.database import Database
from scheduler.services.link_holders import LinkHolder, recognize_link
from scheduler.services.links import (
    Answer,
    LinkClosedError,
    VisitOverError,
    answer_visit,
    check_birth_date,
    stop_mails,
)
from scheduler.services.messages import send_due
from scheduler.services.visit_page import calendar_of, visit_page
from tests.factories.mail import ListMailer
from tests.factories.told import (
    BASE_URL,
    LATER,
    VISIT,
    World,
    booked,
    make_world,
    visit_again,
)

BORN = date(1984, 6, 1)


def opened(database: Database) -> tuple[World, LinkHolder]:
    world, mailer = make_world(database, birth_date=BORN), ListMailer()
    booked(world)
    send_due(world.sending(mailer), now=LATER)
    text = mailer.mails[0].replace(b"=\r\n", b"").decode()
    secret = text.split("/v/")[1].split()[0]
    holder = recognize_link(database.system(), secret, now=LATER)
    assert holder is not None
    return world, holder


def test_the_right_birth_date_opens_and_shows_that_the_address_is_real(database: Database) -> None:
    world, holder = opened(database)

    assert check_birth_date(world.uow, holder, BORN, now=LATER)
    assert world.contact().status is AddressStatus.VERIFIED


def test_five_wrong_birth_dates_close_the_link(database: Database) -> None:
    world, holder = opened(database)

    for _ in range(4):
        assert not check_birth_date(world.uow, holder, date(1990, 1, 1), now=LATER)
    with pytest.raises(LinkClosedError):
        check_birth_date(world.uow, holder, date(1990, 1, 1), now=LATER)

    with pytest.raises(LinkClosedError):
        check_birth_date(world.uow, holder, BORN, now=LATER)


@pytest.mark.parametrize(
    ("answer", "tasks"),
    [
        (Answer.COMING, []),
        (Answer.CALL_ME, [TaskKind.CALL_BACK]),
        (Answer.CANNOT_COME, [TaskKind.REBOOK]),
    ],
)
def test_each_answer_is_kept_and_what_needs_a_person_becomes_a_task(
    database: Database, answer: Answer, tasks: list[TaskKind]
) -> None:
    world, holder = opened(database)

    answer_visit(world.uow, holder, answer, now=LATER)
    answer_visit(world.uow, holder, answer, now=LATER)

    page = visit_page(world.uow, holder, now=LATER)
    assert page is not None
    assert page.answered == answer.value
    assert page.status is AppointmentStatus.BOOKED
    assert [task.kind for task in world.calls()] == tasks


def test_who_changes_their_mind_leaves_no_task_behind(database: Database) -> None:
    world, holder = opened(database)

    answer_visit(world.uow, holder, Answer.CANNOT_COME, now=LATER)
    answer_visit(world.uow, holder, Answer.COMING, now=LATER)

    assert world.calls() == []


def test_a_visit_that_has_begun_cannot_be_answered(database: Database) -> None:
    world, holder = opened(database)

    with pytest.raises(VisitOverError):
        answer_visit(world.uow, holder, Answer.COMING, now=VISIT)


def test_the_page_says_when_where_how_long_and_why_this_date(database: Database) -> None:
    world, holder = opened(database)

    page = visit_page(world.uow, holder, now=LATER)

    assert page is not None
    assert (page.starts_at, page.minutes, page.place) == (VISIT, 240, "12 Shore Road")
    assert page.window is not None
    assert page.window.earliest <= page.window.due_on <= page.window.latest
    assert {"eat-drink", "steps", "hurt"} <= {section.id for section in page.sections}
    assert page.open_for_answer


def test_the_calendar_file_says_nothing_private(database: Database) -> None:
    world, holder = opened(database)

    saved = calendar_of(world.uow, holder, BASE_URL, now=LATER).decode()

    assert private_words(saved) == ()
    assert Calendar.from_ical(saved).walk("VEVENT")[0]["summary"] == "Visit, Lakeside"


def test_who_stops_the_mails_is_told_by_phone_from_then_on(database: Database) -> None:
    world, holder = opened(database)

    stop_mails(world.uow, holder, now=LATER)
    booked(world, starts_at=VISIT + timedelta(days=1))

    assert [task.kind for task in world.calls()] == [TaskKind.PHONE]


def test_a_link_to_a_cancelled_visit_says_so(database: Database) -> None:
    world, holder = opened(database)
    with world.uow as uow:
        assert holder.appointment_id is not None
        visit = visit_again(uow, holder.appointment_id)
        visit.status, visit.live = AppointmentStatus.CANCELLED, False
        uow.commit()

    page = visit_page(world.uow, holder, now=LATER)

    assert page is not None
    assert page.status is AppointmentStatus.CANCELLED
    assert not page.open_for_answer
