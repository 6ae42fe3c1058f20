"""A call where the patient knows of a time that is not promised any more."""

from datetime import timedelta

from scheduler.domain.appointments import AppointmentStatus
from scheduler.persistence.database import Database
from scheduler.services.messages import send_due
from scheduler.services.notices import owe_moved
from tests.factories.mail import ListMailer
from tests.factories.told import LATER, VISIT, booked, make_world, visit_again


def test_a_visit_that_is_tentative_now_is_called_about_until_it_is_back(
    database: Database,
) -> None:
    world, mailer = make_world(database), ListMailer()
    visit_id = booked(world)
    send_due(world.sending(mailer), now=LATER)

    with world.uow as uow:
        visit = visit_again(uow, visit_id)
        visit.status, visit.starts_at = AppointmentStatus.PENDING, VISIT + timedelta(hours=1)
        owe_moved(uow, visit, now=LATER)
        uow.commit()
    (call,) = world.calls()
    assert call.detail.startswith(
        "The visit of Tuesday, March 24, 10:30, that the patient knows of is off"
    )

    with world.uow as uow:
        visit = visit_again(uow, visit_id)
        visit.status, visit.starts_at = AppointmentStatus.BOOKED, VISIT
        owe_moved(uow, visit, now=LATER)
        uow.commit()
    assert world.calls() == []
