"""A patient with a plan, people of every role in browsers of their own, and all that is stored of the organization."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from scheduler.domain.ids import CenterId, DoseId, PatientId, PlanId, StaffId
from scheduler.domain.plans import AuthorizationStatus, GivenOutcome, RequirementStatus
from scheduler.domain.roles import Role
from scheduler.persistence import plans as stored
from scheduler.persistence.base import Base
from scheduler.persistence.encryption import SealedText
from scheduler.persistence.models import Allergy, Audit, AuthorizationUse
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.attendance import Discharge, DoseOutcome, discharge
from scheduler.services.clinical_events import RecordEvent, record_event
from scheduler.services.measures import (
    MeasureKind,
    RecordAllergy,
    RecordMeasure,
    record_allergy,
    record_measure,
)
from scheduler.services.raising import raise_due
from scheduler.services.requirements import (
    RecordAuthorization,
    RecordRems,
    RecordRequirement,
    RecordSupply,
    record_authorization,
    record_rems,
    record_requirement,
    record_supply,
)
from scheduler.web.gatekeepers import COOKIE
from tests.factories.people import NOW, make_actor, make_patient, make_plan, make_visit
from tests.factories.ready_scene import FIRST
from tests.factories.staff import make_session, make_staff

NURSE = make_actor(Role.NURSE)
LATER = FIRST + timedelta(hours=3)
OF_ITS_OWN = {
    "audit",
    "audit_head",
    "change",
    "staff",
    "staff_role",
    "staff_session",
    "regimen_version",
}
COUNTERS = {"version", "revision"}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who is signed in."""

    id: StaffId
    browser: FlaskClient


@dataclass(kw_only=True)
class Place:
    """A patient with a plan at a center; ``ids`` are what was made beforehand, by the names that forms use."""

    app: Flask
    uow: UnitOfWork
    center_id: CenterId
    patient_id: PatientId = field(init=False)
    plan_id: PlanId = field(init=False)
    dose_id: DoseId = field(init=False)
    ids: dict[str, UUID] = field(default_factory=dict)

    def open(self, **order: Any) -> None:
        """Add the patient and the plan, with 70 kg where the drug is dosed by weight."""
        self.patient_id = make_patient(self.uow, given_name="Quillon")
        self.weigh(70)
        self.plan_id = make_plan(self.uow, self.patient_id, self.center_id, **order)
        with self.uow:
            self.dose_id = stored.doses_of(self.uow, self.plan_id)[0].id
        self.ids |= {"patient": self.patient_id, "plan": self.plan_id, "dose": self.dose_id}

    def sign_in(self, *roles: Role) -> Person:
        """Return somebody with these roles in a browser of their own."""
        person = make_staff(self.uow, self.center_id, *roles, now=LATER)
        browser = self.app.test_client()
        browser.set_cookie(COOKIE, make_session(self.uow, person, now=LATER))
        return Person(id=person, browser=browser)

    def weigh(self, kilograms: int) -> None:
        """Record a weight."""
        wanted = RecordMeasure(
            patient_id=self.patient_id,
            kind=MeasureKind.WEIGHT,
            value=Decimal(kilograms),
            measured_on=NOW.date(),
        )
        record_measure(self.uow, wanted, now=NOW, actor=NURSE)

    def meet(self) -> None:
        """Record the JCV antibody as known."""
        met = RequirementStatus.MET
        wanted = RecordRequirement(
            plan_id=self.plan_id,
            code="jcv",
            status=met,
            result_on=date(2026, 3, 2),
            note="negative",
        )
        record_requirement(self.uow, wanted, now=NOW, actor=NURSE)

    def authorize(self) -> None:
        """Record an authorization of four visits and 900 units."""
        wanted = RecordAuthorization(
            plan_id=self.plan_id,
            status=AuthorizationStatus.APPROVED,
            number="PA-1",
            visits=4,
            units=Decimal(900),
        )
        self.ids["authorization"] = record_authorization(self.uow, wanted, now=NOW, actor=NURSE)

    def give_part(self) -> None:
        """Authorize, and give 100 of 300 mg of the first dose."""
        self.authorize()
        visit = make_visit(self.uow, self.dose_id, FIRST)
        part = DoseOutcome(
            dose_id=self.dose_id,
            outcome=GivenOutcome.PART,
            amount=Decimal(100),
            reason="Reaction",
        )
        done = Discharge(appointment_id=visit, outcomes=(part,))
        discharge(self.uow, done, now=FIRST + timedelta(hours=2), actor=NURSE)
        self.ids["use"] = self.newest(AuthorizationUse)

    def enrol(self) -> None:
        """Record the patient's enrolment, which ends soon."""
        wanted = RecordRems(
            patient_id=self.patient_id,
            program="TOUCH",
            enrolled_on=date(2026, 3, 2),
            valid_until=date(2026, 4, 2),
        )
        record_rems(self.uow, wanted, now=NOW, actor=NURSE)

    def ask_to_renew(self) -> None:
        """Enrol the patient, and let the worklist ask for the renewal."""
        self.enrol()
        raise_due(self.uow, now=NOW + timedelta(days=2))

    def order_drug(self) -> None:
        """Record that the drug for the first dose is ordered."""
        wanted = RecordSupply(plan_id=self.plan_id, dose_id=self.dose_id, status="ordered")
        record_supply(self.uow, wanted, now=NOW, actor=NURSE)

    def exchange(self) -> None:
        """Record a plasma exchange."""
        wanted = RecordEvent(plan_id=self.plan_id, name="plasma-exchange", on_day=date(2026, 3, 10))
        self.ids["event"] = record_event(self.uow, wanted, now=NOW, actor=NURSE)

    def react(self, kind: str = "allergy") -> None:
        """Record an allergy or a reaction."""
        wanted = RecordAllergy(patient_id=self.patient_id, text="Latex", kind=kind)
        record_allergy(self.uow, wanted, now=NOW, actor=NURSE)
        self.ids["allergy"] = self.newest(Allergy)

    def newest(self, model: type[Any]) -> UUID:
        """Return the id of what was stored last."""
        with self.uow:
            found = self.uow.session.scalars(sa.select(model).order_by(model.id.desc())).first()
            assert found is not None
            newest: UUID = found.id
            return newest

    def audited(self, *, after: int = 0) -> list[Audit]:
        """Return the audit behind a place in it, views and sessions left out."""
        with self.uow:
            rows = self.uow.session.scalars(
                sa.select(Audit).where(Audit.sequence > after).order_by(Audit.sequence)
            ).all()
            self.uow.session.expunge_all()
            return [row for row in rows if row.action not in ("viewed", "signed in")]

    def mark(self) -> int:
        """Return how long the audit is."""
        with self.uow:
            return self.uow.session.scalar(sa.select(sa.func.max(Audit.sequence))) or 0

    def state(self) -> dict[str, list[str]]:
        """Return every row of the organization in words, without what only counts changes."""
        with self.uow:
            return {name: self._rows(model) for name, model in _models()}

    def _rows(self, model: type[Any]) -> list[str]:
        rows = self.uow.session.scalars(
            sa.select(model), execution_options={"populate_existing": True}
        )
        return sorted(str(_said(row)) for row in rows)


def _models() -> Iterable[tuple[str, type[Any]]]:
    for mapper in Base.registry.mappers:
        name = mapper.class_.__tablename__
        if name not in OF_ITS_OWN:
            yield name, mapper.class_


def _said(row: Any) -> dict[str, object]:
    """Return the columns of a row; sealed ones opened, since the same text is never sealed alike twice."""
    sealed = [name for name, each in vars(type(row)).items() if isinstance(each, SealedText)]
    columns = [each.key for each in sa.inspect(type(row)).column_attrs]
    plain = [name for name in columns if not name.endswith("_sealed") and name not in COUNTERS]
    return {name: getattr(row, name) for name in [*plain, *sealed]}
