"""Booking what is no dose of a plan: an injection, a blood draw, a port flush, teaching."""

from dataclasses import dataclass
from uuid import UUID

from scheduler.domain.appointments import AppointmentStatus, ItemKind
from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import AppointmentId, CenterId, ChairId, PatientId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, local_day
from scheduler.domain.visits import VisitProfile, together
from scheduler.persistence import centers, patients
from scheduler.persistence.models import Patient
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.bookable import NotBookableError, needs_of
from scheduler.services.center_facts import facts_of
from scheduler.services.idempotency import answered, remember
from scheduler.services.new_visits import NewItem, NewVisit, add_visits, booked_words, noted
from scheduler.services.notices import owe_booked
from scheduler.services.visit_places import Place, exceeds_nurses

PROFILES = {
    ItemKind.INJECTION: VisitProfile(intake=5, iv_start=0, infusion=5, observation=15, turnover=10),
    ItemKind.BLOOD_DRAW: VisitProfile(intake=5, iv_start=10, turnover=10),
    ItemKind.PORT_FLUSH: VisitProfile(intake=5, iv_start=15, infusion=10, turnover=10),
    ItemKind.TEACHING: VisitProfile(iv_start=0, infusion=30, turnover=5),
}
"""Minutes that a center plans when nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookOther:
    """A visit without a dose: a walk-in or an add-on.

    Args:
        patient_id: Who comes.
        center_id: Where.
        starts_at: When.
        kinds: What for, at least one, no dose.
        words: Anything worth showing on the board.
        chair_id: The chair that a person wants.
        idempotency_key: A second press with the same key is answered with the first booking.
        override_reason: Why a charge nurse exceeds nurse limits.
    """

    patient_id: PatientId
    center_id: CenterId
    starts_at: Instant
    kinds: tuple[ItemKind, ...]
    words: str = ""
    chair_id: ChairId | None = None
    idempotency_key: str | None = None
    override_reason: str = ""


def book_other(uow: UnitOfWork, request: BookOther, *, now: Instant, actor: Actor) -> AppointmentId:
    """Book a visit that is for no planned dose.

    Raises:
        InvalidError: no kind is named, or a dose.
        NoCapacityError, AlreadyBookedError: as for a dose.
    """
    actor.require(Permission.BOOK)
    if not request.kinds or ItemKind.DOSE in request.kinds:
        raise InvalidError(
            "Say what the visit is for; a dose is booked from its plan.", field="kinds"
        )
    with uow:
        patient = patients.lock_patient(uow, request.patient_id)
        known = answered(uow, request.idempotency_key, request)
        if known is not None:
            return AppointmentId(UUID(known))
        visit = _visit(uow, request, patient, actor)
        rows = add_visits(
            uow,
            [visit],
            status=AppointmentStatus.BOOKED,
            reason=request.override_reason.strip(),
            now=now,
            actor=actor,
        )
        owe_booked(uow, rows[0], now=now)
        noted(uow, rows, booked_words(uow, rows), now=now, actor=actor)
        remember(uow, request.idempotency_key, request, rows[0].id.hex, now=now)
        uow.commit()
        return rows[0].id


def _visit(uow: UnitOfWork, request: BookOther, patient: Patient, actor: Actor) -> NewVisit:
    if patient.deceased_on is not None:
        raise NotBookableError("The patient is marked deceased.")
    day = local_day(request.starts_at, facts_of(uow, request.center_id).zone)
    needs = VisitProfile(iv_start=0, discharge=1, needs=needs_of(patient, day))
    profile = together([*(PROFILES[kind] for kind in request.kinds), needs])
    chair = request.chair_id
    place = Place(
        starts_at=request.starts_at,
        profile=profile,
        chair_key=centers.chair(uow, request.center_id, chair).key if chair else None,
        exceed_nurses=exceeds_nurses(actor, request.override_reason),
    )
    items = tuple(NewItem(kind=kind, words=request.words.strip()[:80]) for kind in request.kinds)
    return NewVisit(center_id=request.center_id, patient=patient, place=place, items=items)
