"""A desk that does what numbers tell it: by Hypothesis step by step, or by dice from several processes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any

import sqlalchemy as sa

from scheduler.domain.appointments import CancellationReason
from scheduler.domain.errors import DomainError
from scheduler.domain.ids import AppointmentId, CenterId, DoseId, OrganizationId, PlanId, StaffId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import (
    Appointment,
    AppointmentItem,
    Change,
    NurseShift,
    PlannedDose,
    Recalculation,
)
from scheduler.services.attendance import Discharge, discharge
from scheduler.services.booking import BookDose, BookSeries, SeriesMode, book_dose, book_series
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.closures import AddClosure, NurseOut, add_closure, nurse_out
from scheduler.services.deciding import apply_recalculation, keep_recalculation
from scheduler.services.giving import DoseOutcome
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.reservations import ReservePlace, release_expired, reserve_place
from scheduler.services.setup import setup_center
from scheduler.services.setup_facts import NewPerson
from scheduler.services.undo import undo
from tests.factories.people import NOW, make_actor, make_patient, make_plan
from tests.factories.setup import make_nurse, make_setup_request

FIRST = date(2026, 3, 23)
ACTOR = make_actor(Role.FRONT_DESK, Role.CHARGE_NURSE, Role.PHARMACIST, Role.MANAGER)
REGIMENS = ("natalizumab-iv", "ocrelizumab-iv")
_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class Live:
    """A live visit and one dose on it."""

    visit: AppointmentId
    dose: DoseId
    starts_at: datetime


@dataclass(kw_only=True)
class BusyDesk:
    """A center with some patients on treatment, and somebody who works there.

    Each operation returns whether it was done; a refusal that tells a person what to do is an answer,
    everything else is raised.
    """

    database: Database
    organization_id: OrganizationId
    center_id: CenterId
    plans: tuple[PlanId, ...]
    now: datetime = NOW
    done: int = field(default=0)

    def book(self, pick: int, day: date, start: time) -> bool:
        """Book one of the next doses of a plan."""
        dose = self._dose(pick)
        wanted = BookDose(dose_id=dose, day=day, start=start, outside_window_reason="asked for")
        return self._attempt(book_dose, wanted)

    def book_series(self, pick: int, until: date) -> bool:
        """Book a whole series, or the doses that fit."""
        mode = SeriesMode.FITTING if pick % 2 else SeriesMode.ALL
        plan = self.plans[pick // 2 % len(self.plans)]
        return self._attempt(book_series, BookSeries(plan_id=plan, mode=mode, until=until))

    def move(self, pick: int, day: date, start: time) -> bool:
        """Move a visit."""
        found = self._live(pick)
        if found is None:
            return False
        wanted = MoveAppointment(
            appointment_id=found.visit, day=day, start=start, outside_window_reason="asked for"
        )
        return self._attempt(move_appointment, wanted)

    def cancel(self, pick: int) -> bool:
        """Cancel a visit."""
        found = self._live(pick)
        if found is None:
            return False
        reason = list(CancellationReason)[pick % 2]
        return self._attempt(
            cancel_appointment, CancelAppointment(appointment_id=found.visit, reason=reason)
        )

    def give(self, outcome: GivenOutcome) -> bool:
        """Discharge the next visit, with the clock moved on to it."""
        found = self._live(0)
        return found is not None and self._give(found, outcome)

    def give_late(self, days: int, start: time) -> bool:
        """Move the next visit some days on, and give it then."""
        found = self._live(0)
        if found is None or not self.move(0, found.starts_at.date() + timedelta(days=days), start):
            return False
        with self.database.read(self.organization_id) as uow:
            at = uow.session.get_one(Appointment, found.visit).starts_at
        return self._give(replace(found, starts_at=at), GivenOutcome.FULL)

    def _give(self, found: Live, outcome: GivenOutcome) -> bool:
        self.now = max(self.now, found.starts_at + timedelta(hours=2))
        amount = Decimal(100) if outcome is GivenOutcome.PART else None
        one = DoseOutcome(dose_id=found.dose, outcome=outcome, amount=amount, reason="as it was")
        return self._attempt(discharge, Discharge(appointment_id=found.visit, outcomes=(one,)))

    def close(self, day: date) -> bool:
        """Close a day."""
        wanted = AddClosure(
            center_id=self.center_id, first_day=day, last_day=day, reason="Training"
        )
        return self._attempt(add_closure, wanted)

    def lose_a_nurse(self, pick: int, day: date) -> bool:
        """Let a nurse call in sick."""
        with self.database.read(self.organization_id) as uow:
            nurses = sorted(set(uow.session.scalars(sa.select(NurseShift.staff_id))))
        nurse = StaffId(nurses[pick % len(nurses)])
        return self._attempt(nurse_out, NurseOut(center_id=self.center_id, staff_id=nurse, day=day))

    def keep(self, pick: int, day: date, start: time) -> bool:
        """Keep a place for one of the next doses of a plan."""
        wanted = ReservePlace(dose_id=self._dose(pick), day=day, start=start)
        return self._attempt(reserve_place, wanted)

    def let_go(self) -> bool:
        """Give back every kept place, as the worker does when their time is over."""
        over = self.now + timedelta(hours=1)
        return release_expired(self.database.write(self.organization_id), now=over) > 0

    def undo(self, pick: int) -> bool:
        """Take back one of the last changes."""
        with self.database.read(self.organization_id) as uow:
            last = uow.session.scalars(sa.select(Change.id).order_by(Change.id.desc()).limit(4))
            found = last.all()
        return bool(found) and self._attempt(undo, found[pick % len(found)])

    def decide(self, pick: int) -> bool:
        """Apply new dates that wait for a decision, or keep the old ones."""
        with self.database.read(self.organization_id) as uow:
            waiting = sa.select(Recalculation.id).where(Recalculation.state == "open")
            found = uow.session.scalars(waiting.order_by(Recalculation.id)).all()
        keeping = partial(keep_recalculation, reason="the prescriber said so")
        deciding = keeping if pick % 2 else apply_recalculation
        return bool(found) and self._attempt(deciding, found[pick // 2 % len(found)])

    def _dose(self, pick: int) -> DoseId:
        with self.database.read(self.organization_id) as uow:
            found = uow.session.scalars(
                sa.select(PlannedDose.id)
                .where(PlannedDose.plan_id == self.plans[pick % len(self.plans)])
                .order_by(PlannedDose.ordinal)
                .limit(4)
            ).all()
        return DoseId(found[pick % len(found)])

    def _live(self, pick: int) -> Live | None:
        with self.database.read(self.organization_id) as uow:
            rows = uow.session.execute(
                sa.select(Appointment.id, AppointmentItem.dose_id, Appointment.starts_at)
                .join(AppointmentItem, AppointmentItem.appointment_id == Appointment.id)
                .where(
                    Appointment.live,
                    Appointment.discharged_at.is_(None),
                    AppointmentItem.dose_id.is_not(None),
                )
                .order_by(Appointment.starts_at, Appointment.id)
            ).all()
        if not rows:
            return None
        visit, dose, starts_at = rows[pick % len(rows)]
        assert dose is not None
        return Live(visit=visit, dose=dose, starts_at=starts_at)

    def _attempt(self, call: Callable[..., Any], wanted: object) -> bool:
        try:
            call(self.database.write(self.organization_id), wanted, now=self.now, actor=ACTOR)
        except DomainError:
            return False
        self.done += 1
        return True


def make_busy_desk(database: Database, *, patients: int = 4) -> BusyDesk:
    """Make a small center, where four chairs and two nurses are soon too few; the formulary is loaded."""
    number = next(_numbers)
    admin = NewPerson(
        name="Ada Quill", email=f"ada{number}@cedar.example", roles=frozenset({Role.ADMIN})
    )
    wanted = make_setup_request(
        organization=f"Cedar Hollow {number}",
        mode=OrganizationMode.DEMONSTRATION,
        people=(admin, make_nurse("Nia Lind"), make_nurse("Rui Hale")),
    )
    made = setup_center(database.system(), wanted, now=NOW)
    uow = database.write(made.organization_id)
    center_id = CenterId(made.center_id)
    plans = tuple(
        make_plan(uow, make_patient(uow), center_id, regimen=REGIMENS[each % 2], first_day=FIRST)
        for each in range(patients)
    )
    return BusyDesk(
        database=database,
        organization_id=OrganizationId(made.organization_id),
        center_id=center_id,
        plans=plans,
    )
