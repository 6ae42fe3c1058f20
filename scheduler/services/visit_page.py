"""The page behind a link: when, how long, where, how to get ready, and why this date."""

from dataclasses import dataclass
from datetime import date

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.dose_reasons import Why, reasons_from_text, spoken_span
from scheduler.domain.five_steps import ToldLength, five_steps
from scheduler.domain.guidance import GuidanceSection
from scheduler.domain.ids import AppointmentId
from scheduler.domain.messages import Lead
from scheduler.domain.people import Relation
from scheduler.domain.timing import Instant
from scheduler.messaging.calendar import published_entry
from scheduler.messaging.facts import VisitTime
from scheduler.persistence import message_visits, organizations, patients
from scheduler.persistence import plans as stored
from scheduler.persistence.models import Appointment, PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.link_holders import LinkHolder
from scheduler.services.links import visit_of_link
from scheduler.services.message_facts import sections_for, sender_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseWindow:
    """Why this date: the days between which the dose should be given.

    Args:
        span: After an earlier day, in words ("24 weeks"); empty for the first dose.
        since: That earlier day.
    """

    due_on: date
    earliest: date
    latest: date
    not_before: date | None
    span: str
    since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherVisit:
    """Another coming visit of the patient."""

    id: AppointmentId
    starts_at: Instant
    ends_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPage:
    """All that the page shows; behind the birth date it may name everything.

    Args:
        starts_at: And ``ends_at``: UTC; the page shows the center's clock.
        sections: Guidance in order, in the contact's language.
        answered: coming, call_me, cannot_come, or nothing.
        over: Whether nobody has to come to it any more: it is past, or the patient has left.
        open_for_answer: Whether the three buttons are of use.
        to_patient: Whether the mail went to the patient, and not to somebody who cares for them.
    """

    visit_id: AppointmentId
    name: str
    zone: str
    language: str
    status: AppointmentStatus
    starts_at: Instant
    ends_at: Instant
    place: str
    center: str
    phone_open: str
    phone_closed: str
    phone_emergency: str
    steps: tuple[ToldLength, ...]
    sections: tuple[GuidanceSection, ...]
    window: DoseWindow | None
    answered: str
    over: bool
    open_for_answer: bool
    to_patient: bool
    others: tuple[OtherVisit, ...]

    @property
    def minutes(self) -> int:
        """How long to plan."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


def visit_page(uow: UnitOfWork, holder: LinkHolder, *, now: Instant) -> VisitPage | None:
    """Return the page of a link's visit; None when the patient has no visit to come."""
    with uow:
        visit = visit_of_link(uow, holder, now=now)
        return None if visit is None else _page(uow, holder, visit, now)


def _page(uow: UnitOfWork, holder: LinkHolder, visit: Appointment, now: Instant) -> VisitPage:
    center = organizations.center(uow, visit.center_id)
    patient = patients.patient(uow, visit.patient_id)
    known = message_visits.doses_of(uow, [visit.id]).get(visit.id)
    dose = stored.doses_by_id(uow, {known.dose_id})[known.dose_id] if known else None
    booked = visit.status is AppointmentStatus.BOOKED
    return VisitPage(
        visit_id=visit.id,
        name=patient.name_to_use or patient.given_name,
        zone=center.zone,
        language=holder.language,
        status=visit.status,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        place=center.address,
        center=center.neutral_name,
        phone_open=center.phone_open,
        phone_closed=center.phone_closed,
        phone_emergency=center.phone_emergency,
        steps=five_steps(dose) if dose else (),
        sections=sections_for(known, Lead.PAGE, holder.language),
        window=_window(dose, holder.language) if dose else None,
        answered=_answered(visit),
        over=_over(visit, now),
        open_for_answer=booked and visit.starts_at > now,
        to_patient=patients.contact(uow, holder.contact_id).relation is Relation.SELF,
        others=_others(uow, visit, now),
    )


def _others(uow: UnitOfWork, visit: Appointment, now: Instant) -> tuple[OtherVisit, ...]:
    rows = message_visits.of_patient(uow, visit.patient_id, after=now)
    return tuple(
        OtherVisit(id=row.id, starts_at=row.starts_at, ends_at=row.ends_at)
        for row in rows
        if row.id != visit.id
    )


def _over(visit: Appointment, now: Instant) -> bool:
    gone = (AppointmentStatus.FULFILLED, AppointmentStatus.NO_SHOW)
    return visit.status in gone or visit.ends_at <= now


def _window(dose: PlannedDose, language: str) -> DoseWindow:
    due = next((r for r in reasons_from_text(dose.reasons) if r.why is Why.DUE), None)
    return DoseWindow(
        due_on=dose.due_on,
        earliest=dose.earliest,
        latest=dose.latest,
        not_before=dose.not_before,
        span=spoken_span(due.count, due.unit, language) if due else "",
        since=due.day if due else None,
    )


def _answered(visit: Appointment) -> str:
    if visit.cannot_come_at:
        return "cannot_come"
    if visit.call_wanted_at:
        return "call_me"
    return "coming" if visit.confirmed_at else ""


def calendar_of(uow: UnitOfWork, holder: LinkHolder, base_url: str, *, now: Instant) -> bytes:
    """Return the calendar file of a link's visit, in neutral words; empty when nobody has to come."""
    with uow:
        visit = visit_of_link(uow, holder, now=now)
        if visit is None or visit.status is not AppointmentStatus.BOOKED or visit.ends_at <= now:
            return b""
        sender = sender_of(organizations.center(uow, visit.center_id), base_url)
        time = VisitTime(
            id=visit.id,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            revision=visit.notice_revision,
        )
        return published_entry(time, sender, holder.language, written_at=now)
