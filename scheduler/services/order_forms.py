"""What the order form knows, and the series it is shown before it is saved."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from scheduler.domain.dose_reasons import Reason
from scheduler.domain.doses import WaitingPhase
from scheduler.domain.five_steps import ToldLength, five_steps
from scheduler.domain.ids import CenterId, PatientId, RegimenVersionId
from scheduler.domain.plans import AuthorizationStatus, OrderKind
from scheduler.domain.surroundings import BeforeStart
from scheduler.domain.trace import Step
from scheduler.domain.visit_rules import VisitMinutes
from scheduler.services.plan_facts import Overrides

PLAIN = Overrides()


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierDose:
    """A dose given before the order, here or elsewhere; ``amount`` in mg if it is known."""

    day: date
    amount: Decimal | None = None
    product: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterOrder:
    """What the order form knows.

    Args:
        patient_id: For whom.
        center_id: Where it is given.
        regimen: The version ordered.
        product: One of the regimen's; may be empty when it has only one.
        kind: A new start, or already on treatment: what was given before is not given again.
        first_day: Day of the first dose here.
        prescriber: Who signed it.
        signed_on, valid_until: How long it may be given on.
        wished_weekdays: Monday is 0; None takes the patient's wishes.
        wished_time: None takes the patient's wish.
        earlier: Doses given already, oldest first or not.
        amount: The prescriber's own amount for repeating phases, in the regimen's unit.
        overrides: What else the order says otherwise than the regimen.
        prior_amount: Earlier exposure in the limit's unit, as an opening balance.
        authorization: Where the prior authorization stands, if one is asked for.
        confirmed: On treatment, and a person says that the days of the earlier doses are not known.
        second_plan: A person says that a second plan with the drug is meant.
        idempotency_key: A second press with the same key is answered with the first plan.
    """

    patient_id: PatientId
    center_id: CenterId
    regimen: RegimenVersionId
    first_day: date
    prescriber: str
    signed_on: date
    valid_until: date
    product: str = ""
    substitution: bool = False
    kind: OrderKind = OrderKind.NEW_START
    indication: str = ""
    wished_weekdays: frozenset[int] | None = None
    wished_time: time | None = None
    earlier: tuple[EarlierDose, ...] = ()
    amount: Decimal | None = None
    rate_profile: str = ""
    overrides: Overrides = PLAIN
    prior_amount: Decimal | None = None
    authorization: AuthorizationStatus | None = None
    confirmed: bool = False
    second_plan: bool = False
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DosePreview:
    """One dose as it would be planned; ``reasons`` render by ``dose_reasons.paragraph``."""

    ordinal: int
    phase: str
    due_on: date
    planned_on: date | None
    earliest: date
    latest: date
    not_before: date | None
    amount: Decimal | None
    unit: str
    minutes: VisitMinutes
    status: str
    reasons: tuple[Reason, ...]
    trace: tuple[Step, ...] = ()
    course: int | None = None
    course_day: int | None = None

    @property
    def steps(self) -> tuple[ToldLength, ...]:
        """The five steps of its visit, as the patient is told them."""
        return five_steps(self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPreview:
    """The series that an order would make.

    Args:
        warnings: Sentences that a person should read.
        hint: What to do if loading is not over; empty where that cannot be.
        waiting: Phases that begin when the prescriber asks for them, with the first day on which they may.
        before: What is to be done before the first dose, by when.
    """

    regimen: str
    doses: tuple[DosePreview, ...]
    warnings: tuple[str, ...] = ()
    hint: str = ""
    waiting: tuple[WaitingPhase, ...] = ()
    before: tuple[BeforeStart, ...] = ()
