"""A day is in the future by the calendar on the center's wall, not by that of Greenwich."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from scheduler.domain.errors import InvalidError
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.measures import MeasureKind, RecordMeasure, record_measure
from scheduler.services.today import today_here, today_in
from tests.factories.people import make_actor, make_patient, make_plain_center

GUAM, NEW_YORK = "Pacific/Guam", "America/New_York"
MORNING_IN_GUAM = datetime(2026, 3, 17, 22, tzinfo=UTC)
EVENING_IN_NEW_YORK = datetime(2026, 3, 18, 1, tzinfo=UTC)
TUESDAY, WEDNESDAY = date(2026, 3, 17), date(2026, 3, 18)


def weigh(uow: UnitOfWork, on: date, now: datetime) -> None:
    who = make_patient(uow, now=now)
    weight = RecordMeasure(
        patient_id=who, kind=MeasureKind.WEIGHT, value=Decimal(70), measured_on=on
    )
    record_measure(uow, weight, now=now, actor=make_actor())


def test_this_morning_is_not_the_future_east_of_greenwich(uow: UnitOfWork) -> None:
    make_plain_center(uow, zone=GUAM)

    weigh(uow, WEDNESDAY, MORNING_IN_GUAM)


def test_tomorrow_is_the_future_in_the_evening_west_of_greenwich(uow: UnitOfWork) -> None:
    make_plain_center(uow, zone=NEW_YORK)

    weigh(uow, TUESDAY, EVENING_IN_NEW_YORK)
    with pytest.raises(InvalidError, match="in the future"):
        weigh(uow, WEDNESDAY, EVENING_IN_NEW_YORK)


def test_of_centers_on_both_sides_the_later_day_counts(uow: UnitOfWork) -> None:
    east, west = (make_plain_center(uow, zone=zone) for zone in (GUAM, NEW_YORK))

    with uow:
        assert today_here(uow, MORNING_IN_GUAM) == WEDNESDAY
        assert today_in(uow, east, MORNING_IN_GUAM) == WEDNESDAY
        assert today_in(uow, west, MORNING_IN_GUAM) == TUESDAY
