"""The words of orders, treatment plans and doses."""

from enum import StrEnum


class OrderKind(StrEnum):
    """A new start, or already on treatment (doses elsewhere are not given again)."""

    NEW_START = "new_start"
    CONTINUING = "continuing"


class PlanStatus(StrEnum):
    """Where a treatment plan stands."""

    ACTIVE = "active"
    ON_HOLD = "on_hold"
    STOPPED = "stopped"
    COMPLETED = "completed"
    TRANSFERRED = "transferred"


class DoseState(StrEnum):
    """Where a planned dose stands; booked is not stored but read from the live appointment."""

    PLANNED = "planned"
    GIVEN = "given"
    SKIPPED = "skipped"
    ENDED = "ended"


class GivenOutcome(StrEnum):
    """What really happened to a dose."""

    FULL = "full"
    PART = "part"
    NONE = "none"


class GivenSource(StrEnum):
    """Where the knowledge of a given dose comes from."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    REPORTED = "reported"


class RequirementStatus(StrEnum):
    """Where one requirement stands."""

    NOT_NEEDED = "not_needed"
    NEEDED = "needed"
    REQUESTED = "requested"
    TO_REVIEW = "to_review"
    MET = "met"
    FAILED = "failed"


class AuthorizationStatus(StrEnum):
    """Where a prior authorization stands."""

    NOT_NEEDED = "not_needed"
    REQUESTED = "requested"
    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"


class ApprovalState(StrEnum):
    """A regimen version as an organization sees it."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"
