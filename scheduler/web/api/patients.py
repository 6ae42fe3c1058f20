"""``POST /api/v1/patients``: a new patient with the first contact."""

from dataclasses import fields

from flask import Response, jsonify

from scheduler.domain.people import CalendarMode, ChairKind, Channel, PrivacyLevel, Relation
from scheduler.services.contacts import ContactFacts
from scheduler.services.patients import AddPatient, add_patient
from scheduler.web import context
from scheduler.web.api import api
from scheduler.web.api.reading import Body, body

CREATED = 201


@api.post("/patients")
def add() -> tuple[Response, int]:
    """Add a patient; 422 with a likely double until ``confirmed`` says it is somebody else."""
    asked = body()
    request = AddPatient(
        given_name=asked.text("given_name"),
        family_name=asked.text("family_name"),
        birth_date=asked.day("birth_date"),
        name_to_use=asked.text("name_to_use", ""),
        mrn=asked.text("mrn", ""),
        sex=asked.text("sex", "unknown"),
        spoken_language=asked.text("spoken_language", "en"),
        written_language=asked.text("written_language", "en"),
        interpreter=asked.flag("interpreter"),
        needs_kind=_kind(asked),
        needs_near_nurses=asked.flag("needs_near_nurses"),
        needs_lift=asked.flag("needs_lift"),
        wished_weekdays=asked.numbers("wished_weekdays") or frozenset(),
        wished_time=asked.time_or_none("wished_time"),
        note=asked.text("note", ""),
        contact=_contact(asked.object_or_none("contact")),
        consent_how=asked.text("consent_how", "by the API"),
        confirmed=asked.flag("confirmed"),
    )
    asked.end()
    patient_id = add_patient(
        context.unit_of_work(), request, now=context.now(), actor=context.actor()
    )
    return jsonify(id=patient_id), CREATED


def _kind(asked: Body) -> ChairKind | None:
    text = asked.text("needs_kind", "")
    return Body({"needs_kind": text}).one_of("needs_kind", ChairKind) if text else None


def _contact(asked: Body | None) -> ContactFacts | None:
    if asked is None:
        return None
    usual = {each.name: each.default for each in fields(ContactFacts)}
    email = asked.text("email", "")
    contact = ContactFacts(
        relation=asked.one_of("relation", Relation, Relation.SELF),
        name=asked.text("name", ""),
        email=email,
        phone=asked.text("phone", ""),
        channel=asked.one_of("channel", Channel, Channel.EMAIL if email else Channel.PHONE),
        level=asked.one_of("level", PrivacyLevel, PrivacyLevel.MINIMAL),
        language=asked.text("language", str(usual["language"])),
        calendar=asked.one_of("calendar", CalendarMode, CalendarMode.FILE),
        consented=asked.flag("consented"),
    )
    asked.end()
    return contact
