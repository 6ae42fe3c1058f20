"""Orders for patients who come amid a treatment of courses, and orders that name the days of a course themselves."""

from datetime import date, timedelta
from typing import Any

import pytest

from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import CenterId, PatientId
from scheduler.domain.plans import OrderKind
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.extending import RecordElsewhere, record_elsewhere
from scheduler.services.orders import EarlierDose, enter_order, preview_order
from scheduler.services.plan_facts import Overrides
from scheduler.services.plans import resolve_plan
from tests.factories.people import (
    NOW,
    make_actor,
    make_hours,
    make_organization,
    make_patient,
    make_plain_center,
    make_regimens,
    order_for,
)

FIRST = tuple(date(2024, 3, 18) + timedelta(days=n) for n in range(5))
SECOND = tuple(date(2025, 3, 24) + timedelta(days=n) for n in range(3))


@pytest.fixture
def here(database: Database) -> tuple[UnitOfWork, PatientId, CenterId]:
    """Return an organization with a patient and a center that is open on weekdays."""
    make_regimens(database)
    uow = database.write(make_organization(database))
    center_id = make_plain_center(uow)
    make_hours(uow, center_id)
    return uow, make_patient(uow), center_id


def coming(*days: date, **values: Any) -> dict[str, Any]:
    """Return what an order of alemtuzumab says of somebody who had these doses elsewhere."""
    earlier = tuple(EarlierDose(day=day) for day in days)
    known = {"regimen": "alemtuzumab-iv", "product": "Lemtrada", "kind": OrderKind.CONTINUING}
    return known | {"earlier": earlier, "authorization": None} | values


def test_a_patient_after_the_first_course_gets_the_second_and_keeps_it(
    here: tuple[UnitOfWork, PatientId, CenterId],
) -> None:
    uow, patient, center = here

    plan_id = enter_order(
        uow, order_for(uow, patient, center, **coming(*FIRST)), now=NOW, actor=make_actor()
    )

    with uow:
        rows = stored.doses_of(uow, plan_id)
        assert [(row.ordinal, row.phase) for row in rows] == [(n, "course2") for n in (6, 7, 8)]
        again = resolve_plan(uow, stored.plan(uow, plan_id))
        assert [(d.ordinal, d.due, d.planned) for d in again.doses] == [
            (row.ordinal, row.due_on, row.planned_on) for row in rows
        ]


def test_after_both_courses_nothing_is_planned_until_the_order_asks_for_another(
    here: tuple[UnitOfWork, PatientId, CenterId],
) -> None:
    uow, patient, center = here
    both = coming(*FIRST, *SECOND)
    asked = both | {"overrides": Overrides(phase="additional")}

    shown = preview_order(uow, order_for(uow, patient, center, **both), now=NOW)
    with pytest.raises(InvalidError, match="Nothing of this treatment is left to give"):
        enter_order(uow, order_for(uow, patient, center, **both), now=NOW, actor=make_actor())
    plan_id = enter_order(
        uow, order_for(uow, patient, center, **asked), now=NOW, actor=make_actor()
    )

    assert [(w.phase, w.from_day) for w in shown.waiting] == [("additional", date(2026, 3, 26))]
    with uow:
        rows = stored.doses_of(uow, plan_id)
        assert [(row.ordinal, row.phase) for row in rows] == [
            (n, "additional") for n in (9, 10, 11)
        ]
        assert rows[0].due_on == date(2026, 3, 26)
        again = resolve_plan(uow, stored.plan(uow, plan_id))
        assert [(d.ordinal, d.due) for d in again.doses] == [(r.ordinal, r.due_on) for r in rows]


def test_an_order_names_the_days_of_a_course_where_the_regimen_lets_it(
    here: tuple[UnitOfWork, PatientId, CenterId],
) -> None:
    uow, patient, center = here
    relapse = {"regimen": "methylprednisolone-ms-relapse", "product": "Solu-Medrol"}
    five = order_for(uow, patient, center, **relapse, overrides=Overrides(run_days=5))
    eight = order_for(uow, patient, center, **relapse, overrides=Overrides(run_days=8))
    none = order_for(uow, patient, center, overrides=Overrides(run_days=3))

    assert len(preview_order(uow, five, now=NOW).doses) == 5
    with pytest.raises(InvalidError, match="A course has 3 to 5 days"):
        preview_order(uow, eight, now=NOW)
    with pytest.raises(InvalidError, match="has no course of several days"):
        preview_order(uow, none, now=NOW)


def test_an_order_begins_with_no_phase_that_the_regimen_does_not_leave_to_the_prescriber(
    here: tuple[UnitOfWork, PatientId, CenterId],
) -> None:
    uow, patient, center = here
    wrong = coming(*FIRST, overrides=Overrides(phase="course2"))

    with pytest.raises(InvalidError, match="leaves to the prescriber"):
        preview_order(uow, order_for(uow, patient, center, **wrong), now=NOW)


def test_fewer_known_doses_than_loading_has_say_how_to_go_on_amid_loading(
    here: tuple[UnitOfWork, PatientId, CenterId],
) -> None:
    uow, patient, center = here
    ocrevus = {"regimen": "ocrelizumab-iv", "product": "Ocrevus"}
    one = coming(date(2026, 3, 9), **ocrevus)
    long = coming(date(2025, 3, 1), date(2025, 9, 1), date(2026, 3, 9), **ocrevus)
    loaded = coming(date(2026, 2, 23), date(2026, 3, 9), **ocrevus)

    shown, *known = (
        preview_order(uow, order_for(uow, patient, center, **order), now=NOW)
        for order in (one, long, loaded)
    )

    assert shown.hint == (
        "Earlier doses known: 1; the regimen begins with 2 loading doses. If loading is not over, choose a new start,"
        " then mark each dose that was given elsewhere on its page."
    )
    assert [each.hint for each in known] == ["", ""]


def test_a_patient_amid_loading_starts_anew_and_the_dose_elsewhere_moves_the_next(
    here: tuple[UnitOfWork, PatientId, CenterId],
) -> None:
    uow, patient, center = here
    order = order_for(uow, patient, center, regimen="ocrelizumab-iv", product="Ocrevus")
    plan_id = enter_order(uow, order, now=NOW, actor=make_actor())
    with uow:
        first = stored.doses_of(uow, plan_id)[0].id

    there = RecordElsewhere(plan_id=plan_id, dose_id=first, day=date(2026, 3, 9))
    record_elsewhere(uow, there, now=NOW, actor=make_actor())

    with uow:
        again = resolve_plan(uow, stored.plan(uow, plan_id))
    assert [(d.ordinal, d.due) for d in again.doses[1:3]] == [
        (2, date(2026, 3, 23)),
        (3, date(2026, 9, 9)),
    ]
