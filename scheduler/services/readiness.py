"""Ready to treat, for many doses at once: what is recorded is read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from scheduler.domain.authorizations import Allotted
from scheduler.domain.clinical_events import ClinicalEvent
from scheduler.domain.ids import CenterId, DoseId, PlanId
from scheduler.domain.placing import requirements_of
from scheduler.domain.plans import DoseState, OrderKind
from scheduler.domain.programs import Enrolment, Program, Subject
from scheduler.domain.readiness import TreatmentFacts, ready_to_treat
from scheduler.domain.regimen import Product
from scheduler.domain.requirements import Readiness, RequirementState
from scheduler.domain.supply import SupplyFact
from scheduler.domain.timing import local_day
from scheduler.persistence import organizations
from scheduler.persistence import plans as stored
from scheduler.persistence import requirements as records
from scheduler.persistence.given import days_given
from scheduler.persistence.models import (
    Order,
    PlannedDose,
    RemsEnrolment,
    Supply,
    TreatmentPlan,
)
from scheduler.persistence.plans import BookedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.allotting import allotted, same_name
from scheduler.services.regimens import regimen_of

States = Mapping[str, RequirementState]


def readiness_of(uow: UnitOfWork, dose_ids: Iterable[DoseId]) -> dict[DoseId, Readiness]:
    """Return how the needs of doses stand on the day they are booked, else planned, else due.

    The number of queries does not depend on how many doses are asked for.
    """
    with uow:
        asked = set(dose_ids)
        doses = records.doses_for(uow, stored.doses_by_id(uow, asked).values())
        booked = stored.booked_doses(uow, {row.plan_id for row in doses})
        judge = Judge(uow, doses, booked)
        return {dose.id: judge.of(dose) for dose in doses if dose.id in asked}


def newly_missing(
    before: Mapping[DoseId, Readiness], after: Mapping[DoseId, Readiness]
) -> tuple[str, ...]:
    """Return what doses miss now and did not before, such as a result that is too old for the new day."""
    had = {(key, need.code) for key, one in before.items() for need in one.missing}
    new = [n for key, one in after.items() for n in one.missing if (key, n.code) not in had]
    return tuple(dict.fromkeys(need.sentence for need in new if need.sentence))


class Judge:
    """Judges the doses of some plans by what is recorded about those."""

    def __init__(
        self, uow: UnitOfWork, doses: list[PlannedDose], booked: Mapping[DoseId, BookedDose]
    ) -> None:
        self._uow = uow
        self._booked = booked
        self._doses: dict[PlanId, list[PlannedDose]] = defaultdict(list)
        for dose in doses:
            self._doses[dose.plan_id].append(dose)
        self.records = records.records_of(uow, self._doses)
        self._given = days_given(uow, [d.id for d in doses if d.state is DoseState.GIVEN])
        self._zones: dict[CenterId, ZoneInfo] = {}
        self._states = self._all_states()
        self._previous = self._all_previous()
        self._allotted: dict[PlanId, Mapping[DoseId, Allotted]] = {}

    def of(self, dose: PlannedDose, on: date | None = None) -> Readiness:
        """Return how the needs of a dose stand on its day, or on another one."""
        day = on or self.day(dose)
        return ready_to_treat(self._facts(dose, day), on=day)

    def _facts(self, dose: PlannedDose, day: date) -> TreatmentFacts:
        plan, order = self.records.plans[dose.plan_id]
        rule = regimen_of(self._uow, plan.regimen_version_id)
        supply, first = self._supply_of(dose), dose.ordinal == 1
        return TreatmentFacts(
            rules=requirements_of(rule, dose.ordinal, dose.course_day),
            states=self._states[dose.plan_id, None] | self._states[dose.plan_id, dose.id],
            order_until=order.valid_until,
            authorization=self._authorization(dose, day),
            program=self._program(plan, order, rule.product(order.product)),
            supply=_supply_fact(supply) if supply else None,
            amount=dose.amount,
            unit=dose.unit,
            previous=self._previous.get(dose.id),
            events=self._events(plan),
            vaccines=rule.vaccines if first and order.kind is OrderKind.NEW_START else (),
        )

    def _events(self, plan: TreatmentPlan) -> tuple[ClinicalEvent, ...]:
        return tuple(
            ClinicalEvent(name=row.name, day=row.on_day)
            for row in self.records.events
            if row.patient_id == plan.patient_id and row.plan_id in (None, plan.id)
        )

    def day(self, dose: PlannedDose) -> date:
        """Return the day a dose is booked, else planned, else due."""
        booked = self._booked.get(dose.id)
        if booked is None:
            return dose.planned_day or dose.due_on
        if booked.center_id not in self._zones:
            center = organizations.center(self._uow, booked.center_id)
            self._zones[booked.center_id] = ZoneInfo(center.zone)
        return local_day(booked.starts_at, self._zones[booked.center_id])

    def _all_states(self) -> dict[tuple[PlanId, DoseId | None], dict[str, RequirementState]]:
        states: dict[tuple[PlanId, DoseId | None], dict[str, RequirementState]] = defaultdict(dict)
        for row in self.records.requirements:
            states[row.plan_id, row.dose_id][row.code] = RequirementState(
                code=row.code,
                status=row.status,
                result_on=row.result_on,
                valid_until=row.valid_until,
            )
        return states

    def _all_previous(self) -> dict[DoseId, date]:
        """Return the day of the dose before each, in its plan: given, else booked, planned or due."""
        days: dict[DoseId, date] = {}
        last: dict[PlanId, date] = {}
        for dose in (dose for rows in self._doses.values() for dose in rows):
            if dose.plan_id in last:
                days[dose.id] = last[dose.plan_id]
            if dose.state is DoseState.SKIPPED:
                continue  # left out: the one before it is the last that was given
            last[dose.plan_id] = self._given.get(dose.id) or self.day(dose)
        return days

    def _program(
        self, plan: TreatmentPlan, order: Order, product: Product | None
    ) -> Program | None:
        if product is None or not product.rems_program:
            return None
        mine = (
            row
            for row in self.records.enrolments
            if row.program == product.rems_program and _bears_on(row, plan, order)
        )
        return Program(
            name=product.rems_program,
            enrols=product.rems_enrols,
            enrolments=tuple(
                Enrolment(
                    subject=Subject(row.subject),
                    enrolled_on=row.enrolled_on,
                    valid_until=row.valid_until,
                )
                for row in mine
            ),
        )

    def _supply_of(self, dose: PlannedDose) -> Supply | None:
        mine = [row for row in self.records.supplies if row.plan_id == dose.plan_id]
        for_it = [row for row in mine if row.dose_id == dose.id]
        return next(iter([*for_it, *(row for row in mine if row.dose_id is None)]), None)

    def _authorization(self, dose: PlannedDose, day: date) -> str | None:
        mine = [row for row in self.records.authorizations if row.plan_id == dose.plan_id]
        if not mine:
            return None
        if day == self.day(dose):
            if dose.plan_id not in self._allotted:
                self._allotted[dose.plan_id] = self._allot(dose.plan_id, {})
            return self._allotted[dose.plan_id].get(dose.id, Allotted()).sentence
        return self._allot(dose.plan_id, {dose.id: day}).get(dose.id, Allotted()).sentence

    def _allot(self, plan_id: PlanId, moved: Mapping[DoseId, date]) -> Mapping[DoseId, Allotted]:
        return allotted(
            self._uow,
            self.records,
            plan_id,
            [(dose, moved.get(dose.id) or self.day(dose)) for dose in self._doses[plan_id]],
        )


def _bears_on(row: RemsEnrolment, plan: TreatmentPlan, order: Order) -> bool:
    """Say whether an enrolment is the patient's, the prescriber's or the site's of a plan."""
    if row.subject == Subject.PRESCRIBER:
        return same_name(row.prescriber, order.prescriber)
    if row.subject == Subject.SITE:
        return row.center_id == plan.center_id
    return row.patient_id == plan.patient_id


def _supply_fact(row: Supply) -> SupplyFact:
    return SupplyFact(
        route=row.route,
        status=row.status,
        amount=row.received_amount if row.allocated_amount is None else row.allocated_amount,
        expected_on=row.expected_on,
        of_plan=row.dose_id is None,
    )
