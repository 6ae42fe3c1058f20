"""What state a visit is in, and how it looks: class, icon and word, always together."""

from dataclasses import dataclass
from enum import StrEnum

from scheduler.domain.appointments import AppointmentStatus, DayStep


class VisitState(StrEnum):
    """The states of the board; the value is the class ``s-<value>``."""

    PROPOSED = "proposed"
    TENTATIVE = "tentative"
    BOOKED = "booked"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    CHAIR = "chair"
    INFUSING = "infusing"
    WATCH = "watch"
    DONE = "done"
    NOT_TREATED = "nottreated"
    NO_SHOW = "noshow"
    CANCELLED = "cancelled"

    @property
    def look(self) -> "Look":
        """Its icon, word and next step."""
        return LOOKS[self]


@dataclass(frozen=True, slots=True)
class Look:
    """Icon of the sprite, state word."""

    icon: str
    words: str


LOOKS = {
    VisitState.PROPOSED: Look("proposed", "Proposed"),
    VisitState.TENTATIVE: Look("tentative", "Tentative"),
    VisitState.BOOKED: Look("booked", "Booked"),
    VisitState.CONFIRMED: Look("confirmed", "Confirmed"),
    VisitState.ARRIVED: Look("arrived", "Arrived"),
    VisitState.CHAIR: Look("chair", "In chair"),
    VisitState.INFUSING: Look("drop", "Infusing"),
    VisitState.WATCH: Look("watch", "Observation"),
    VisitState.DONE: Look("check", "Discharged"),
    VisitState.NOT_TREATED: Look("nottreated", "Not treated"),
    VisitState.NO_SHOW: Look("noshow", "No-show"),
    VisitState.CANCELLED: Look("cancelled", "Cancelled"),
}

EXPECTED = frozenset({VisitState.TENTATIVE, VisitState.BOOKED, VisitState.CONFIRMED})
IN_CHAIR = frozenset({VisitState.CHAIR, VisitState.INFUSING, VisitState.WATCH})
HERE = IN_CHAIR | {VisitState.ARRIVED}
LOST = frozenset({VisitState.NOT_TREATED, VisitState.NO_SHOW})

BY_STATUS = {
    AppointmentStatus.PROPOSED: VisitState.PROPOSED,
    AppointmentStatus.PENDING: VisitState.TENTATIVE,
    AppointmentStatus.BOOKED: VisitState.BOOKED,
    AppointmentStatus.ARRIVED: VisitState.ARRIVED,
    AppointmentStatus.FULFILLED: VisitState.DONE,
    AppointmentStatus.NO_SHOW: VisitState.NO_SHOW,
    AppointmentStatus.CANCELLED: VisitState.CANCELLED,
    AppointmentStatus.ENTERED_IN_ERROR: VisitState.CANCELLED,
}
BY_STEP = {
    DayStep.ARRIVED: VisitState.ARRIVED,
    DayStep.IN_CHAIR: VisitState.CHAIR,
    DayStep.INFUSING: VisitState.INFUSING,
    DayStep.OBSERVATION: VisitState.WATCH,
    DayStep.DISCHARGED: VisitState.DONE,
}
NEXT_STEP = {
    VisitState.BOOKED: DayStep.ARRIVED,
    VisitState.CONFIRMED: DayStep.ARRIVED,
    VisitState.ARRIVED: DayStep.IN_CHAIR,
    VisitState.CHAIR: DayStep.INFUSING,
    VisitState.INFUSING: DayStep.OBSERVATION,
    VisitState.WATCH: DayStep.DISCHARGED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFacts:
    """What decides the state: status, last step of the day, the patient's yes, whether a dose was given."""

    status: AppointmentStatus
    step: DayStep | None = None
    confirmed: bool = False
    not_treated: bool = False


def visit_state(facts: StatusFacts) -> VisitState:
    """Return the state in which a visit is shown."""
    state = BY_STATUS[facts.status]
    if facts.status in (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED) and facts.step:
        state = BY_STEP[facts.step]
    if state is VisitState.DONE and facts.not_treated:
        return VisitState.NOT_TREATED
    if state is VisitState.BOOKED and facts.confirmed:
        return VisitState.CONFIRMED
    return state


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The one button that carries a visit on: its step, words, icon and key."""

    step: DayStep
    words: str
    icon: str
    key: str


def next_step(state: VisitState, chair: str) -> NextStep | None:
    """Return what comes next for a visit, or None when it is over or only an idea."""
    step = NEXT_STEP.get(state)
    if step is None:
        return None
    words, icon, key = {
        DayStep.ARRIVED: ("Arrive", "arrived", "A"),
        DayStep.IN_CHAIR: (f"Seat in {chair}", "chair", "S"),
        DayStep.INFUSING: ("Start infusion", "drop", "S"),
        DayStep.OBSERVATION: ("End infusion", "watch", "S"),
        DayStep.DISCHARGED: ("Discharge", "check", "S"),
    }[step]
    return NextStep(step=step, words=words, icon=icon, key=key)
