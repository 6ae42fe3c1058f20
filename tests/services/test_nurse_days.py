"""Who looks after whom: found for a day, kept, and handed over when a nurse is out."""

from datetime import date, timedelta

import pytest

from scheduler.domain.errors import InvalidError, NotAllowedError
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.closures import NurseOut, nurse_out
from scheduler.services.nurse_days import choose_nurse, find_nurses, nurse_sheet
from tests.factories.center import CenterMade, book, make_treatment, make_world
from tests.factories.people import NOW, make_actor

MONDAY = date(2026, 3, 23)
ME = make_actor()


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    made = make_world(database, uow)
    for start in ("08:00", "09:00", "11:30", "13:00"):
        book(uow, make_treatment(uow, made.id).dose(), MONDAY, start)
    return made


def find(uow: UnitOfWork, center: CenterMade, *, anew: bool = False) -> int:
    return find_nurses(uow, center.id, MONDAY, anew=anew, now=NOW, actor=ME)


def test_every_visit_gets_a_nurse_once(uow: UnitOfWork, center: CenterMade) -> None:
    before = nurse_sheet(uow, center.id, MONDAY)

    changed, again = find(uow, center), find(uow, center)
    sheet = nurse_sheet(uow, center.id, MONDAY)

    assert len(before.without) == 4
    assert (changed, again) == (4, 0)
    assert sheet.without == ()
    assert [len(nurse.visits) for nurse in sheet.nurses] == [2, 2]
    assert sheet.nurses[0].hours == pytest.approx(sheet.nurses[1].hours)


def test_only_the_visits_of_who_is_out_are_handed_over(uow: UnitOfWork, center: CenterMade) -> None:
    find(uow, center)
    out = center.nurses[0]
    nurse_out(uow, NurseOut(center_id=center.id, staff_id=out, day=MONDAY), now=NOW, actor=ME)
    waiting = nurse_sheet(uow, center.id, MONDAY).to_hand_over

    changed = find(uow, center)

    assert (waiting, changed) == (2, 2)
    sheet = nurse_sheet(uow, center.id, MONDAY)
    assert sheet.to_hand_over == 0
    assert [len(nurse.visits) for nurse in sheet.nurses] == [4]


def test_a_choice_by_hand_stays_and_the_next_time_she_is_the_usual_nurse(
    uow: UnitOfWork, center: CenterMade
) -> None:
    find(uow, center)
    first, second = nurse_sheet(uow, center.id, MONDAY).nurses
    visit = first.visits[0].appointment_id

    choose_nurse(uow, center.id, MONDAY, (visit, second.staff_id), now=NOW, actor=ME)

    assert find(uow, center) == 0
    assert len(nurse_sheet(uow, center.id, MONDAY).nurses[1].visits) == 3
    assert find(uow, center, anew=True) >= 1


def test_a_patient_comes_to_the_usual_nurse(uow: UnitOfWork, center: CenterMade) -> None:
    plan = make_treatment(uow, center.id)
    visit = book(uow, plan.dose(), date(2026, 3, 24), "09:00")
    day = (date(2026, 3, 24), (visit, center.nurses[1]))
    choose_nurse(uow, center.id, *day, now=NOW, actor=ME)
    later = plan.doses[1].due_on
    while later.weekday() > 4:
        later += timedelta(days=1)
    book(uow, plan.dose(2), later, "09:00")

    find_nurses(uow, center.id, later, anew=False, now=NOW, actor=ME)

    (nurse,) = [n for n in nurse_sheet(uow, center.id, later).nurses if n.visits]
    assert nurse.staff_id == center.nurses[1]
    assert nurse.visits[0].usual


def test_a_stranger_and_another_day_are_refused(uow: UnitOfWork, center: CenterMade) -> None:
    find(uow, center)
    visit = nurse_sheet(uow, center.id, MONDAY).nurses[0].visits[0].appointment_id
    pair = (visit, center.nurses[0])

    with pytest.raises(InvalidError):
        choose_nurse(uow, center.id, date(2026, 3, 24), pair, now=NOW, actor=ME)
    with pytest.raises(NotAllowedError):
        choose_nurse(uow, center.id, MONDAY, pair, now=NOW, actor=make_actor(Role.FRONT_DESK))
