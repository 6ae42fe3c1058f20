"""The two days a year on which the clocks change: 23 and 25 hours long, and nobody is an hour early or late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import AppointmentId, CenterId
from scheduler.domain.timing import SkippedTimeError
from scheduler.messaging.calendar import published_entry
from scheduler.messaging.facts import VisitTime
from scheduler.persistence.database import Database
from scheduler.persistence.models import Appointment, Center, CenterHours, Message, NurseShift
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.board import read_day
from scheduler.services.contacts import ContactFacts
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.offers import OffersWanted, offers_for_dose
from scheduler.services.setup import OpeningHours, setup_center
from scheduler.services.upcoming import owe_upcoming
from tests.factories.center import (
    CenterMade,
    PlanMade,
    book,
    make_center,
    make_treatment,
    make_world,
)
from tests.factories.mail import SENDER
from tests.factories.people import make_actor
from tests.factories.setup import make_setup_request
from tests.factories.sound import damage

NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
TUESDAY = date(2026, 3, 24)
SPRING, AUTUMN = date(2027, 3, 14), date(2026, 11, 1)
CHANGES = pytest.mark.parametrize(("day", "hours_behind"), [(SPRING, 4), (AUTUMN, 5)])


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    """Open on Sundays too."""
    made = make_world(database, uow)
    always = {"effective_from": date(2000, 1, 1), "weekday": 6}
    with uow:
        uow.add(CenterHours(center_id=made.id, opens=time(7, 30), closes=time(17, 30), **always))
        for nurse in made.nurses:
            shift = {"starts": time(7), "ends": time(18)}
            uow.add(NurseShift(center_id=made.id, staff_id=nurse, **always, **shift))
        uow.commit()
    return made


def a_week_before(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 15, tzinfo=UTC) - timedelta(days=8)


def due_on(uow: UnitOfWork, center: CenterMade, day: date) -> PlanMade:
    """Make a plan whose first dose is due on that day."""
    before = day - timedelta(days=8)
    order = {"signed_on": before, "valid_until": day + timedelta(days=300), "first_day": day}
    contact = ContactFacts(email="ann@mail.example", phone="555 010 7766")
    return make_treatment(
        uow, center.id, now=a_week_before(day), patient={"contact": contact}, **order
    )


def stored(uow: UnitOfWork, visit: AppointmentId) -> Appointment:
    with uow:
        row = uow.session.get_one(Appointment, visit)
        uow.session.expunge(row)
        return row


@pytest.mark.family
@CHANGES
def test_a_visit_after_the_change_begins_when_the_clock_on_the_wall_says(
    database: Database, uow: UnitOfWork, center: CenterMade, day: date, hours_behind: int
) -> None:
    plan, now = due_on(uow, center, day), a_week_before(day)

    visit = stored(uow, book(uow, plan.dose(), day, "09:00", now=now))

    assert visit.starts_at == datetime(day.year, day.month, day.day, 9 + hours_behind, tzinfo=UTC)
    with uow:
        (shown,) = read_day(uow, center.id, day, NEW_YORK).visits
    assert shown.starts_at.astimezone(NEW_YORK).time() == time(9)
    assert damage(database, uow.organization_id) == []


@CHANGES
def test_offers_on_that_day_stand_on_the_wall_clock(
    uow: UnitOfWork, center: CenterMade, day: date, hours_behind: int
) -> None:
    plan, now = due_on(uow, center, day), a_week_before(day)

    wanted = OffersWanted(dose_id=plan.dose(), wish_day=day, wish_time=time(9), limit=3)
    offer = offers_for_dose(uow, wanted, now=now).offers[0]

    nine = datetime(day.year, day.month, day.day, 9 + hours_behind, tzinfo=UTC)
    assert (offer.day, offer.starts, offer.starts_at) == (day, time(9), nine)
    visit = book(uow, plan.dose(), day, "09:00", now=now)
    assert stored(uow, visit).starts_at == nine


@pytest.mark.family
@CHANGES
def test_a_move_across_the_change_keeps_the_wall_time_it_was_given(
    database: Database, uow: UnitOfWork, center: CenterMade, day: date, hours_behind: int
) -> None:
    plan, now = due_on(uow, center, day), a_week_before(day)
    monday = day + timedelta(days=1)
    visit = book(uow, plan.dose(), monday, "10:00", now=now)

    move = MoveAppointment(appointment_id=visit, day=day, start=time(10))
    move_appointment(uow, move, now=now, actor=make_actor())

    moved = stored(uow, visit)
    assert moved.starts_at.astimezone(NEW_YORK).replace(tzinfo=None) == datetime.combine(
        day, time(10)
    )
    assert moved.ends_at - moved.starts_at == timedelta(minutes=plan.doses[0].patient_minutes)
    assert damage(database, uow.organization_id) == []


@pytest.mark.family
@CHANGES
def test_reminders_go_out_at_the_same_hour_on_both_sides_of_the_change(
    uow: UnitOfWork, center: CenterMade, day: date, hours_behind: int
) -> None:
    plan, now = due_on(uow, center, day), a_week_before(day)
    book(uow, plan.dose(), day + timedelta(days=1), "10:00", now=now)
    owe_upcoming(uow, now=now + timedelta(days=8, hours=2))

    with uow:
        rows = uow.session.scalars(select(Message).where(Message.lead.like("P%D"))).all()
        sent = {row.lead: row.send_after.astimezone(NEW_YORK) for row in rows}

    assert {lead: at.time() for lead, at in sent.items()} == {"P1D": time(9), "P3D": time(9)}
    assert sent["P1D"].date() == day


def test_a_time_that_the_clocks_skip_is_refused_in_words(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = due_on(uow, center, SPRING)

    with pytest.raises(SkippedTimeError, match=r"The clocks skip 2:30 on March 14, 2027"):
        book(uow, plan.dose(), SPRING, "02:30", now=a_week_before(SPRING))


@CHANGES
def test_the_calendar_file_says_the_instant(day: date, hours_behind: int) -> None:
    starts = datetime(day.year, day.month, day.day, 9 + hours_behind, tzinfo=UTC)
    visit = VisitTime(id=AppointmentId(UUID(int=7)), starts_at=starts, ends_at=starts + HOUR)

    raw = published_entry(visit, SENDER, "en", written_at=starts)

    assert f"DTSTART:{starts:%Y%m%dT%H%M%SZ}".encode() in raw
    assert f"DTEND:{starts + HOUR:%Y%m%dT%H%M%SZ}".encode() in raw


def test_a_new_center_is_not_open_while_the_clocks_change(database: Database) -> None:
    night = OpeningHours(weekday=6, opens=time(0), closes=time(6))
    request = make_setup_request(hours=(night,))

    with pytest.raises(InvalidError, match=r"the clocks change on .* inside these hours"):
        setup_center(database.system(), request, now=a_week_before(SPRING))


def test_two_centers_in_different_zones_do_not_disturb_each_other(
    database: Database, uow: UnitOfWork, center: CenterMade
) -> None:
    here = make_treatment(uow, center.id)
    there = make_world_of_phoenix(uow)
    away = make_treatment(uow, there)
    asked = {here.dose(): 13, away.dose(): 16}

    with ThreadPoolExecutor(2) as pool:
        visits = [
            pool.submit(book, database.write(uow.organization_id), dose, TUESDAY, "09:00")
            for dose in asked
        ]

    starts = [stored(uow, visit.result()).starts_at for visit in visits]
    assert starts == [datetime(2026, 3, 24, hour, tzinfo=UTC) for hour in asked.values()]


def make_world_of_phoenix(uow: UnitOfWork) -> CenterId:
    """Store a center in Arizona, where no clock ever changes."""
    made = make_center(uow)
    with uow:
        uow.session.get_one(Center, made.id).zone = "America/Phoenix"
        uow.commit()
    return made.id
