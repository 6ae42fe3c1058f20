"""The lines of a patient's page about what is recorded: requirements, authorizations, drug, enrolments."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from scheduler.domain.clinical_events import event_words
from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.plans import AuthorizationStatus, GivenOutcome, RequirementStatus
from scheduler.domain.requirement_rules import RequirementRule
from scheduler.domain.timing import Instant
from scheduler.services.allotting import Unused


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementLine:
    """A requirement as recorded, with its rule; the form needs code and version.

    Args:
        fresh_until: The last day on which the result holds, if it ages.
    """

    code: str
    status: RequirementStatus
    result_on: date | None
    valid_until: date | None
    note: str
    changed_at: Instant
    changed_by: str
    version: int
    rule: RequirementRule
    fresh_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalEventLine:
    """A dated event such as plasma exchange, and what of the plan counts from it.

    Args:
        bears_on: What, in words, and from which day on it stands in the way no more.
    """

    id: UUID
    name: str
    on_day: date
    note: str
    recorded_at: Instant
    recorded_by: str
    bears_on: tuple[tuple[str, date | None], ...]

    @property
    def words(self) -> str:
        """What it is, such as "plasma exchange"."""
        return event_words(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class UseLine:
    """What a given dose took from an authorization, what a person gave back of it, and what may be."""

    id: UUID
    ordinal: int
    visits: int
    units: Decimal
    given_back_at: Instant | None
    outcome: GivenOutcome | None
    given: Decimal | None
    unused: Unused


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyLine:
    """Where the drug for a dose is, or for the plan when ``ordinal`` is 0."""

    dose_id: DoseId | None
    ordinal: int
    route: str
    status: str
    expected_on: date | None
    received_on: date | None
    received_amount: Decimal | None
    allocated_amount: Decimal | None
    lot: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationLine:
    """A prior authorization and what of it is used, dose by dose."""

    id: PlanId
    version: int
    status: AuthorizationStatus
    number: str
    from_day: date | None
    until_day: date | None
    visits: int | None
    used: int
    units: Decimal | None
    units_used: Decimal
    uses: tuple[UseLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentLine:
    """An enrolment in a REMS program: the patient's, a prescriber's or a center's."""

    id: UUID
    program: str
    subject: str
    who: str
    enrolled_on: date
    valid_until: date | None
