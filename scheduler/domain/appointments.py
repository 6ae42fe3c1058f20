"""The words of a visit: status in FHIR's terms, what it is for, why it was cancelled."""

from enum import StrEnum


class AppointmentStatus(StrEnum):
    """FHIR's words; the flow of the day is kept as timestamps beside them."""

    PROPOSED = "proposed"
    PENDING = "pending"
    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NO_SHOW = "noshow"
    ENTERED_IN_ERROR = "entered-in-error"

    @property
    def live(self) -> bool:
        """Whether the visit holds its chair and its share of the day."""
        return self in LIVE


LIVE = frozenset(
    {
        AppointmentStatus.PENDING,
        AppointmentStatus.BOOKED,
        AppointmentStatus.ARRIVED,
        AppointmentStatus.FULFILLED,
    }
)


class ItemKind(StrEnum):
    """What a visit is for; one stay can serve several."""

    DOSE = "dose"
    INJECTION = "injection"
    BLOOD_DRAW = "blood_draw"
    PORT_FLUSH = "port_flush"
    TEACHING = "teaching"


class CancellationReason(StrEnum):
    """Who cancelled and why; each leads to what comes next."""

    PATIENT = "patient"
    CENTER = "center"
    PRESCRIBER = "prescriber"
    PAYER = "payer"
    DRUG_MISSING = "drug_missing"
    WEATHER = "weather"
    CLINICAL_HOLD = "clinical_hold"
    PLAN_ENDED = "plan_ended"
    DECEASED = "deceased"
    BOOKED_IN_ERROR = "booked_in_error"

    @property
    def words(self) -> str:
        """The reason as the desk reads it."""
        return CANCELLATION_WORDS[self]


CANCELLATION_WORDS = {
    CancellationReason.PATIENT: "Patient cannot come",
    CancellationReason.CENTER: "Center (closed, staff, chair)",
    CancellationReason.PRESCRIBER: "Prescriber changed or stopped the order",
    CancellationReason.PAYER: "Payer denied or has not answered",
    CancellationReason.DRUG_MISSING: "Drug not here",
    CancellationReason.WEATHER: "Weather",
    CancellationReason.CLINICAL_HOLD: "Clinical hold",
    CancellationReason.PLAN_ENDED: "Treatment plan ended",
    CancellationReason.DECEASED: "Patient died",
    CancellationReason.BOOKED_IN_ERROR: "Booked in error",
}


class DayStep(StrEnum):
    """A step of the visit's own day, in order; each is a timestamp."""

    ARRIVED = "arrived"
    IN_CHAIR = "in_chair"
    INFUSING = "infusing"
    OBSERVATION = "observation"
    DISCHARGED = "discharged"
