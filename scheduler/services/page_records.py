"""Authorizations, drug and enrolments of a patient's page, from what is recorded."""

from collections.abc import Mapping, Sequence

from scheduler.domain.clinical_events import ClinicalEvent, bearings
from scheduler.domain.ids import CenterId
from scheduler.domain.programs import Subject
from scheduler.domain.regimen import Regimen
from scheduler.persistence.models import (
    Authorization,
    AuthorizationUse,
    GivenDose,
    PlannedDose,
    RemsEnrolment,
    TreatmentPlan,
)
from scheduler.persistence.requirements import PlanRecords
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.allotting import NOTHING, Unused, billing_unit, unused_of
from scheduler.services.record_lines import (
    AuthorizationLine,
    ClinicalEventLine,
    EnrolmentLine,
    SupplyLine,
    UseLine,
)


def authorization_lines(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    records: PlanRecords,
    doses: Sequence[PlannedDose],
    given: Sequence[GivenDose],
) -> tuple[AuthorizationLine, ...]:
    """Return the prior authorizations of a plan, each with what doses took from it."""
    unit = billing_unit(uow, *records.plans[plan.id])
    return tuple(
        _authorization(row, records, doses, given, unit)
        for row in records.authorizations
        if row.plan_id == plan.id
    )


def _authorization(
    row: Authorization,
    records: PlanRecords,
    doses: Sequence[PlannedDose],
    given: Sequence[GivenDose],
    unit: str,
) -> AuthorizationLine:
    used = records.used.get(row.id, NOTHING)
    ordinals = {dose.id: dose.ordinal for dose in doses}
    outcomes = {each.dose_id: each for each in given if each.dose_id}
    uses = [each for each in records.uses if each.authorization_id == row.id]
    return AuthorizationLine(
        id=row.id,
        version=row.version,
        status=row.status,
        number=row.number,
        from_day=row.from_day,
        until_day=row.until_day,
        visits=row.visits,
        used=used.visits,
        units=row.units,
        units_used=used.units,
        uses=tuple(
            _use(each, ordinals[each.dose_id], found, unused_of(each, row, found, unit))
            for each, found in ((each, outcomes.get(each.dose_id)) for each in uses)
        ),
    )


def _use(row: AuthorizationUse, ordinal: int, given: GivenDose | None, unused: Unused) -> UseLine:
    return UseLine(
        id=row.id,
        ordinal=ordinal,
        unused=unused,
        visits=row.visits,
        units=row.units,
        given_back_at=row.given_back_at,
        outcome=given.outcome if given else None,
        given=given.amount if given else None,
    )


def clinical_event_lines(
    plan: TreatmentPlan, rule: Regimen, records: PlanRecords
) -> tuple[ClinicalEventLine, ...]:
    """Return what happened to a plan's patient, newest first, each with what of the plan counts from it."""
    mine = [
        row
        for row in records.events
        if row.patient_id == plan.patient_id and row.plan_id in (None, plan.id)
    ]
    return tuple(
        ClinicalEventLine(
            id=row.id,
            name=row.name,
            on_day=row.on_day,
            note=row.note,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            bears_on=bearings(rule, ClinicalEvent(name=row.name, day=row.on_day)),
        )
        for row in reversed(mine)
    )


def supply_lines(
    plan: TreatmentPlan, records: PlanRecords, doses: Sequence[PlannedDose]
) -> tuple[SupplyLine, ...]:
    """Return where the drug for a plan and its doses is, the plan's own line first."""
    ordinals = {dose.id: dose.ordinal for dose in doses}
    lines = [
        SupplyLine(
            dose_id=row.dose_id,
            ordinal=ordinals[row.dose_id] if row.dose_id else 0,
            route=row.route,
            status=row.status,
            expected_on=row.expected_on,
            received_on=row.received_on,
            received_amount=row.received_amount,
            allocated_amount=row.allocated_amount,
            lot=row.lot,
            version=row.version,
        )
        for row in records.supplies
        if row.plan_id == plan.id
    ]
    return tuple(sorted(lines, key=lambda line: line.ordinal))


def enrolment_line(
    row: RemsEnrolment, centers: Mapping[CenterId, str], patient: str
) -> EnrolmentLine:
    """Return an enrolment with whose it is."""
    site = centers.get(row.center_id, "") if row.center_id else ""
    names = {Subject.PATIENT: patient, Subject.PRESCRIBER: row.prescriber, Subject.SITE: site}
    return EnrolmentLine(
        id=row.id,
        program=row.program,
        subject=row.subject,
        who=names[Subject(row.subject)],
        enrolled_on=row.enrolled_on,
        valid_until=row.valid_until,
    )
