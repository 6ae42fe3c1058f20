"""Adding and editing patients."""

import re
from dataclasses import dataclass, fields
from datetime import date, time

from scheduler.domain.errors import InvalidError, NeedsConfirmationError, StaleError
from scheduler.domain.ids import PatientId
from scheduler.domain.names import LONGEST_TEXT, LONGEST_WORD, unwritable
from scheduler.domain.people import ChairKind
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import patients as stored
from scheduler.persistence.attendance import show_patient
from scheduler.persistence.models import Patient
from scheduler.persistence.unit_of_work import CHANGED_BY_SOMEBODY, UnitOfWork
from scheduler.services.contacts import ContactFacts, checked, new_contact
from scheduler.services.search import PatientFound, find_patients, found, likely_doubles
from scheduler.services.today import today_here
from scheduler.services.wishes import (
    read_time,
    read_weekdays,
    require_weekdays,
    written_time,
    written_weekdays,
)

__all__ = [
    "AddPatient",
    "EditPatient",
    "LikelyDoubleError",
    "PatientFacts",
    "PatientFound",
    "add_patient",
    "edit_patient",
    "find_patients",
]

OLDEST_YEARS = 130
LONGEST_NAME = 80
SEXES = ("unknown", "female", "male", "other")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class LikelyDoubleError(NeedsConfirmationError):
    """Somebody much like this patient is here already; ``doubles`` are shown before it is saved."""

    field = "birth_date"

    def __init__(self, doubles: tuple[PatientFound, ...]) -> None:
        first = doubles[0]
        super().__init__(
            f"{first.name}, born {first.birth_date:%B} {first.birth_date.day},"
            f" {first.birth_date.year}, is here already. Open that patient,"
            " or confirm that this is somebody else."
        )
        self.doubles = doubles


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFacts:
    """What a form knows of a patient.

    Args:
        wished_weekdays: Monday is 0; empty when any.
        wished_time: Wished start on the center's clock.
        needs_kind: A bed or a room instead of a chair.
    """

    given_name: str
    family_name: str
    birth_date: date
    name_to_use: str = ""
    mrn: str = ""
    sex: str = "unknown"
    childbearing: bool | None = None
    spoken_language: str = "en"
    written_language: str = "en"
    interpreter: bool = False
    iv_access: str = ""
    isolation_until: date | None = None
    needs_kind: ChairKind | None = None
    needs_near_nurses: bool = False
    needs_lift: bool = False
    wished_weekdays: frozenset[int] = frozenset()
    wished_time: time | None = None
    note: str = ""
    messages_paused_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPatient(PatientFacts):
    """A new patient; ``confirmed`` says that no likely double is the same person."""

    contact: ContactFacts | None = None
    consent_how: str = "in person"
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPatient(PatientFacts):
    """A patient's facts anew; ``version`` is the one the form was opened with."""

    patient_id: PatientId
    version: int
    confirmed: bool = False


def add_patient(uow: UnitOfWork, request: AddPatient, *, now: Instant, actor: Actor) -> PatientId:
    """Add a patient with the first contact.

    Raises:
        LikelyDoubleError: somebody like this is here already and nobody confirmed.
        InvalidError: names the field.
    """
    actor.require(Permission.EDIT_PATIENT)
    with uow:
        _check(uow, request, now=now)
        contact = checked(request.contact) if request.contact else None
        if not request.confirmed:
            _refuse_doubles(uow, request)
        row = Patient(created_at=now)
        _write(row, request)
        uow.add(row)
        uow.session.flush()
        stored.index_new(uow, row)
        uow.audit(
            actor, "added", "patient", row.id, at=now, patient_id=row.id, after=_words(request)
        )
        if contact:
            new_contact(uow, row.id, contact, how=request.consent_how, now=now, actor=actor)
        uow.commit()
        return row.id


def edit_patient(uow: UnitOfWork, request: EditPatient, *, now: Instant, actor: Actor) -> None:
    """Change a patient's facts; the search index follows.

    Raises:
        StaleError: somebody else changed them since the form was opened.
        LikelyDoubleError: the new name and birth date are somebody else's and nobody confirmed.
        InvalidError: names the field.
    """
    actor.require(Permission.EDIT_PATIENT)
    with uow:
        row = stored.patient(uow, request.patient_id)
        if row.version != request.version:
            raise StaleError(CHANGED_BY_SOMEBODY)
        before = facts_of(row)
        _check(uow, request, now=now, but=row.id)
        if not request.confirmed and _identity(before) != _identity(request):
            _refuse_doubles(uow, request, but=row.id)
        _write(row, request)
        uow.session.flush()
        if _found_by(before) != _found_by(request):
            stored.replace_index(uow, row)
        show_patient(uow, row.id, after=now)
        uow.audit(
            actor,
            "changed",
            "patient",
            row.id,
            at=now,
            patient_id=row.id,
            before=_changes(before, request),
            after=_changes(request, before),
        )
        uow.commit()


def _check(
    uow: UnitOfWork, request: PatientFacts, *, now: Instant, but: PatientId | None = None
) -> None:
    for field, longest in TEXTS.items():
        words, text = field.replace("_", " "), getattr(request, field).strip()
        if not text and field in ("given_name", "family_name"):
            raise InvalidError(f"Enter the {words}.", field=field)
        if wrong := unwritable(text, longest=longest):
            raise InvalidError(f"The {words} {wrong}", field=field)
    if request.birth_date > today_here(uow, now):
        raise InvalidError("The birth date is in the future; check the year.", field="birth_date")
    if request.birth_date.year < now.year - OLDEST_YEARS:
        raise InvalidError("Nobody is that old; check the birth date.", field="birth_date")
    _check_choices(request)
    _refuse_number_twice(uow, request.mrn, but)


def _check_choices(request: PatientFacts) -> None:
    if request.sex not in SEXES:
        raise InvalidError(f"Sex: choose one of {', '.join(SEXES)}.", field="sex")
    for field in ("spoken_language", "written_language"):
        if not LANGUAGE.fullmatch(getattr(request, field)):
            words = field.replace("_", " ")
            raise InvalidError(f"The {words} is a code such as en or es.", field=field)
    require_weekdays(request.wished_weekdays)


def _refuse_number_twice(uow: UnitOfWork, mrn: str, but: PatientId | None) -> None:
    if not mrn.strip():
        return
    others = [row for row in stored.found_by(uow, [[stored.number_hash(mrn)]]) if row.id != but]
    if others:
        raise InvalidError(f"This MRN is {found(others[0]).name}'s already.", field="mrn")


def _refuse_doubles(uow: UnitOfWork, request: PatientFacts, but: PatientId | None = None) -> None:
    doubles = likely_doubles(
        uow,
        given_name=request.given_name,
        family_name=request.family_name,
        birth_date=request.birth_date,
        but=but,
    )
    if doubles:
        raise LikelyDoubleError(doubles)


SAME_NAME = (
    "sex",
    "childbearing",
    "spoken_language",
    "written_language",
    "interpreter",
    "isolation_until",
    "needs_kind",
    "needs_near_nurses",
    "needs_lift",
    "messages_paused_until",
)
TEXTS = {
    "given_name": LONGEST_NAME,
    "family_name": LONGEST_NAME,
    "name_to_use": LONGEST_NAME,
    "mrn": LONGEST_NAME,
    "note": LONGEST_TEXT,
    "iv_access": LONGEST_WORD,
}


def _write(row: Patient, request: PatientFacts) -> None:
    for name in SAME_NAME:
        setattr(row, name, getattr(request, name))
    for name in TEXTS:
        text = getattr(request, name)
        # a line end in a name would begin a line of its own in mails and calls
        setattr(row, name, text.strip() if name == "note" else " ".join(text.split()))
    row.birth_date_text = request.birth_date.isoformat()
    row.wished_weekdays = written_weekdays(request.wished_weekdays)
    row.wished_time = written_time(request.wished_time)


def facts_of(row: Patient) -> PatientFacts:
    """Return a stored patient as the form's facts."""
    values = {name: getattr(row, name) for name in (*SAME_NAME, *TEXTS)}
    return PatientFacts(
        **values,
        birth_date=row.birth_date,
        wished_weekdays=read_weekdays(row.wished_weekdays),
        wished_time=read_time(row.wished_time),
    )


def _identity(facts: PatientFacts) -> tuple[str, str, date]:
    return facts.given_name.strip(), facts.family_name.strip(), facts.birth_date


def _found_by(facts: PatientFacts) -> tuple[object, ...]:
    return *_identity(facts), facts.name_to_use.strip(), facts.mrn.strip()


def _words(facts: PatientFacts) -> str:
    return f"{facts.given_name} {facts.family_name}, {facts.birth_date.isoformat()}, {facts.mrn}"


def _changes(facts: PatientFacts, other: PatientFacts) -> str:
    names = [each.name for each in fields(PatientFacts)]
    changed = [name for name in names if getattr(facts, name) != getattr(other, name)]
    return "; ".join(f"{name} {getattr(facts, name)}" for name in changed)
