"""A week that cannot hold its doses, on the worklist: for who manages the center, and for nobody else."""

from datetime import date

import pytest

from scheduler.domain.ids import CenterId, TaskId
from scheduler.domain.people import TaskKind
from scheduler.domain.roles import Role
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.tasks import NewTask, raise_task
from tests.factories.people import NOW
from tests.web.conftest import SignedIn

WEEK = date(2026, 9, 7)
WORDS = "No room for 4 doses."
THERE = f"week-{WEEK.isoformat()}"


@pytest.fixture
def task_id(uow: UnitOfWork, center: CenterId) -> TaskId:
    new = NewTask(
        center_id=center,
        patient_id=None,
        kind=TaskKind.SHORT_WEEK,
        subject_id=center,
        lead=WEEK.isoformat(),
        due_on=date(2026, 7, 13),
        detail=WORDS,
    )
    return raise_task(uow, new, now=NOW)


@pytest.mark.usefixtures("task_id")
@pytest.mark.parametrize("role", [Role.CHARGE_NURSE, Role.MANAGER])
def test_it_leads_to_its_week_on_the_look_ahead(signed_in: SignedIn, role: Role) -> None:
    browser = signed_in(role)

    shown = browser.get("/worklist").text
    ahead = browser.get("/look-ahead")

    assert WORDS in shown
    assert f'href="/look-ahead#{THERE}"' in shown
    assert (ahead.status_code, f'id="{THERE}"' in ahead.text) == (200, True)


@pytest.mark.usefixtures("task_id")
@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.PHARMACIST, Role.AUDITOR])
def test_who_may_not_look_ahead_is_not_shown_it(signed_in: SignedIn, role: Role) -> None:
    browser = signed_in(role)

    for page in ("/worklist", "/worklist?queue=short_week"):
        shown = browser.get(page).text
        assert "Nothing waits here." in shown
        assert "Short weeks" not in shown


def test_it_is_taken_and_closed(signed_in: SignedIn, task_id: TaskId) -> None:
    browser = signed_in(Role.MANAGER)

    browser.post(f"/tasks/{task_id}/own", data={"take": "1"})
    taken = browser.get("/worklist").text
    closed = browser.post(f"/tasks/{task_id}/close", data={"outcome": "done"})

    assert ">Leave</button>" in taken
    assert closed.status_code == 303
    assert WORDS not in browser.get("/worklist").text


def test_a_hand_made_form_gets_nobody_further(signed_in: SignedIn, task_id: TaskId) -> None:
    for act, outcome in (("close", "done"), ("own", ""), ("call", "no_answer")):
        answer = signed_in(Role.FRONT_DESK).post(
            f"/tasks/{task_id}/{act}", data={"outcome": outcome}
        )
        assert (act, answer.status_code) == (act, 403)
    call = signed_in(Role.MANAGER).post(f"/tasks/{task_id}/call", data={"outcome": "no_answer"})
    assert (call.status_code, "No patient is to be called" in call.text) == (422, True)
