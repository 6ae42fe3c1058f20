"""A believable clinic day for the board: 8 chairs, about 26 visits in every state."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from scheduler.domain.appointments import AppointmentStatus, DayStep
from scheduler.domain.visits import Step
from scheduler.web.desk.board_facts import (
    ChairFact,
    CurveFact,
    DayFact,
    DayFacts,
    MissingFact,
    TrayFact,
    VisitFact,
)
from scheduler.web.desk.states import StatusFacts

DAY = date(2026, 3, 17)
OPEN_DAYS = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18]
LOADS = [0.7, 0.82, 0.76, 0.88, 0.64, 0.8, 1.04, 0.92, 0.85, 0.71, 0.66, 0.6, 0.5, 0.4, 0.0]
STEPS = (
    (Step.INTAKE, 15),
    (Step.IV_START, 10),
    (Step.PREPARATION, 15),
    (Step.INFUSION, 60),
    (Step.OBSERVATION, 30),
    (Step.DISCHARGE, 5),
)


def at(clock: str, day: date = DAY) -> datetime:
    """Return a wall time of the day: ``at("10:45")``."""
    return datetime.combine(day, time.fromisoformat(clock.zfill(5)))


def make_steps(length: timedelta) -> tuple[tuple[Step, int], ...]:
    """Return the steps of a visit of that length."""
    scale = length.total_seconds() / 60 / sum(minutes for _, minutes in STEPS)
    return tuple((which, round(minutes * scale)) for which, minutes in STEPS)


def make_visit(
    name: str = "Ada Winter",
    starts: str = "9:00",
    ends: str = "11:00",
    *,
    chair: int = 1,
    number: int = 1,
    status: AppointmentStatus = AppointmentStatus.BOOKED,
    step: DayStep | None = None,
    confirmed: bool = False,
    not_treated: bool = False,
    drug: str = "Ocrelizumab, dose 5",
    turnover: int = 15,
    **facts: Any,
) -> VisitFact:
    """Return a visit with everything believable but what is given."""
    state = StatusFacts(status=status, step=step, confirmed=confirmed, not_treated=not_treated)
    return VisitFact(
        id=UUID(int=number),
        chair_key=chair,
        patient_id=UUID(int=1000 + number),
        name=name,
        drug=drug,
        drug_long=drug.replace(",", " 300 mg,", 1),
        starts=at(starts),
        ends=at(ends),
        free=at(ends) + timedelta(minutes=turnover),
        status=state,
        steps=make_steps(at(ends) - at(starts)),
        **facts,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One visit in short: chair, name, times, what it is, state."""

    chair: int
    name: str
    starts: str
    ends: str
    drug: str
    state: str


LINES = (
    Line(1, "Nora Feldhaus", "7:45", "9:15", "Natalizumab, dose 14", "done"),
    Line(1, "Gus Pemberton", "9:30", "12:30", "Infliximab, dose 8", "infusing"),
    Line(1, "Hana Kowalczyk", "13:00", "15:00", "Ublituximab, dose 4", "confirmed"),
    Line(1, "Emil Castrowyn", "15:15", "16:30", "Iron sucrose, dose 2", "booked"),
    Line(2, "Abel Winterborn", "7:45", "11:45", "Ocrelizumab, dose 5", "watch"),
    Line(2, "June Abernathy", "12:00", "14:30", "Lecanemab, dose 6", "confirmed"),
    Line(2, "Ines Calloway", "14:45", "17:15", "Natalizumab, dose 9", "rems"),
    Line(3, "Beatriz Thornquist", "7:30", "8:45", "Iron sucrose, dose 4", "done"),
    Line(3, "Silas Montero", "9:00", "10:30", "Vedolizumab, dose 3", "done"),
    Line(3, "Imani Castellan", "10:45", "15:15", "Ocrelizumab, dose 1", "arrived"),
    Line(3, "Dot Hargrove", "15:30", "17:15", "Methylprednisolone, day 1 of 3", "booked"),
    Line(4, "Felix Nagatani", "8:00", "9:30", "Natalizumab, dose 19", "noshow"),
    Line(4, "Leila Novak", "10:15", "12:45", "Natalizumab, dose 3", "chair"),
    Line(4, "Omar Vestergaard", "13:30", "16:00", "Eculizumab, dose 11", "confirmed"),
    Line(4, "Thea Rosendahl", "16:30", "17:15", "Omalizumab, dose 6", "booked"),
    Line(5, "Rosalind Petrick", "8:15", "12:30", "IVIG, day 1 of 2", "infusing"),
    Line(5, "Mateo Lindqvist", "13:00", "17:00", "Ocrelizumab, dose 3", "confirmed"),
    Line(6, "Amara Dunleavy", "7:30", "10:25", "Infliximab, dose 22", "watch"),
    Line(6, "Walt Henriksen", "11:30", "12:30", "Zoledronic acid, dose 2", "booked"),
    Line(6, "Greta Olufsen", "12:45", "15:15", "Natalizumab, dose 5", "booked"),
    Line(7, "Yusuf Larkin", "8:30", "10:15", "Methylprednisolone, day 2 of 3", "done"),
    Line(7, "Priscilla Okoye", "10:30", "12:30", "Ublituximab, dose 6", "chair"),
    Line(7, "Kenji Alvarado", "13:00", "15:30", "Lecanemab, dose 2", "review"),
    Line(7, "Ravi Sandoval", "15:45", "17:15", "Vedolizumab, dose 1", "tentative"),
    Line(8, "Rui Bergstrand", "7:45", "8:45", "Ocrelizumab, dose 7", "nottreated"),
    Line(8, "Lucille Parkhurst", "12:30", "15:30", "Infliximab, dose 4", "confirmed"),
)


HERE = {
    "arrived": DayStep.ARRIVED,
    "chair": DayStep.IN_CHAIR,
    "infusing": DayStep.INFUSING,
    "watch": DayStep.OBSERVATION,
}
STATUS = {
    **dict.fromkeys(HERE, AppointmentStatus.ARRIVED),
    "done": AppointmentStatus.FULFILLED,
    "nottreated": AppointmentStatus.FULFILLED,
    "noshow": AppointmentStatus.NO_SHOW,
    "tentative": AppointmentStatus.PENDING,
}
MISSING = {
    "rems": (MissingFact(icon="shield", words="REMS missing"),),
    "review": (MissingFact(icon="lab", words="MRI to review"),),
    "tentative": (MissingFact(icon="card", words="PA pending", pending=True),),
}


def make_line(number: int, line: Line) -> VisitFact:
    """Return the visit of one short line."""
    return make_visit(
        line.name,
        line.starts,
        line.ends,
        chair=line.chair,
        number=number,
        drug=line.drug,
        status=STATUS.get(line.state, AppointmentStatus.BOOKED),
        step=HERE.get(line.state),
        confirmed=line.state in ("confirmed", "review"),
        not_treated=line.state == "nottreated",
        missing=MISSING.get(line.state, ()),
        times={DayStep.ARRIVED: at("10:31")} if line.state == "arrived" else {},
        nurse=NURSES[(line.chair - 1) // 2],
    )


NURSES = ("Ruiz", "Lind", "Oduya", "Hale")


def make_chairs(count: int = 8) -> tuple[ChairFact, ...]:
    """Return chairs 1 to n, the last of them a bed."""
    return tuple(
        ChairFact(
            key=key,
            name=f"Bed {key}" if key == count else f"Chair {key}",
            second=NURSES[(key - 1) // 2 % len(NURSES)],
        )
        for key in range(1, count + 1)
    )


def make_curves(visits: tuple[VisitFact, ...]) -> tuple[CurveFact, ...]:
    """Return chairs in use counted from the visits, and two measures that go over at 13:15."""
    slots = [at("7:30") + timedelta(minutes=15 * slot) for slot in range(40)]
    chairs = tuple(float(sum(v.starts <= s < v.free for v in visits)) for s in slots)
    starts = tuple(
        float(
            sum(s <= v.starts + timedelta(minutes=15) < s + timedelta(minutes=15) for v in visits)
        )
        for s in slots
    )
    load = (*(0.7 * one for one in chairs[:23]), 9.4, *(0.6 * one for one in chairs[24:]))
    return (
        CurveFact(name="Chairs in use", unit="chairs", used=chairs, allowed=(8.0,) * 40),
        CurveFact(name="Acuity", unit="acuity", used=load, allowed=(12.0,) * 22 + (9.0,) * 18),
        CurveFact(name="IV starts", unit="IV starts", used=starts, allowed=(2.0,) * 40),
    )


def make_tray() -> tuple[TrayFact, ...]:
    """Return four patients who wait for a place."""
    return (
        TrayFact(
            state="proposed",
            name="Bea Halloran",
            lines=("Infliximab, dose 5 · 180 min", "9 days over the latest day"),
        ),
        TrayFact(
            state="proposed",
            name="Conrad Ashby",
            lines=("Vedolizumab, dose 2 · 90 min", "Due tomorrow, window to Mar 22"),
        ),
        TrayFact(
            state="tentative",
            name="Ravi Sandoval",
            lines=("Reserved until 14:00 · 15:45 in Chair 7", "Payer answers by noon"),
        ),
        TrayFact(
            state="cancelled",
            name="Odile Fenner",
            lines=("By patient at 8:05 · was 11:00", "Rebook inside window, to Mar 24"),
        ),
    )


def make_strip() -> tuple[DayFact, ...]:
    """Return three weeks of days, the last one closed."""
    return tuple(
        DayFact(
            day=date(2026, 3, 9) + timedelta(days=days),
            filled=load,
            over=load > 1,
            closed="" if load else "Spring closure",
        )
        for days, load in zip(OPEN_DAYS, LOADS, strict=True)
    )


def make_day_facts(
    *,
    now: datetime | None = None,
    visits: tuple[VisitFact, ...] | None = None,
    chairs: tuple[ChairFact, ...] | None = None,
    curves: tuple[CurveFact, ...] | None = None,
    over_cause: str = "Hale leaves at 13:00",
) -> DayFacts:
    """Return a whole day in full swing at 10:40."""
    mine = (
        tuple(make_line(n, line) for n, line in enumerate(LINES, 1)) if visits is None else visits
    )
    return DayFacts(
        day=DAY,
        now=now or at("10:40"),
        opens=at("7:30"),
        closes=at("17:30"),
        chairs=make_chairs() if chairs is None else chairs,
        visits=mine,
        curves=make_curves(mine) if curves is None else curves,
        first_curve_slot=at("7:30"),
        tray=make_tray(),
        days=make_strip(),
        nurses=NURSES,
        over_cause=over_cause,
        revision=214,
    )
