"""Forms on a patient: who, how to reach, what a chair must offer, and the contacts."""

from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from scheduler.domain.ids import ContactId, PatientId
from scheduler.domain.people import CalendarMode, ChairKind, Channel, PrivacyLevel, Relation
from scheduler.services.contacts import AddContact, ContactFacts, EditContact
from scheduler.services.patients import AddPatient, EditPatient, PatientFacts
from scheduler.web.forms import (
    AddressField,
    ChecksField,
    DayField,
    Form,
    TimeField,
    choice,
    choices_of,
    required,
)
from scheduler.web.stale import version_typed

LANGUAGES = (("en", "English"), ("es", "Spanish"))
SEXES = (("unknown", "Not recorded"), ("female", "Female"), ("male", "Male"), ("other", "Other"))
CHAIRS = (("", "Any"), *((kind.value, kind.value.capitalize()) for kind in ChairKind))
WEEKDAYS = tuple(
    (str(n), name) for n, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
)
CHANNELS = (
    (Channel.EMAIL.value, "E-mail"),
    (Channel.PHONE.value, "Phone calls"),
    (Channel.NONE.value, "No messages"),
)
RELATIONS = tuple((each.value, each.value.capitalize()) for each in Relation)
LEVELS = (
    (PrivacyLevel.MINIMAL.value, "Neutral: no word about drug or treatment"),
    (PrivacyLevel.STANDARD.value, "Standard"),
    (PrivacyLevel.FULL.value, "Full: may name drug and treatment"),
)
CALENDARS = (
    (CalendarMode.FILE.value, "A calendar file"),
    (CalendarMode.NONE.value, "No calendar entry"),
    (CalendarMode.INVITATION.value, "An invitation (shared calendars show it)"),
)


class PatientForm(Form):
    """A patient's facts."""

    given_name = StringField("Given name", [required("Enter the given name.")])
    family_name = StringField("Family name", [required("Enter the family name.")])
    name_to_use = StringField("Name to use")
    birth_date = DayField("Birth date", [required("Enter the birth date.")])
    mrn = StringField("MRN")
    sex = choice("Sex", SEXES)
    spoken_language = choice("Speaks", LANGUAGES)
    written_language = choice("Reads", LANGUAGES)
    interpreter = BooleanField("Needs an interpreter")
    iv_access = StringField(
        "IV access", description="Such as “port, right chest” or “left arm only”."
    )
    needs_kind = choice("Needs", CHAIRS)
    needs_near_nurses = BooleanField("A chair near the nurses")
    needs_lift = BooleanField("A chair with a lift")
    isolation_until = DayField("Isolation until")
    wished_weekdays = ChecksField("Prefers", choices=choices_of(WEEKDAYS))
    wished_time = TimeField("Prefers to start at")
    messages_paused_until = DayField("No messages until")
    note = TextAreaField("Note")
    confirmed = BooleanField("I have checked this; save it all the same")

    def facts(self) -> dict[str, Any]:
        """Return what was typed, by the names of ``PatientFacts``."""
        kind = self.needs_kind.data
        return {
            "given_name": self.given_name.data or "",
            "family_name": self.family_name.data or "",
            "birth_date": self.birth_date.data or date.max,
            "name_to_use": self.name_to_use.data or "",
            "mrn": self.mrn.data or "",
            "sex": self.sex.data,
            "spoken_language": self.spoken_language.data,
            "written_language": self.written_language.data,
            "interpreter": self.interpreter.data,
            "iv_access": self.iv_access.data or "",
            "isolation_until": self.isolation_until.data,
            "needs_kind": ChairKind(kind) if kind else None,
            "needs_near_nurses": self.needs_near_nurses.data,
            "needs_lift": self.needs_lift.data,
            "wished_weekdays": frozenset(int(day) for day in self.wished_weekdays.data or ()),
            "wished_time": self.wished_time.data,
            "messages_paused_until": self.messages_paused_until.data,
            "note": self.note.data or "",
        }


class EditPatientForm(PatientForm):
    """A patient's facts, changed."""

    version = HiddenField()

    def request(self, patient_id: PatientId) -> EditPatient:
        """Return what was typed."""
        return EditPatient(
            patient_id=patient_id,
            version=version_typed(self.version.data),
            confirmed=self.confirmed.data,
            **self.facts(),
        )


class ContactForm(Form):
    """Somebody who is told of a patient's visits."""

    relation = choice("Who", RELATIONS)
    name = StringField("Name", description="Left empty when it is the patient.")
    email = AddressField("E-mail")
    phone = StringField("Phone")
    channel = choice("Told by", CHANNELS)
    consented = BooleanField("Has agreed to e-mail")
    level = choice("Mails may say", LEVELS)
    language = choice("Language", LANGUAGES)
    calendar = choice("Calendar", CALENDARS)
    how = StringField("How it was agreed", description="Such as “in person” or “by phone”.")
    version = HiddenField()

    def contact(self) -> ContactFacts:
        """Return what was typed."""
        return ContactFacts(
            relation=Relation(self.relation.data),
            name=self.name.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            channel=Channel(self.channel.data),
            level=PrivacyLevel(self.level.data),
            language=self.language.data,
            calendar=CalendarMode(self.calendar.data),
            consented=self.consented.data,
        )

    def adding(self, patient_id: PatientId) -> AddContact:
        """Return a new contact."""
        return AddContact(patient_id=patient_id, contact=self.contact(), how=self.how.data or "")

    def editing(self, contact_id: ContactId) -> EditContact:
        """Return a changed contact."""
        return EditContact(
            contact_id=contact_id,
            version=version_typed(self.version.data),
            contact=self.contact(),
            how=self.how.data or "",
        )


class AddPatientForm(PatientForm):
    """A new patient with the first contact."""

    email = AddressField("E-mail")
    phone = StringField("Phone")
    channel = choice("Told by", CHANNELS)
    consented = BooleanField("Has agreed to e-mail")

    def request(self) -> AddPatient:
        """Return what was typed."""
        contact = None
        if self.email.data or self.phone.data:
            contact = ContactFacts(
                email=self.email.data or "",
                phone=self.phone.data or "",
                channel=Channel(self.channel.data),
                language=self.written_language.data,
                consented=self.consented.data,
            )
        return AddPatient(contact=contact, confirmed=self.confirmed.data, **self.facts())


def filled(facts: PatientFacts, version: int) -> dict[str, Any]:
    """Return a patient's facts as the form takes them."""
    values = {name: getattr(facts, name) for name in PatientFacts.__dataclass_fields__}
    values["needs_kind"] = facts.needs_kind.value if facts.needs_kind else ""
    values["wished_weekdays"] = [str(day) for day in sorted(facts.wished_weekdays)]
    return values | {"version": version}


def contact_filled(facts: ContactFacts, version: int) -> dict[str, Any]:
    """Return a contact's facts as the form takes them."""
    values = {name: getattr(facts, name) for name in ContactFacts.__dataclass_fields__}
    return values | {"version": version}
