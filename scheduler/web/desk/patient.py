"""A patient's page."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response

from scheduler.domain.ids import PatientId
from scheduler.domain.roles import Permission
from scheduler.services.page_lines import VisitLine
from scheduler.services.patient_page import patient_page, record_of_patient
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.desk.patient_view import plan_views
from scheduler.web.desk.record_words import record_shown
from scheduler.web.fragments import page


@desk.get("/patients/<uuid:patient_id>")
def patient(patient_id: UUID) -> Response:
    """Show all that is known of a patient."""
    with context.read_uow() as uow:
        read = patient_page(uow, PatientId(patient_id))
        record = record_of_patient(uow, read.id)
    who = context.actor()
    return page(
        "desk/patient.html",
        read=read,
        plans=plan_views(read, context.today()),
        visits=_nearest_first(read.visits),
        today=context.today(),
        record=record_shown(record),
        zone=context.zone(),
        may_order=who.may(Permission.ENTER_ORDER),
        may_change_plan=who.may(Permission.CHANGE_PLAN),
        may_book=who.may(Permission.BOOK),
        may_accept=who.may(Permission.APPROVE_REGIMEN),
    )


def _nearest_first(visits: Sequence[VisitLine]) -> list[VisitLine]:
    """Return the visits to come, the next one first, then those that are over, the last one first."""
    now = context.now()
    coming = [visit for visit in visits if visit.ends_at > now]
    return [*reversed(coming), *(visit for visit in visits if visit.ends_at <= now)]
