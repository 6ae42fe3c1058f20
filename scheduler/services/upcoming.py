"""Owing the messages before visits: a pass that may run at any time and owes each one once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from scheduler.domain.ids import AppointmentId, PatientId
from scheduler.domain.messages import (
    ContactFacts,
    LeadRule,
    MessageStatus,
    OwedMessage,
    leads_due,
    owed_before,
)
from scheduler.domain.people import TaskKind
from scheduler.domain.timing import Instant
from scheduler.domain.told import changed, read
from scheduler.persistence import message_visits, messages, organizations, patients, tasks
from scheduler.persistence.message_visits import VisitDose
from scheduler.persistence.models import Appointment, Center, Message, Patient
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.message_facts import contacts_of, nobody, policy_of, told_facts, visit_of
from scheduler.services.notices import silent
from scheduler.services.owing import Subject, call, owe

LOOK_BACK = timedelta(days=92)
Log = dict[AppointmentId, list[Message]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The coming visits of a center with everything that owing needs, read at once."""

    center: Center
    visits: Sequence[Appointment]
    doses: dict[AppointmentId, VisitDose]
    log: Log
    contacts: dict[PatientId, list[ContactFacts]]
    patients: dict[PatientId, Patient]


def owe_upcoming(uow: UnitOfWork, *, now: Instant) -> int:
    """Owe what has fallen due before visits, and return how many messages.

    A lead that passed while nothing ran is owed too; its last check says whether it is still of use. Where
    the visit itself has begun meanwhile, its line in the log says that.
    """
    with uow:
        count = sum(
            _owe_visit(uow, coming, visit, now=now)
            for coming in _of_centers(uow, now)
            for visit in coming.visits
        )
        uow.commit()
    return count


def _of_centers(uow: UnitOfWork, now: Instant) -> Iterable[Coming]:
    for center in organizations.centers(uow):
        ahead = max(rule.days for rule in policy_of(center).leads) + 1
        visits = [
            *message_visits.begun(uow, center.id, after=_last_owed(uow, center, now), until=now),
            *message_visits.upcoming(uow, center.id, after=now, before=now + timedelta(days=ahead)),
        ]
        if visits:
            yield _read(uow, center, visits)


def _last_owed(uow: UnitOfWork, center: Center, now: Instant) -> Instant:
    """Return since when visits may have begun with a lead that nobody owed."""
    last = messages.last_lead_owed(uow, center.id, now=now)
    return max(last, now - LOOK_BACK) if last else now - LOOK_BACK


def _read(uow: UnitOfWork, center: Center, visits: Sequence[Appointment]) -> Coming:
    ids = [visit.id for visit in visits]
    people = {visit.patient_id for visit in visits}
    rows = messages.contacts_by_patient(uow, people)
    facts = {
        each.id: each
        for each in contacts_of(uow, [row for found in rows.values() for row in found])
    }
    return Coming(
        center=center,
        visits=visits,
        doses=message_visits.doses_of(uow, ids),
        log=messages.of_appointments(uow, ids),
        contacts={patient: [facts[row.id] for row in found] for patient, found in rows.items()},
        patients=patients.by_id(uow, people),
    )


def _owe_visit(uow: UnitOfWork, coming: Coming, visit: Appointment, *, now: Instant) -> int:
    log = coming.log.get(visit.id, [])
    subject = _subject(coming, visit)
    contacts = coming.contacts.get(visit.patient_id, [])
    if silent(coming.patients[visit.patient_id], subject, now):
        return 0
    facts, policy = visit_of(visit, log=log), policy_of(coming.center)
    if nobody(contacts):
        _call_once(uow, subject, leads_due(facts, policy, now=now), now=now)
    new = [
        owed
        for owed in owed_before(facts, contacts, policy, now=now)
        if not _known(log, owed) and not _said(log, owed, subject)
    ]
    for owed in new:
        owe(uow, subject, owed, now=now)
    return len(new)


def _subject(coming: Coming, visit: Appointment) -> Subject:
    dose = coming.doses.get(visit.id)
    return Subject(
        visit=visit,
        center=coming.center,
        dose=dose,
        facts=told_facts(visit, coming.center, dose),
    )


def _known(log: Sequence[Message], owed: OwedMessage) -> bool:
    same = (owed.contact.id, owed.kind.value, owed.lead.value, owed.notice_revision)
    return any((m.contact_id, m.kind, m.lead, m.notice_revision) == same for m in log)


def _said(log: Sequence[Message], owed: OwedMessage, subject: Subject) -> bool:
    """Say whether this contact had this lead already with the same facts, under an earlier revision."""
    for row in log:
        same = (row.contact_id, row.kind, row.lead) == (owed.contact.id, owed.kind, owed.lead)
        if same and row.status == MessageStatus.SENT.value:
            facts = read(row.facts)
            if facts is not None and not changed(facts, subject.facts):
                return True
    return False


def _call_once(
    uow: UnitOfWork,
    subject: Subject,
    leads: Sequence[tuple[LeadRule, tuple[Instant, Instant]]],
    *,
    now: Instant,
) -> None:
    for rule, (_, until) in leads:
        known = tasks.same(uow, TaskKind.PHONE, subject.visit.id, rule.lead.value)
        if known is None and now < until:
            call(uow, subject, rule.kind, rule.lead, None, now=now)
