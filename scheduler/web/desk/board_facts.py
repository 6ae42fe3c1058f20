"""The plain facts of one clinic day from which the board is drawn; times are the center's wall times."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from scheduler.domain.appointments import DayStep
from scheduler.domain.visits import Step
from scheduler.web.desk.states import StatusFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ChairFact:
    """A row of the board.

    Args:
        second: Second line of the label ("Ruiz", "near the nurses").
        outages: Spans out of service, with a word why.
    """

    key: int
    name: str
    second: str = ""
    pod: str = ""
    outages: tuple[tuple[datetime, datetime, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingFact:
    """A requirement that is not met: icon, words ("REMS missing"), whether it is only pending."""

    icon: str
    words: str
    pending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFact:
    """A visit as the board needs it.

    Args:
        drug: What it is for, short ("Ocrelizumab, dose 5").
        drug_long: The same with the amount ("Ocrelizumab 600 mg, dose 5").
        free: When its chair is clean again.
        steps: Minutes of each planned step, in order.
        times: When the steps of the day really happened.
        last_minutes_note: What else a card says ("first dose").
    """

    id: UUID
    chair_key: int
    patient_id: UUID
    name: str
    drug: str
    drug_long: str
    starts: datetime
    ends: datetime
    free: datetime
    status: StatusFacts
    born: date | None = None
    nurse: str = ""
    steps: tuple[tuple[Step, int], ...] = ()
    times: dict[DayStep, datetime] = field(default_factory=dict)
    missing: tuple[MissingFact, ...] = ()
    note: str = ""
    wants_call: bool = False
    cannot_come: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveFact:
    """One measure of the day per quarter hour from the grid's first: used and allowed.

    Args:
        name: As the label says it ("IV starts").
        unit: As a sentence says it before the number ("acuity").
    """

    name: str
    unit: str
    used: tuple[float, ...]
    allowed: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayFact:
    """Somebody who waits for a place: state class, name, two lines, where to go on."""

    state: str
    name: str
    lines: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFact:
    """A day of the strip: share of chair time booked (1.0 is full), over capacity, closed and why."""

    day: date
    filled: float = 0.0
    over: bool = False
    closed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """Everything about the day that the board draws.

    Args:
        now: The center's wall time; the now line is drawn only on its own day.
        opens, closes: None on a closed day.
        over_cause: Why capacity fell ("Hale leaves at 13:00").
    """

    day: date
    now: datetime
    opens: datetime | None
    closes: datetime | None
    closed: str = ""
    chairs: tuple[ChairFact, ...] = ()
    visits: tuple[VisitFact, ...] = ()
    curves: tuple[CurveFact, ...] = ()
    first_curve_slot: datetime | None = None
    tray: tuple[TrayFact, ...] = ()
    tray_count: int = 0
    days: tuple[DayFact, ...] = ()
    nurses: tuple[str, ...] = ()
    over_cause: str = ""
    note: str = ""
    revision: int = 1
