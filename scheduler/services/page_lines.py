"""The lines of a patient's page: contacts, doses, plans, messages and who looked, as values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.domain.appointments import AppointmentStatus, CancellationReason
from scheduler.domain.dose_reasons import Reason
from scheduler.domain.doses import WaitingPhase
from scheduler.domain.ids import (
    AppointmentId,
    CenterId,
    ContactId,
    DoseId,
    GivenDoseId,
    MessageId,
    PatientId,
    PlanId,
    TaskId,
)
from scheduler.domain.people import AddressStatus, TaskKind
from scheduler.domain.plans import (
    DoseState,
    GivenOutcome,
    GivenSource,
    OrderKind,
    PlanStatus,
)
from scheduler.domain.programs import Subject
from scheduler.domain.requirements import Readiness
from scheduler.domain.surroundings import BeforeStart
from scheduler.domain.timing import Instant
from scheduler.domain.trace import Step
from scheduler.domain.visit_rules import VisitMinutes
from scheduler.services.contacts import ContactFacts
from scheduler.services.patients import PatientFacts
from scheduler.services.recalculating import RecalculationView
from scheduler.services.record_lines import (
    AuthorizationLine,
    ClinicalEventLine,
    EnrolmentLine,
    RequirementLine,
    SupplyLine,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLine:
    """A contact; ``facts.consented`` is what holds now."""

    id: ContactId
    version: int
    facts: ContactFacts
    status: AddressStatus
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureLine:
    """A dated weight (kg) or height (cm)."""

    kind: str
    value: Decimal
    measured_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AllergyLine:
    """An allergy or an earlier reaction."""

    id: PatientId
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLine:
    """A given dose as it holds now."""

    id: GivenDoseId
    given_on: date
    outcome: GivenOutcome
    amount: Decimal | None
    unit: str
    product: str
    lot: str
    place: str
    source: GivenSource
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedLine:
    """The live visit of a dose."""

    appointment_id: AppointmentId
    starts_at: Instant
    ends_at: Instant
    status: AppointmentStatus
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLine:
    """A dose of a plan: what the rule says, where it is booked, what was given, what it needs."""

    id: DoseId
    ordinal: int
    phase: str
    course: int | None
    course_day: int | None
    due_on: date
    planned_on: date | None
    earliest: date
    latest: date
    not_before: date | None
    amount: Decimal | None
    unit: str
    minutes: VisitMinutes
    state: DoseState
    engine_status: str
    reasons: tuple[Reason, ...]
    trace: tuple[Step, ...]
    missed: bool
    booked: BookedLine | None
    given: GivenLine | None
    readiness: Readiness | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """Something that happened to a plan."""

    kind: str
    at: Instant
    until: date | None
    reason: str
    actor_name: str
    corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """The order a plan follows: ``regimen`` is the rule's id, ``title`` its name, ``phase`` one that it asks for."""

    regimen: str
    title: str
    product: str
    rems_program: str
    rems_enrols: tuple[Subject, ...]
    indication: str
    kind: OrderKind
    prescriber: str
    signed_on: date
    valid_until: date
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A treatment plan with its doses."""

    id: PlanId
    version: int
    center_id: CenterId
    center: str
    zone: str
    ingredient: str
    order: OrderLine
    status: PlanStatus
    first_day: date
    until: date
    review_on: date | None
    wished_weekdays: frozenset[int]
    wished_time: str
    doses: tuple[DoseLine, ...]
    earlier: tuple[GivenLine, ...]
    events: tuple[EventLine, ...]
    requirements: tuple[RequirementLine, ...]
    waiting: tuple[WaitingPhase, ...]
    before: tuple[BeforeStart, ...]
    happened: tuple[ClinicalEventLine, ...]
    event_names: tuple[str, ...]
    authorizations: tuple[AuthorizationLine, ...]
    supplies: tuple[SupplyLine, ...]
    recalculation: RecalculationView | None

    @property
    def next_dose(self) -> DoseLine | None:
        """The next dose that was not given yet."""
        return next((dose for dose in self.doses if dose.state is DoseState.PLANNED), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """A message of the log."""

    id: MessageId
    kind: str
    lead: str
    status: str
    outcome: str
    contact_id: ContactId
    language: str
    send_after: Instant
    closed_at: Instant | None
    appointment_id: AppointmentId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """An open task."""

    id: TaskId
    kind: TaskKind
    due_on: date
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """Who did or saw what."""

    at: Instant
    actor_name: str
    action: str
    entity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLine:
    """A visit of the record, cancelled ones too; ``answered`` is what the patient said of a booked one."""

    id: AppointmentId
    version: int
    starts_at: Instant
    ends_at: Instant
    status: AppointmentStatus
    cancellation: CancellationReason | None
    answered: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientPage:
    """All that a patient's page shows."""

    id: PatientId
    version: int
    name: str
    facts: PatientFacts
    deceased_on: date | None
    contacts: tuple[ContactLine, ...]
    measures: tuple[MeasureLine, ...]
    allergies: tuple[AllergyLine, ...]
    plans: tuple[PlanLine, ...]
    visits: tuple[VisitLine, ...]
    messages: tuple[MessageLine, ...]
    tasks: tuple[TaskLine, ...]
    enrolments: tuple[EnrolmentLine, ...]
