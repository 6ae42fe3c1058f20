"""Ready to treat: what is missing for doses, by when and by whom, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduler.domain.ids import CenterId, DoseId, PlanId
from scheduler.domain.placing import requirements_of
from scheduler.domain.plans import AuthorizationStatus, DoseState, RequirementStatus
from scheduler.domain.requirements import (
    Kind,
    Need,
    Readiness,
    RequirementState,
    order_need,
    readiness,
)
from scheduler.domain.roles import Role
from scheduler.domain.timing import local_day
from scheduler.persistence import organizations
from scheduler.persistence import plans as stored
from scheduler.persistence import requirements as records
from scheduler.persistence.models import (
    Authorization,
    Order,
    PlannedDose,
    RemsEnrolment,
    Supply,
    TreatmentPlan,
)
from scheduler.persistence.plans import BookedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.regimens import regimen_of

ASK_FOR = frozenset({Role.FRONT_DESK, Role.PHARMACIST})
IN_HAND = frozenset({"received", "allocated", "in_stock"})


def readiness_of(uow: UnitOfWork, dose_ids: Iterable[DoseId]) -> dict[DoseId, Readiness]:
    """Return how the needs of doses stand on the day they are booked, else planned, else due.

    The number of queries does not depend on how many doses are asked for.
    """
    with uow:
        asked = set(dose_ids)
        plan_ids = {row.plan_id for row in stored.doses_by_id(uow, asked).values()}
        doses = stored.doses_of(uow, *plan_ids)
        booked = stored.booked_doses(uow, plan_ids)
        judge = Judge(uow, doses, booked)
        return {dose.id: judge.of(dose) for dose in doses if dose.id in asked}


class Judge:
    """Judges the doses of some plans by what is recorded about those."""

    def __init__(
        self, uow: UnitOfWork, doses: list[PlannedDose], booked: Mapping[DoseId, BookedDose]
    ) -> None:
        self._uow = uow
        self._booked = booked
        self._doses = doses
        self.records = records.records_of(uow, {dose.plan_id for dose in doses})
        self._zones: dict[CenterId, ZoneInfo] = {}
        self._states = self._all_states()
        self._places = self._all_places()

    def of(self, dose: PlannedDose) -> Readiness:
        """Return how the needs of a dose stand on its day."""
        plan, order = self.records.plans[dose.plan_id]
        rule = regimen_of(self._uow, plan.regimen_version_id)
        product = rule.product(order.product)
        rules = requirements_of(rule, dose.ordinal, dose.course_day)
        states = self._states[dose.plan_id, None] | self._states[dose.plan_id, dose.id]
        program = product.rems_program if product else ""
        day = self.day(dose)
        enrolled = self._enrolled(plan, program, day)
        if enrolled is not None:
            states |= {r.id: _met(r.id, enrolled) for r in rules if "rems" in r.id}
        return readiness(rules, states, on=day, more=self._more(dose, order, day))

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

    def _all_places(self) -> dict[tuple[UUID, DoseId], int]:
        """Count, for each authorization, the doses not given yet that its dates cover, in order."""
        places: dict[tuple[UUID, DoseId], int] = {}
        for each in self.records.authorizations:
            used = self.records.used.get(each.id, 0)
            waiting = [dose for dose in self._doses if dose.plan_id == each.plan_id]
            open_doses = [d for d in waiting if d.state is DoseState.PLANNED]
            covered = [d for d in open_doses if _covers(each, self.day(d))]
            for n, dose in enumerate(sorted(covered, key=self.day), start=1):
                places[each.id, dose.id] = used + n
        return places

    def _enrolled(self, plan: TreatmentPlan, program: str, day: date) -> RemsEnrolment | None:
        if not program:
            return None
        held = [
            row
            for row in self.records.enrolments
            if row.patient_id == plan.patient_id
            and row.program == program
            and row.enrolled_on <= day
        ]
        return held[-1] if held else None

    def _more(self, dose: PlannedDose, order: Order, day: date) -> list[Need]:
        needs = [order_need(order.valid_until, on=day)]
        mine = [row for row in self.records.authorizations if row.plan_id == dose.plan_id]
        if mine:
            needs.append(self._authorized(dose, mine, day))
        supply = self._supply_of(dose)
        return [*needs, _supplied(supply, day)] if supply else needs

    def _supply_of(self, dose: PlannedDose) -> Supply | None:
        mine = [row for row in self.records.supplies if row.dose_id == dose.id]
        of_plan = [
            row
            for row in self.records.supplies
            if row.plan_id == dose.plan_id and row.dose_id is None
        ]
        return next(iter([*mine, *of_plan]), None)

    def _authorized(self, dose: PlannedDose, mine: list[Authorization], day: date) -> Need:
        sentences = [self._against(row, dose, day) for row in mine]
        sentence = "" if "" in sentences else sentences[-1]
        return Need(
            code="authorization",
            kind=Kind.AUTHORIZATION,
            what="Prior authorization",
            status=RequirementStatus.NEEDED if sentence else RequirementStatus.MET,
            sentence=sentence,
            needed_by=day,
            roles=ASK_FOR,
        )

    def _against(self, row: Authorization, dose: PlannedDose, day: date) -> str:
        """Say why an authorization does not hold for a dose; nothing when it does."""
        if row.status is AuthorizationStatus.NOT_NEEDED:
            return ""
        if row.status is not AuthorizationStatus.APPROVED:
            return f"The prior authorization is {row.status.value}"
        if not _covers(row, day):
            return f"The prior authorization does not cover {day:%B} {day.day}, {day.year}"
        place = self._places.get((row.id, dose.id), 0)
        if row.visits is not None and place > row.visits:
            return f"This is visit {place} of {row.visits} authorized"
        return ""


def _covers(row: Authorization, day: date) -> bool:
    begun = row.from_day is None or row.from_day <= day
    return begun and (row.until_day is None or day <= row.until_day)


def _met(code: str, enrolled: RemsEnrolment) -> RequirementState:
    return RequirementState(
        code=code,
        status=RequirementStatus.MET,
        result_on=enrolled.enrolled_on,
        valid_until=enrolled.valid_until,
    )


def _supplied(row: Supply, day: date) -> Need:
    here = row.status in IN_HAND
    expected = f", expected {row.expected_on:%B} {row.expected_on.day}" if row.expected_on else ""
    return Need(
        code="supply",
        kind=Kind.SUPPLY,
        what="Drug supply",
        status=RequirementStatus.MET if here else RequirementStatus.NEEDED,
        sentence="" if here else f"The drug is not here yet{expected}",
        needed_by=day,
        roles=ASK_FOR,
    )
