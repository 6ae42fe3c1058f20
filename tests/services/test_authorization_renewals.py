"""A prior authorization that gives out before a dose is asked for again: once, in time, and no longer than needed."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from scheduler.domain.appointments import CancellationReason
from scheduler.domain.ids import PlanId, TaskId
from scheduler.domain.people import TaskKind, TaskOutcome
from scheduler.domain.plan_life import PlanChangeKind
from scheduler.domain.plans import AuthorizationStatus, DoseState
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Change, Task
from scheduler.services.attendance import Discharge, DoseOutcome, discharge
from scheduler.services.authorization_renewals import LEAD
from scheduler.services.authorizations import RecordAuthorization, record_authorization
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.check import CHECKS
from scheduler.services.deceased import MarkDeceased, mark_deceased
from scheduler.services.plan_changes import PlanChange, change_plan
from scheduler.services.raising import raise_due
from scheduler.services.tasks import CloseTask, close_task
from scheduler.services.undo import undo
from tests.factories.people import NOW, make_patient, make_plan, make_visit
from tests.factories.plan_scene import at
from tests.factories.ready_scene import FIRST, NURSE, ReadyScene, make_ready_scene
from tests.factories.series_place import ALL_HANDS

# doses are planned on March 23, April 20 and May 18
ENDS, THIRD = date(2026, 4, 30), date(2026, 5, 18)
TODAY = NOW.date()
NEAR, EARLIER = THIRD - timedelta(days=30), THIRD - timedelta(days=31)
ASKS = (
    "Prior authorization A-77 ends on April 30, 2026; the dose planned on May 18, 2026 is not covered:"
    " ask for a renewal."
)


@pytest.fixture
def scene(database: Database) -> ReadyScene:
    return make_ready_scene(database)


def authorize(
    scene: ReadyScene,
    status: AuthorizationStatus = AuthorizationStatus.APPROVED,
    *,
    on: date = TODAY,
    **values: object,
) -> PlanId:
    known: dict[str, object] = {"plan_id": scene.plan_id, "number": "A-77"}
    request = RecordAuthorization(status=status, **known | values)  # type: ignore[arg-type]
    return record_authorization(scene.uow, request, now=at(on, 15), actor=NURSE)


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """A task that asks for a renewal, open as long as it has no outcome."""

    id: TaskId
    about: UUID
    plan_id: PlanId | None
    due_on: date
    detail: str
    outcome: TaskOutcome | None


def rows(scene: ReadyScene) -> list[Renewal]:
    """Return the tasks about renewals, open or closed."""
    wanted = sa.select(Task).where(Task.kind == TaskKind.REVIEW, Task.lead == LEAD)
    with scene.uow:
        return [
            Renewal(
                id=task.id,
                about=task.subject_id,
                plan_id=task.plan_id,
                due_on=task.due_on,
                detail=task.detail,
                outcome=task.outcome,
            )
            for task in scene.uow.session.scalars(wanted.order_by(Task.id))
        ]


def asked(scene: ReadyScene, today: date = NEAR) -> list[str]:
    """Let the worker look on a day, and return which renewals the worklist asks for."""
    raise_due(scene.uow, now=at(today))
    return [task.detail for task in rows(scene) if task.outcome is None]


def close(scene: ReadyScene, outcome: TaskOutcome = TaskOutcome.DONE) -> None:
    (task,) = rows(scene)
    closing = CloseTask(task_id=task.id, outcome=outcome)
    close_task(scene.uow, closing, now=at(NEAR), actor=NURSE)


def take_back(scene: ReadyScene) -> None:
    with scene.uow:
        newest = sa.select(Change.id).order_by(Change.at.desc(), Change.id.desc()).limit(1)
        change = scene.uow.session.scalars(newest).one()
    undo(scene.uow, change, now=at(NEAR, 15), actor=NURSE)


def test_a_renewal_is_asked_for_once_a_month_before_the_dose_that_is_not_covered(
    scene: ReadyScene,
) -> None:
    number = authorize(scene, until_day=ENDS)
    assert asked(scene, EARLIER) == []

    assert asked(scene) == [ASKS]
    assert asked(scene, NEAR + timedelta(days=1)) == [ASKS]

    (task,) = rows(scene)
    assert (task.about, task.plan_id, task.due_on) == (number, scene.plan_id, THIRD)


def test_the_booked_day_counts_and_the_task_follows_it(scene: ReadyScene) -> None:
    authorize(scene, until_day=ENDS)
    visit = make_visit(scene.uow, scene.doses[1], at(date(2026, 5, 4)))

    (booked,) = asked(scene)
    lost = CancelAppointment(appointment_id=visit, reason=CancellationReason.PATIENT)
    cancel_appointment(scene.uow, lost, now=at(NEAR), actor=NURSE)
    planned = asked(scene)

    assert "the dose booked on May 4, 2026 is not covered" in booked
    assert planned == [ASKS]
    assert [task.due_on for task in rows(scene)] == [THIRD]


def test_a_visit_booked_before_the_end_needs_no_renewal_yet(scene: ReadyScene) -> None:
    authorize(scene, until_day=ENDS)
    make_visit(scene.uow, scene.doses[2], at(ENDS))

    assert asked(scene) == []


def test_visits_that_given_doses_used_are_counted(scene: ReadyScene) -> None:
    authorize(scene, visits=2)
    assert asked(scene, date(2026, 4, 15)) == []
    visit = make_visit(scene.uow, scene.doses[0], FIRST)
    given = Discharge(appointment_id=visit, outcomes=(DoseOutcome(dose_id=scene.doses[0]),))
    discharge(scene.uow, given, now=FIRST + timedelta(hours=2), actor=NURSE)

    assert asked(scene) == [
        "Prior authorization A-77 has visits for 1 more dose; the dose planned on May 18, 2026 is the first"
        " not covered: ask for a renewal."
    ]


@pytest.mark.parametrize("status", [AuthorizationStatus.APPROVED, AuthorizationStatus.REQUESTED])
def test_it_is_done_when_another_one_covers_the_dose_or_is_asked_for(
    scene: ReadyScene, status: AuthorizationStatus
) -> None:
    authorize(scene, until_day=ENDS)
    asked(scene)

    authorize(scene, status, on=NEAR, number="A-78")

    assert asked(scene, NEAR + timedelta(days=1)) == []
    assert [task.outcome for task in rows(scene)] == [TaskOutcome.DONE]


def test_it_comes_back_when_the_payer_refuses_or_the_record_is_taken_back(
    scene: ReadyScene,
) -> None:
    authorize(scene, until_day=ENDS)
    asked(scene)
    renewal = authorize(scene, AuthorizationStatus.REQUESTED, on=NEAR, number="A-78")
    assert asked(scene) == []

    authorize(scene, AuthorizationStatus.DENIED, on=NEAR, authorization_id=renewal)
    refused = asked(scene)
    take_back(scene)

    assert refused == [ASKS]
    assert asked(scene) == []
    assert len(rows(scene)) == 1


def test_what_a_person_closed_stays_closed(scene: ReadyScene) -> None:
    authorize(scene, until_day=ENDS)
    asked(scene)

    close(scene)

    assert asked(scene) == []
    assert asked(scene, THIRD) == []


@pytest.mark.parametrize("kind", [PlanChangeKind.HOLD, PlanChangeKind.STOP])
def test_it_goes_with_the_plan_that_rests_or_ends(scene: ReadyScene, kind: PlanChangeKind) -> None:
    authorize(scene, until_day=ENDS)
    asked(scene)

    change = PlanChange(
        plan_id=scene.plan_id, kind=kind, reason="Infection", review_on=NEAR + timedelta(days=9)
    )
    change_plan(scene.uow, change, now=at(NEAR), actor=ALL_HANDS)

    assert asked(scene) == []
    assert [task.outcome for task in rows(scene)] == [TaskOutcome.NOT_NEEDED]


def test_it_goes_when_the_patient_dies(scene: ReadyScene) -> None:
    authorize(scene, until_day=ENDS)
    asked(scene)

    request = MarkDeceased(patient_id=scene.patient_id, deceased_on=NEAR, told_by="The daughter")
    mark_deceased(scene.uow, request, now=at(NEAR), actor=ALL_HANDS)

    assert asked(scene) == []


def test_a_plan_without_an_authorization_asks_for_none(scene: ReadyScene) -> None:
    assert asked(scene) == []
    assert asked(scene, date(2027, 3, 1)) == []


@pytest.mark.slow
def test_more_plans_need_no_more_queries(scene: ReadyScene, database: Database) -> None:
    def reads() -> int:
        seen: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        sa.event.listen(database.engine, "before_cursor_execute", note)
        raise_due(scene.uow, now=at(NEAR))
        sa.event.remove(database.engine, "before_cursor_execute", note)
        return sum(statement.lstrip().startswith("SELECT") for statement in seen)

    with scene.uow:
        center_id = stored.plan(scene.uow, scene.plan_id).center_id
    authorize(scene, until_day=ENDS)
    reads()
    one = reads()
    for _ in range(2):
        other = make_plan(scene.uow, make_patient(scene.uow), center_id)
        authorize(scene, plan_id=other, until_day=ENDS)
    reads()

    assert reads() == one
    assert len(rows(scene)) == 3


def test_the_check_finds_nothing_after_it(scene: ReadyScene) -> None:
    authorize(scene, until_day=ENDS)
    asked(scene)

    with scene.uow:
        assert [fault for check in CHECKS.values() for fault in check(scene.uow)] == []


def test_a_dose_that_is_overdue_is_not_covered_by_what_has_ended_since(scene: ReadyScene) -> None:
    authorize(scene, until_day=date(2026, 3, 31))
    with scene.uow:
        for row in stored.doses_of(scene.uow, scene.plan_id)[1:]:
            row.state = DoseState.SKIPPED
        scene.uow.commit()

    (asks,) = asked(scene, date(2026, 4, 1))

    assert "ended on March 31, 2026; the dose planned on March 23, 2026 is not covered" in asks
    assert [task.due_on for task in rows(scene)] == [date(2026, 3, 23)]
