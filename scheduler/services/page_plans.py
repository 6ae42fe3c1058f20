"""A plan on a patient's page: its doses with window, booking, what was given and what is missing."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduler.domain.clinical_events import events_named
from scheduler.domain.dose_reasons import reasons_from_text
from scheduler.domain.ids import CenterId, DoseId, PlanId
from scheduler.domain.plans import DoseState
from scheduler.domain.regimen import Regimen
from scheduler.domain.requirement_rules import RequirementRule
from scheduler.domain.requirements import RequirementState, fresh_until
from scheduler.domain.timing import local_day
from scheduler.domain.trace import Step
from scheduler.domain.visit_rules import VisitMinutes
from scheduler.persistence.models import (
    Center,
    GivenDose,
    Measure,
    PlanEvent,
    PlannedDose,
    Recalculation,
    Requirement,
    TreatmentPlan,
)
from scheduler.persistence.plans import BookedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.deciding import view_of
from scheduler.services.page_lines import (
    BookedLine,
    DoseLine,
    EventLine,
    GivenLine,
    OrderLine,
    PlanLine,
)
from scheduler.services.page_records import authorization_lines, clinical_event_lines, supply_lines
from scheduler.services.plan_facts import Known, read_order, read_overrides, uncorrected
from scheduler.services.plan_reasons import PlanReasons, reasons_of
from scheduler.services.plans import STEPS, regimen_of_plan
from scheduler.services.readiness import Judge
from scheduler.services.record_lines import RequirementLine
from scheduler.services.regimens import choices_of
from scheduler.services.wishes import read_weekdays

# columns of a dose that its line shows as they are
SAME = (
    "id",
    "ordinal",
    "phase",
    "course",
    "course_day",
    "due_on",
    "earliest",
    "latest",
    "not_before",
    "amount",
    "unit",
    "state",
    "engine_status",
)
SAME_OF_PLAN = (
    "id",
    "version",
    "center_id",
    "ingredient",
    "status",
    "first_day",
    "until",
    "review_on",
    "wished_time",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRows:
    """The rows of all plans of a patient, read together."""

    plans: list[TreatmentPlan]
    doses: list[PlannedDose]
    booked: dict[DoseId, BookedDose]
    given: list[GivenDose]
    events: list[PlanEvent]
    waiting: dict[PlanId, Recalculation]
    judge: Judge
    centers: dict[CenterId, Center]
    measures: list[Measure]


def plan_line(uow: UnitOfWork, plan: TreatmentPlan, rows: PlanRows) -> PlanLine:
    """Return a plan as the page shows it."""
    rule = regimen_of_plan(uow, plan)
    center = rows.centers[plan.center_id]
    zone, why = ZoneInfo(center.zone), _reasons(uow, plan, rule, rows)
    waiting = rows.waiting.get(plan.id)
    return PlanLine(
        **{name: getattr(plan, name) for name in SAME_OF_PLAN},
        center=center.name,
        zone=zone.key,
        order=_order(plan, rule, rows),
        wished_weekdays=read_weekdays(plan.wished_weekdays),
        doses=_doses(plan, rows, zone, why),
        earlier=_earlier(plan, rows),
        events=_events(plan, rows),
        requirements=_requirements(plan, rule, rows),
        waiting=why.waiting,
        before=why.before,
        happened=clinical_event_lines(plan, rule, rows.judge.records),
        event_names=events_named(rule),
        authorizations=authorization_lines(uow, plan, rows.judge.records, rows.doses, rows.given),
        supplies=supply_lines(plan, rows.judge.records, rows.doses),
        recalculation=view_of(waiting) if waiting else None,
    )


def _reasons(uow: UnitOfWork, plan: TreatmentPlan, rule: Regimen, rows: PlanRows) -> PlanReasons:
    records = rows.judge.records
    _, order = records.plans[plan.id]
    history = uncorrected(plan, rows.events)
    region = rows.centers[order.center_id].region
    read = read_order(plan, order, rule, region=region, measured=rows.measures, history=history)
    known = Known(
        given=rows.given,
        doses=rows.doses,
        history=history,
        requirements=records.requirements,
        events=records.events,
    )
    return reasons_of(plan, rule, read, known, choices_of(uow, rule))


def _order(plan: TreatmentPlan, rule: Regimen, rows: PlanRows) -> OrderLine:
    _, order = rows.judge.records.plans[plan.id]
    product = rule.product(order.product)
    return OrderLine(
        regimen=rule.id,
        title=rule.title,
        product=order.product,
        rems_program=product.rems_program if product else "",
        rems_enrols=product.rems_enrols if product and product.rems_program else (),
        indication=order.indication,
        kind=order.kind,
        prescriber=order.prescriber,
        signed_on=order.signed_on,
        valid_until=order.valid_until,
        phase=read_overrides(order.overrides).phase,
    )


def _doses(
    plan: TreatmentPlan, rows: PlanRows, zone: ZoneInfo, why: PlanReasons
) -> tuple[DoseLine, ...]:
    given = {row.dose_id: row for row in rows.given if row.dose_id}
    return tuple(
        _dose(
            row,
            rows.booked.get(row.id),
            given.get(row.id),
            rows.judge,
            zone,
            trace=why.traces.get(row.id, ()),
        )
        for row in rows.doses
        if row.plan_id == plan.id
    )


def _dose(
    row: PlannedDose,
    booked: BookedDose | None,
    given: GivenDose | None,
    judge: Judge,
    zone: ZoneInfo,
    *,
    trace: tuple[Step, ...],
) -> DoseLine:
    waiting = row.state is DoseState.PLANNED
    return DoseLine(
        **{name: getattr(row, name) for name in SAME},
        planned_on=row.planned_day,
        minutes=VisitMinutes(**{step: getattr(row, step) for step in STEPS}),
        reasons=reasons_from_text(row.reasons),
        trace=trace,
        missed=row.missed_at is not None,
        booked=_booked(booked, zone) if booked else None,
        given=_given(given) if given else None,
        readiness=judge.of(row) if waiting else None,
    )


def _booked(row: BookedDose, zone: ZoneInfo) -> BookedLine:
    return BookedLine(
        appointment_id=row.appointment_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=row.status,
        day=local_day(row.starts_at, zone),
    )


def _given(row: GivenDose) -> GivenLine:
    return GivenLine(
        id=row.id,
        given_on=row.given_on,
        outcome=row.outcome,
        amount=row.amount,
        unit=row.unit,
        product=row.product,
        lot=row.lot,
        place=row.place,
        source=row.source,
        reason=row.reason,
    )


def _earlier(plan: TreatmentPlan, rows: PlanRows) -> tuple[GivenLine, ...]:
    """Return doses of the ingredient that no dose of this plan stands for."""
    mine = {row.id for row in rows.doses if row.plan_id == plan.id}
    same = [row for row in rows.given if row.ingredient == plan.ingredient]
    return tuple(_given(row) for row in same if row.dose_id not in mine)


def _events(plan: TreatmentPlan, rows: PlanRows) -> tuple[EventLine, ...]:
    corrected = {row.corrects for row in rows.events}
    return tuple(
        EventLine(
            kind=row.kind,
            at=row.at,
            until=row.until,
            reason=row.reason,
            actor_name=row.actor_name,
            corrected=row.id in corrected,
        )
        for row in rows.events
        if row.plan_id == plan.id
    )


def _requirements(
    plan: TreatmentPlan, rule: Regimen, rows: PlanRows
) -> tuple[RequirementLine, ...]:
    known = {each.id: each for each in rule.requirements}
    return tuple(
        _requirement(row, known[row.code])
        for row in rows.judge.records.requirements
        if row.plan_id == plan.id and row.dose_id is None and row.code in known
    )


def _requirement(row: Requirement, rule: RequirementRule) -> RequirementLine:
    state = RequirementState(
        code=row.code, status=row.status, result_on=row.result_on, valid_until=row.valid_until
    )
    return RequirementLine(
        code=row.code,
        status=row.status,
        result_on=row.result_on,
        valid_until=row.valid_until,
        note=row.note,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        version=row.version,
        rule=rule,
        fresh_until=fresh_until(rule, state),
    )
