"""A booking without a prior authorization is what the organization chose: allowed, tentative or refused."""

from datetime import timedelta

import pytest

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.errors import NotAllowedError
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.roles import Role
from scheduler.persistence import appointments
from scheduler.persistence.database import Database
from scheduler.services.authorized import (
    BookingRules,
    NotAuthorizedError,
    Unauthorized,
    choose_booking_rules,
    days_without,
)
from scheduler.services.batch_moves import MoveBatch, MovedVisit, move_batch
from scheduler.services.booking import (
    BookSeries,
    SeriesMode,
    SeriesRefusedError,
    book_series,
)
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.tasks import settle_tasks
from scheduler.services.undo import undo
from tests.factories.authorized_scene import DESK, FIRST, Scene, calls, make_authorized
from tests.factories.people import (
    NOW,
    make_actor,
)


@pytest.fixture
def scene(database: Database) -> Scene:
    return make_authorized(database)


def test_allowed_books_like_any_other(scene: Scene) -> None:
    assert scene.status(scene.book(1)) is AppointmentStatus.BOOKED


def test_refused_says_which_of_how_many(scene: Scene) -> None:
    scene.choose(Unauthorized.REFUSED)
    scene.book(0)

    with pytest.raises(NotAuthorizedError, match="visit 2 of 1 authorized"):
        scene.book(1)


def test_tentative_becomes_booked_when_the_authorization_comes(scene: Scene) -> None:
    scene.choose(Unauthorized.TENTATIVE)
    visit = scene.book(1)
    assert scene.status(visit) is AppointmentStatus.PENDING

    scene.approve(4)

    assert scene.status(visit) is AppointmentStatus.BOOKED


def test_a_move_looks_again_and_undo_puts_it_back(scene: Scene) -> None:
    scene.choose(Unauthorized.TENTATIVE)
    scene.approve(4, until=FIRST + timedelta(days=1))
    visit = scene.book(0)
    assert scene.status(visit) is AppointmentStatus.BOOKED

    later = MoveAppointment(appointment_id=visit, day=FIRST + timedelta(days=2))
    change = move_appointment(scene.uow, later, now=NOW, actor=DESK)
    assert scene.status(visit) is AppointmentStatus.PENDING
    undo(scene.uow, change, now=NOW, actor=DESK)
    assert scene.status(visit) is AppointmentStatus.BOOKED

    scene.choose(Unauthorized.REFUSED)
    with pytest.raises(NotAuthorizedError, match="it ends on March 24, 2026"):
        move_appointment(scene.uow, later, now=NOW, actor=DESK)


def test_a_tentative_visit_that_is_moved_back_still_waits_for_its_authorization(
    scene: Scene,
) -> None:
    scene.choose(Unauthorized.TENTATIVE)
    scene.approve(4, until=FIRST + timedelta(days=1))
    visit = scene.book(0, FIRST + timedelta(days=2))
    sooner = MoveAppointment(appointment_id=visit, day=FIRST)
    change = move_appointment(scene.uow, sooner, now=NOW, actor=DESK)
    assert scene.status(visit) is AppointmentStatus.BOOKED
    undo(scene.uow, change, now=NOW, actor=DESK)
    assert scene.status(visit) is AppointmentStatus.PENDING

    scene.approve(4)

    assert scene.status(visit) is AppointmentStatus.BOOKED


def test_visits_that_move_together_are_authorized_anew_too(scene: Scene) -> None:
    scene.choose(Unauthorized.TENTATIVE)
    scene.approve(4, until=FIRST + timedelta(days=1))
    visit = scene.book(0)
    with scene.uow:
        row = appointments.appointment(scene.uow, visit)
        at = row.starts_at + timedelta(days=2)
        later = MovedVisit(appointment_id=visit, version=row.version, starts_at=at)
        batch = MoveBatch(center_id=row.center_id, moves=((later,),))

    done = move_batch(scene.uow, batch, now=NOW, actor=DESK)
    assert scene.status(visit) is AppointmentStatus.PENDING

    undo(scene.uow, done.change_id, now=NOW, actor=DESK)
    assert scene.status(visit) is AppointmentStatus.BOOKED


def test_a_visit_that_is_promised_at_last_is_confirmed(scene: Scene) -> None:
    scene.choose(Unauthorized.TENTATIVE)
    scene.book(1)
    assert calls(scene) == []

    scene.approve(4)

    (words,) = calls(scene)
    assert words.startswith("Confirm the visit on Monday, April 20, 10:00")


def test_a_series_that_is_promised_at_last_is_confirmed_at_once(scene: Scene) -> None:
    scene.choose(Unauthorized.TENTATIVE)
    scene.book(1)
    scene.book(2)

    scene.approve(4)

    (words,) = calls(scene)
    assert words.startswith("Tell the dates of the next visits, the first on Monday, April 20")


def test_of_a_series_that_is_all_tentative_nothing_is_said(scene: Scene) -> None:
    scene.choose(Unauthorized.TENTATIVE)
    scene.approve(4, until=FIRST - timedelta(days=1))
    wanted = BookSeries(plan_id=scene.plan_id, until=FIRST + timedelta(weeks=5))

    book_series(scene.uow, wanted, now=NOW, actor=DESK)

    assert calls(scene) == []


def test_who_knows_of_a_visit_that_is_tentative_now_is_called(scene: Scene) -> None:
    scene.choose(Unauthorized.TENTATIVE)
    scene.approve(4, until=FIRST + timedelta(days=1))
    visit = scene.book(0)
    with scene.uow as uow:
        settle_tasks(uow, TaskKind.PHONE, visit, TaskOutcome.DONE, now=NOW, actor=DESK)
        uow.commit()

    later = MoveAppointment(appointment_id=visit, day=FIRST + timedelta(days=2))
    change = move_appointment(scene.uow, later, now=NOW, actor=DESK)

    (words,) = calls(scene)
    assert "is off; its new time is not promised yet" in words

    undo(scene.uow, change, now=NOW, actor=DESK)
    assert not any("is off" in words for words in calls(scene))


def test_a_tentative_visit_that_nobody_was_told_of_moves_without_a_call(scene: Scene) -> None:
    scene.choose(Unauthorized.TENTATIVE)
    visit = scene.book(1)

    later = MoveAppointment(appointment_id=visit, day=FIRST + timedelta(weeks=4, days=1))
    move_appointment(scene.uow, later, now=NOW, actor=DESK)

    assert calls(scene) == []


def test_a_series_books_what_is_authorized(scene: Scene) -> None:
    scene.choose(Unauthorized.REFUSED)
    until = FIRST + timedelta(weeks=9)
    everything = BookSeries(plan_id=scene.plan_id, until=until)
    with pytest.raises(SeriesRefusedError, match="visit 2 of 1 authorized"):
        book_series(scene.uow, everything, now=NOW, actor=DESK)

    fitting = BookSeries(plan_id=scene.plan_id, until=until, mode=SeriesMode.FITTING)
    made = book_series(scene.uow, fitting, now=NOW, actor=DESK)

    assert len(made.booked) == 1
    assert [line.sentence for line in made.refused] == [
        "This is visit 2 of 1 authorized.",
        "This is visit 3 of 1 authorized.",
    ]


def test_a_series_holds_what_is_not_authorized_yet(scene: Scene) -> None:
    scene.choose(Unauthorized.TENTATIVE)
    wanted = BookSeries(plan_id=scene.plan_id, until=FIRST + timedelta(weeks=5))

    made = book_series(scene.uow, wanted, now=NOW, actor=DESK)

    assert [scene.status(visit.appointment_id) for visit in made.booked] == [
        AppointmentStatus.BOOKED,
        AppointmentStatus.PENDING,
    ]


def test_the_days_without_are_said_before_anything_is_booked(scene: Scene) -> None:
    scene.approve(4, until=FIRST)

    found = days_without(scene.uow, scene.doses[0], [FIRST, FIRST + timedelta(days=1)])

    assert list(found.days) == [FIRST + timedelta(days=1)]
    assert found.rule is Unauthorized.ALLOWED


def test_only_managers_choose(scene: Scene) -> None:
    rules = BookingRules(unauthorized=Unauthorized.REFUSED, second_approval=True)

    with pytest.raises(NotAllowedError):
        choose_booking_rules(scene.uow, rules, now=NOW, actor=make_actor(Role.NURSE))
