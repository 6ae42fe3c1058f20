"""Everything a patient's page shows, in a fixed number of queries."""

from scheduler.domain.ids import PatientId, PlanId
from scheduler.domain.people import ConsentKind
from scheduler.persistence import given as given_rows
from scheduler.persistence import organizations, patients, tasks
from scheduler.persistence import patient_page as stored
from scheduler.persistence import plans as plan_rows
from scheduler.persistence.models import (
    Appointment,
    ConsentEvent,
    Contact,
    Message,
    Task,
)
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.contacts import ContactFacts
from scheduler.services.page_lines import (
    AllergyLine,
    ContactLine,
    MeasureLine,
    MessageLine,
    PatientPage,
    PlanLine,
    RecordLine,
    TaskLine,
    VisitLine,
)
from scheduler.services.page_plans import PlanRows, plan_line
from scheduler.services.page_records import enrolment_line
from scheduler.services.patients import facts_of
from scheduler.services.readiness import Judge
from scheduler.services.record_lines import EnrolmentLine


def patient_page(uow: UnitOfWork, patient_id: PatientId) -> PatientPage:
    """Return all that a patient's page shows.

    Raises:
        NotFoundError: there is none of that id here.
    """
    with uow:
        row = patients.patient(uow, patient_id)
        rows = _plan_rows(uow, patient_id)
        contacts = patients.contacts_of(uow, patient_id)
        consents = patients.consents_of(uow, [contact.id for contact in contacts])
        allergies = patients.allergies_of(uow, patient_id)
        return PatientPage(
            id=row.id,
            version=row.version,
            name=row.name,
            facts=facts_of(row),
            deceased_on=row.deceased_on,
            contacts=tuple(_contact(each, consents.get(each.id)) for each in contacts),
            measures=tuple(
                MeasureLine(kind=m.kind, value=m.value, measured_on=m.measured_on)
                for m in rows.measures
            ),
            allergies=tuple(AllergyLine(id=a.id, kind=a.kind, text=a.text) for a in allergies),
            plans=tuple(plan_line(uow, plan, rows) for plan in rows.plans),
            visits=tuple(_visit(each) for each in stored.visits_of(uow, patient_id)),
            messages=tuple(_message(each) for each in stored.messages_of(uow, patient_id)),
            tasks=tuple(_task(each) for each in tasks.open_of_patient(uow, patient_id)),
            enrolments=_enrolments(rows, row.name),
        )


def record_of_patient(uow: UnitOfWork, patient_id: PatientId) -> tuple[RecordLine, ...]:
    """Return who looked at a patient lately and what changed, newest first; no other page needs it."""
    with uow:
        return tuple(
            RecordLine(at=row.at, actor_name=row.actor_name, action=row.action, entity=row.entity)
            for row in stored.record_of(uow, patient_id)
        )


def page_of_plan(uow: UnitOfWork, plan_id: PlanId) -> tuple[PatientPage, PlanLine]:
    """Return the page of a plan's patient, and the plan on it.

    Raises:
        NotFoundError: there is none of that id here.
    """
    with uow:
        read = patient_page(uow, plan_rows.plan(uow, plan_id).patient_id)
        return read, next(plan for plan in read.plans if plan.id == plan_id)


def _enrolments(rows: PlanRows, patient: str) -> tuple[EnrolmentLine, ...]:
    centers = {key: center.name for key, center in rows.centers.items()}
    return tuple(enrolment_line(e, centers, patient) for e in rows.judge.records.enrolments)


def _plan_rows(uow: UnitOfWork, patient_id: PatientId) -> PlanRows:
    plans = plan_rows.plans_of(uow, patient_id)
    ids = [plan.id for plan in plans]
    doses = plan_rows.doses_of(uow, *ids)
    booked = plan_rows.booked_doses(uow, ids)
    return PlanRows(
        plans=plans,
        doses=doses,
        booked=booked,
        given=given_rows.given_to(uow, patient_id),
        events=plan_rows.events_of(uow, ids),
        waiting={row.plan_id: row for row in plan_rows.open_recalculations(uow, ids)},
        judge=Judge(uow, doses, booked),
        centers={row.id: row for row in organizations.centers(uow)},
        measures=patients.measures_of(uow, patient_id),
    )


def _contact(row: Contact, consent: ConsentEvent | None) -> ContactLine:
    given = consent is not None and consent.kind is ConsentKind.EMAIL_GIVEN
    facts = ContactFacts(
        relation=row.relation,
        name=row.name,
        email=row.email,
        phone=row.phone,
        channel=row.channel,
        level=row.level,
        language=row.language,
        calendar=row.calendar,
        kinds=row.kinds,
        consented=given,
    )
    return ContactLine(
        id=row.id, version=row.version, facts=facts, status=row.status, active=row.active
    )


def _visit(row: Appointment) -> VisitLine:
    return VisitLine(
        id=row.id,
        version=row.version,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=row.status,
        cancellation=row.cancellation,
        answered=_answered(row) if row.live else "",
    )


def _answered(row: Appointment) -> str:
    if row.cannot_come_at:
        return "cannot come"
    if row.call_wanted_at:
        return "wants a call"
    return "confirmed" if row.confirmed_at else ""


def _message(row: Message) -> MessageLine:
    return MessageLine(
        id=row.id,
        kind=row.kind,
        lead=row.lead,
        status=row.status,
        outcome=row.outcome,
        contact_id=row.contact_id,
        language=row.language,
        send_after=row.send_after,
        closed_at=row.closed_at,
        appointment_id=row.appointment_id,
    )


def _task(row: Task) -> TaskLine:
    return TaskLine(id=row.id, kind=row.kind, due_on=row.due_on, detail=row.detail)
