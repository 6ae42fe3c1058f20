"""The words of patients, contacts, tasks and organizations."""

from enum import StrEnum


class OrganizationMode(StrEnum):
    """Only a live organization can send live mail."""

    LIVE = "live"
    DEMONSTRATION = "demonstration"
    RESTORED = "restored"


class MailMode(StrEnum):
    """What a center does with mail."""

    OFF = "off"
    OUTBOX = "outbox"
    TEST = "test"
    LIVE = "live"


class Relation(StrEnum):
    """Who a contact is to the patient."""

    SELF = "self"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"
    CAREGIVER = "caregiver"


class AddressStatus(StrEnum):
    """What is known of an e-mail address."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    SUSPECT = "suspect"
    DEAD = "dead"
    NOT_ME = "not_me"


class Channel(StrEnum):
    """How a contact wants to be told."""

    EMAIL = "email"
    PHONE = "phone"
    NONE = "none"


class PrivacyLevel(StrEnum):
    """What a mail may name; minimal is the default."""

    MINIMAL = "minimal"
    STANDARD = "standard"
    FULL = "full"


class CalendarMode(StrEnum):
    """A file with each mail, an invitation, or nothing."""

    NONE = "none"
    FILE = "file"
    INVITATION = "invitation"


class ConsentKind(StrEnum):
    """Append-only events; the last one of a kind holds."""

    EMAIL_GIVEN = "email_given"
    EMAIL_WITHDRAWN = "email_withdrawn"


class ChairKind(StrEnum):
    """What a place is."""

    CHAIR = "chair"
    BED = "bed"
    ROOM = "room"


class TaskKind(StrEnum):
    """The queues of the worklist."""

    OVERDUE = "overdue"
    NOT_READY = "not_ready"
    UNDELIVERABLE = "undeliverable"
    PHONE = "phone"
    REVIEW = "review"
    REBOOK = "rebook"
    CALL_BACK = "call_back"
    SHORT_WEEK = "short_week"


class TaskOutcome(StrEnum):
    """How a task ended."""

    DONE = "done"
    BOOKED = "booked"
    DECLINED = "declined"
    NOT_NEEDED = "not_needed"


class CallOutcome(StrEnum):
    """What came of one attempt to reach somebody: reached closes the task, the others repeat it."""

    REACHED = "reached"
    LEFT_WORD = "left_word"
    NO_ANSWER = "no_answer"


class Viewed(StrEnum):
    """What of one patient's record somebody was shown, as the audit names it."""

    PATIENT = "patient"
    PLAN = "plan"
    DOSE = "dose"
    VISIT = "appointment"
    MESSAGE = "message"
