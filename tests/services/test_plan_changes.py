"""Holding, stopping, transferring and death: previewed, done in one transaction, taken back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.domain.errors import InvalidError, NotAllowedError, StaleError, UndoExpiredError
from scheduler.domain.people import TaskKind
from scheduler.domain.plan_life import PlanChangeError, PlanChangeKind
from scheduler.domain.plans import DoseState, PlanStatus
from scheduler.domain.roles import Role
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Appointment, Change, Message
from scheduler.persistence.tasks import open_of_patient
from scheduler.services.deceased import (
    MarkDeceased,
    correct_deceased,
    deceased_preview,
    mark_deceased,
)
from scheduler.services.plan_changes import (
    change_plan,
    plan_change_preview,
)
from scheduler.services.plan_corrections import correct_plan_change
from scheduler.services.undo import undo
from tests.factories.changed_plan import PHARMACIST, Scene, make_scene
from tests.factories.people import (
    NOW,
    make_actor,
    make_message,
    make_plan,
)


@pytest.fixture
def scene(database: Database) -> Scene:
    """Return the scene."""
    return make_scene(database)


def test_a_preview_says_what_goes_and_changes_nothing(scene: Scene) -> None:
    stop = plan_change_preview(scene.uow, scene.change(PlanChangeKind.STOP), now=NOW)
    hold = plan_change_preview(scene.uow, scene.change(PlanChangeKind.HOLD), now=NOW)

    assert [visit.appointment_id for visit in stop.visits] == list(scene.visits)
    assert (len(stop.messages), stop.doses) == (1, 26)
    assert [visit.appointment_id for visit in hold.visits] == list(scene.visits[:2])
    assert (len(hold.messages), hold.doses) == (0, 0)
    assert scene.statuses() == [AppointmentStatus.BOOKED] * 3
    assert scene.plan_status() is PlanStatus.ACTIVE


def test_a_hold_cancels_visits_up_to_its_review_day_and_asks_then(scene: Scene) -> None:
    change_plan(scene.uow, scene.change(PlanChangeKind.HOLD), now=NOW, actor=PHARMACIST)

    assert scene.statuses() == [
        AppointmentStatus.CANCELLED,
        AppointmentStatus.CANCELLED,
        AppointmentStatus.BOOKED,
    ]
    with scene.uow:
        reviews = [
            task
            for task in open_of_patient(scene.uow, scene.patient_id)
            if task.kind is TaskKind.REVIEW
        ]
        assert [task.due_on for task in reviews] == [date(2026, 4, 22)]
        first = scene.uow.session.get_one(Appointment, scene.visits[0])
        assert first.cancellation is CancellationReason.CLINICAL_HOLD

    change_plan(scene.uow, scene.change(PlanChangeKind.RESUME), now=NOW, actor=PHARMACIST)

    assert scene.plan_status() is PlanStatus.ACTIVE


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (PlanChangeKind.STOP, PlanStatus.STOPPED),
        (PlanChangeKind.COMPLETE, PlanStatus.COMPLETED),
        (PlanChangeKind.TRANSFER, PlanStatus.TRANSFERRED),
    ],
)
def test_an_end_takes_visits_doses_and_messages_and_can_be_corrected(
    scene: Scene, kind: PlanChangeKind, status: PlanStatus
) -> None:
    change_plan(scene.uow, scene.change(kind), now=NOW, actor=PHARMACIST)

    assert scene.plan_status() is status
    assert scene.statuses() == [AppointmentStatus.CANCELLED] * 3
    with scene.uow:
        states = {row.state for row in stored.doses_of(scene.uow, scene.plan_id)}
        assert states == {DoseState.ENDED}
    with pytest.raises(PlanChangeError):
        change_plan(scene.uow, scene.change(PlanChangeKind.HOLD), now=NOW, actor=PHARMACIST)

    correct_plan_change(scene.uow, scene.plan_id, reason="Wrong", now=NOW, actor=PHARMACIST)

    assert scene.plan_status() is PlanStatus.ACTIVE
    with scene.uow:
        states = {row.state for row in stored.doses_of(scene.uow, scene.plan_id)}
        assert states == {DoseState.PLANNED}
        kinds = {task.kind for task in open_of_patient(scene.uow, scene.patient_id)}
        assert TaskKind.REBOOK in kinds


def test_a_correction_of_a_stop_leaves_the_hold_before_it(scene: Scene) -> None:
    change_plan(scene.uow, scene.change(PlanChangeKind.HOLD), now=NOW, actor=PHARMACIST)
    change_plan(scene.uow, scene.change(PlanChangeKind.STOP), now=NOW, actor=PHARMACIST)

    correct_plan_change(scene.uow, scene.plan_id, reason="Wrong", now=NOW, actor=PHARMACIST)

    with scene.uow:
        plan = stored.plan(scene.uow, scene.plan_id)
        assert (plan.status, plan.review_on) == (PlanStatus.ON_HOLD, date(2026, 4, 22))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"review_on": None}, "review_on"),
        ({"review_on": date(2026, 3, 17)}, "review_on"),
    ],
)
def test_a_hold_needs_a_reason_and_a_day_to_come(
    scene: Scene, values: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as refusal:
        plan_change_preview(scene.uow, scene.change(PlanChangeKind.HOLD, **values), now=NOW)

    assert refusal.value.field == field


def test_the_front_desk_cannot_stop_a_plan_and_a_stale_form_does_nothing(scene: Scene) -> None:
    with pytest.raises(NotAllowedError):
        change_plan(
            scene.uow,
            scene.change(PlanChangeKind.STOP),
            now=NOW,
            actor=make_actor(Role.FRONT_DESK),
        )
    with pytest.raises(StaleError):
        change_plan(
            scene.uow, scene.change(PlanChangeKind.STOP, version=7), now=NOW, actor=PHARMACIST
        )


def test_death_ends_all_plans_and_voids_every_unsent_message(scene: Scene) -> None:
    with scene.uow:
        center_id = stored.plan(scene.uow, scene.plan_id).center_id
    other = make_plan(scene.uow, scene.patient_id, center_id, second_plan=True)
    make_message(scene.uow, scene.patient_id, center_id, plan_id=other)
    shown = deceased_preview(scene.uow, scene.patient_id, now=NOW)
    assert (len(shown.visits), len(shown.messages), shown.doses) == (3, 2, 52)

    request = MarkDeceased(patient_id=scene.patient_id, deceased_on=NOW.date(), told_by="Sister")
    mark_deceased(scene.uow, request, now=NOW, actor=PHARMACIST)

    assert scene.statuses() == [AppointmentStatus.CANCELLED] * 3
    with scene.uow:
        assert {p.status for p in stored.plans_of(scene.uow, scene.patient_id)} == {
            PlanStatus.STOPPED
        }
        messages = scene.uow.session.query(Message).all()
        assert {message.status for message in messages} == {"void"}


def test_no_visit_of_a_patient_who_died_can_be_brought_back_by_undo(scene: Scene) -> None:
    request = MarkDeceased(
        patient_id=scene.patient_id, deceased_on=date(2026, 3, 1), told_by="The family."
    )
    actor = make_actor(Role.CHARGE_NURSE)
    mark_deceased(scene.uow, request, now=NOW, actor=actor)

    later = NOW + timedelta(seconds=5)
    with scene.uow:
        cancelled = select(Change.id).where(Change.kind == "cancelled")
        noted = scene.uow.session.scalars(cancelled).all()
    assert noted
    for change_id in noted:
        with pytest.raises(UndoExpiredError):
            undo(scene.uow, change_id, now=later, actor=actor)
    assert AppointmentStatus.BOOKED not in scene.statuses()


def test_a_wrong_death_is_corrected(scene: Scene) -> None:
    request = MarkDeceased(patient_id=scene.patient_id, deceased_on=NOW.date())
    mark_deceased(scene.uow, request, now=NOW, actor=PHARMACIST)
    with pytest.raises(PlanChangeError, match="deceased"):
        correct_plan_change(scene.uow, scene.plan_id, reason="", now=NOW, actor=PHARMACIST)

    correct_deceased(
        scene.uow, scene.patient_id, reason="Another patient", now=NOW, actor=PHARMACIST
    )

    assert scene.plan_status() is PlanStatus.ACTIVE
    with scene.uow:
        assert patients.patient(scene.uow, scene.patient_id).deceased_on is None
        kinds = {task.kind for task in open_of_patient(scene.uow, scene.patient_id)}
        assert TaskKind.REBOOK in kinds
