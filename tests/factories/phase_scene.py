"""Phases that are asked for and taken back, and what tests look at afterwards."""

from datetime import date, timedelta

from sqlalchemy import select

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import AppointmentId, ChangeId, PlanId
from scheduler.domain.plans import DoseState
from scheduler.persistence.models import Appointment, Change
from scheduler.services.asked_phases import AskForPhase, ask_for_phase
from scheduler.services.check import CHECKS
from scheduler.services.undo import undo
from scheduler.services.withdrawn_phases import (
    WithdrawPhase,
    withdraw_phase,
)
from tests.factories.plan_scene import at
from tests.factories.series_place import (
    ALL_HANDS,
    Place,
)

LATER = date(2026, 5, 4)
PLANNED, ENDED, GIVEN = DoseState.PLANNED, DoseState.ENDED, DoseState.GIVEN
SOON = timedelta(seconds=10)


def ask(place: Place, plan_id: PlanId, phase: str = "next-cycle") -> None:
    request = AskForPhase(plan_id=plan_id, phase=phase, reason="Dr. Rivera: relapse.")
    ask_for_phase(place.uow, request, now=at(LATER), actor=ALL_HANDS)


def withdraw(place: Place, plan_id: PlanId, **values: object) -> None:
    facts: dict[str, object] = {"reason": "Dr. Rivera: well again."}
    request = WithdrawPhase(plan_id=plan_id, **facts | values)  # type: ignore[arg-type]
    withdraw_phase(place.uow, request, now=at(LATER), actor=ALL_HANDS)


def states(place: Place, plan_id: PlanId) -> list[DoseState]:
    return [row.state for row in place.rows(plan_id)]


def take_back(place: Place, seconds: timedelta = SOON) -> None:
    with place.uow:
        last = place.uow.session.scalars(select(Change.id).order_by(Change.id.desc())).first()
    assert last is not None
    undo(place.uow, ChangeId(last), now=at(LATER) + seconds, actor=ALL_HANDS)


def status(place: Place, visit: AppointmentId) -> tuple[AppointmentStatus, str | None]:
    with place.uow:
        row = place.uow.session.get_one(Appointment, visit)
        return row.status, row.cancellation


def is_sound(place: Place) -> None:
    """Hold that what is stored is what the plan's facts make."""
    with place.uow:
        assert list(CHECKS["Plans"](place.uow)) == []
