"""Messages that fell due while no worker ran, and whose visit has begun since, on both databases."""

from datetime import datetime

import pytest

from scheduler.domain.appointments import AppointmentStatus
from scheduler.persistence.database import Database
from scheduler.services.messages import send_due
from scheduler.services.upcoming import owe_upcoming
from tests.factories.mail import ListMailer
from tests.factories.told import LATER, at, booked, cancelled, make_world, visit_again


@pytest.mark.family
@pytest.mark.parametrize(
    "status",
    [
        AppointmentStatus.BOOKED,
        AppointmentStatus.ARRIVED,
        AppointmentStatus.FULFILLED,
        AppointmentStatus.NO_SHOW,
    ],
)
@pytest.mark.parametrize("back", [at(24, 11), at(31, 8)])
def test_after_a_pause_past_the_start_of_a_visit_each_missed_lead_has_its_line(
    database: Database, status: AppointmentStatus, back: datetime
) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)
    send_due(world.sending(mailer), now=LATER)
    with world.uow as uow:
        visit = visit_again(uow, visit_id)
        visit.status, visit.live = status, status.live
        uow.commit()

    for _ in range(2):
        owe_upcoming(world.uow, now=back)
        send_due(world.sending(mailer), now=back)

    assert sorted(world.log()[1:]) == [
        ("preparation", "void", "visit is over or has begun"),
        ("reminder", "void", "visit is over or has begun"),
    ]
    assert len(mailer.mails) == 1


def test_a_pause_after_the_first_lead_leaves_a_line_for_the_second(database: Database) -> None:
    world, mailer = make_world(database), ListMailer()
    booked(world)
    send_due(world.sending(mailer), now=LATER)
    owe_upcoming(world.uow, now=at(21, 10))
    send_due(world.sending(mailer), now=at(21, 10))

    owe_upcoming(world.uow, now=at(25, 8))

    assert world.log()[1:] == [
        ("preparation", "sent", "sent"),
        ("reminder", "void", "visit is over or has begun"),
    ]


def test_a_cancelled_visit_of_the_past_has_no_line_for_its_leads(database: Database) -> None:
    world = make_world(database)
    visit_id = booked(world)
    send_due(world.sending(ListMailer()), now=LATER)
    cancelled(world, visit_id, now=at(20, 10))

    assert owe_upcoming(world.uow, now=at(25, 8)) == 0
