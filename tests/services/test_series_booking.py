"""Booking a series: whole, or the doses that fit, once."""

from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from scheduler.domain.people import TaskKind
from scheduler.persistence.database import Database
from scheduler.persistence.models import Task
from scheduler.persistence.plans import doses_by_id
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.booking import (
    BookSeries,
    SeriesBooked,
    SeriesMode,
    SeriesRefusedError,
    book_series,
    preview_series,
)
from scheduler.services.closures import AddClosure, add_closure
from tests.factories.center import (
    CenterMade,
    PlanMade,
    book,
    make_treatment,
    make_world,
    visits_of,
)
from tests.factories.people import NOW, make_actor


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow)


def book_all(
    uow: UnitOfWork, plan: PlanMade, mode: SeriesMode = SeriesMode.ALL, key: str | None = None
) -> SeriesBooked:
    request = BookSeries(plan_id=plan.id, mode=mode, idempotency_key=key)
    return book_series(uow, request, now=NOW, actor=make_actor())


def close_window_of(uow: UnitOfWork, center: CenterMade, plan: PlanMade, index: int) -> None:
    dose = plan.doses[index]
    closure = AddClosure(
        center_id=center.id, first_day=dose.earliest, last_day=dose.latest, reason="Move"
    )
    add_closure(uow, closure, now=NOW, actor=make_actor())


def test_a_series_is_booked_whole(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)

    result = book_all(uow, plan)

    assert len(result.booked) == len(plan.doses)
    days = [row.starts_at.date() for row in visits_of(uow)]
    assert all(
        dose.earliest <= day <= dose.latest for dose, day in zip(plan.doses, days, strict=True)
    )


def test_a_preview_shows_what_would_be_booked(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    lines = preview_series(uow, plan.id, now=NOW)

    result = book_all(uow, plan)

    shown = [line.offer.starts_at for line in lines if line.offer]
    assert shown == [visit.starts_at for visit in result.booked]


def test_all_or_nothing_books_nothing_when_one_has_no_place(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    close_window_of(uow, center, plan, 3)

    with pytest.raises(SeriesRefusedError, match=r"1 of \d+ doses have no place") as refusal:
        book_all(uow, plan)

    assert [line.ordinal for line in refusal.value.refused] == [4]
    assert visits_of(uow) == []


def test_the_doses_that_fit_are_booked_and_the_rest_become_tasks(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    close_window_of(uow, center, plan, 3)

    result = book_all(uow, plan, SeriesMode.FITTING)

    assert len(result.booked) == len(plan.doses) - 1
    assert [line.ordinal for line in result.refused] == [4]
    with uow:
        (task,) = uow.session.scalars(select(Task).where(Task.kind == TaskKind.REBOOK))
        assert task.dose_id == plan.dose(4)


def test_a_double_press_is_one_series(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)

    assert book_all(uow, plan, key="press") == book_all(uow, plan, key="press")

    assert len(visits_of(uow)) == len(plan.doses)


def test_doses_booked_already_are_left_alone(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    first = book(uow, plan.dose(), date(2026, 3, 23), "10:00")

    result = book_all(uow, plan)

    assert first not in {visit.appointment_id for visit in result.booked}
    assert len(visits_of(uow)) == len(plan.doses)


def test_a_series_of_courses_is_booked_course_by_course(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id, regimen="alemtuzumab-iv")

    book_all(uow, plan, SeriesMode.FITTING)

    courses = {row.course_id for row in visits_of(uow)}
    assert None not in courses
    assert len(visits_of(uow)) == len(plan.doses)


def test_a_series_keeps_away_from_days_that_others_will_fill(
    database: Database, uow: UnitOfWork
) -> None:
    small = make_world(database, uow, chairs=1, nurses=1)
    for _ in range(6):
        bound = make_treatment(uow, small.id).doses[1]
        with uow:
            row = doses_by_id(uow, [bound.id])[bound.id]
            row.earliest = row.latest = row.due_on  # nowhere else to go
            uow.commit()
    plan = make_treatment(uow, small.id)

    crowded = preview_series(uow, plan.id, now=NOW)

    second = next(line for line in crowded if line.ordinal == 2)
    dose = plan.doses[1]
    assert second.offer is not None
    assert second.offer.day != dose.due_on
    assert dose.earliest <= second.offer.day <= dose.latest


def test_a_dose_whose_window_is_over_is_said_to_be_so(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    later = NOW + timedelta(days=30)

    first = preview_series(uow, plan.id, now=later)[0]

    assert first.offer is None
    assert "window ended on Mar 30; find a time for it" in first.sentence


def test_two_series_of_a_patient_never_meet(uow: UnitOfWork, center: CenterMade) -> None:
    first = make_treatment(uow, center.id, wished_time=time(9))
    second = make_treatment(
        uow,
        center.id,
        patient_id=first.patient_id,
        regimen="infliximab-iv",
        product="Remicade",
        wished_time=time(9),
    )

    day = first.doses[0].due_on
    closed = AddClosure(
        center_id=center.id,
        first_day=day + timedelta(days=1),
        last_day=day + timedelta(days=7),
        reason="Move",
    )
    add_closure(uow, closed, now=NOW, actor=make_actor())
    book_all(uow, first)
    booked = book_all(uow, second).booked

    assert len(booked) == len(second.doses)
    visits = visits_of(uow)
    for one, next_one in pairwise(visits):
        assert one.ends_at <= next_one.starts_at


def test_a_dose_left_out_before_finds_no_place_on_the_day_of_a_later_one(
    uow: UnitOfWork, center: CenterMade
) -> None:
    plan = make_treatment(uow, center.id)
    day = plan.doses[0].due_on
    book(
        uow,
        plan.doses[1].id,
        day,
        "09:00",
        outside_window_reason="asked",
        documented_order="x",
        second_person="y",
    )

    book_all(uow, plan, SeriesMode.FITTING)

    on_that_day = [row for row in visits_of(uow) if row.starts_at.date() == day]
    assert len(on_that_day) == 1
