"""Six drugs, each as a pharmacist would work out its days with a pencil: one function a drug, no rule language.

A day is a Julian day number. What was given is a table from the dose's number to its day; a dose that was not given
is not in it. Every function returns the first doses of a patient, each with its due day, the day before which it must
not be given (0: none), and the day to book it (0: no open day fits).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.oracle.almanac import allowed_after, due_after

Given = Mapping[int, int]


@dataclass(frozen=True)
class Worked:
    """One dose as worked out by hand."""

    number: int
    due: int
    not_before: int
    booked: int


@dataclass(frozen=True)
class Patient:
    """Who is treated: first day, what was given here and elsewhere, the days without infusions, how many doses."""

    start: int
    given: Given
    elsewhere: Sequence[int]
    closed: frozenset[int]
    doses: int = 7

    def shut(self, day: int) -> bool:
        """Say whether a day has no infusions: a weekend (day number 0 was a Monday) or a closed one."""
        return day % 7 in (5, 6) or day in self.closed

    def passed(self, number: int, due: int) -> int:
        """Return the day a dose passes on to those that count from it: given, else due."""
        return self.given.get(number, due)


def ocrelizumab(patient: Patient) -> list[Worked]:
    """Day 1 and day 15; then six months from infusion 1; each given dose restarts; never within five months."""
    found = _two_then(patient, second_late=7)
    base, steps = patient.passed(1, patient.start), 0
    dues = {dose.number: dose.due for dose in found}
    for number in range(3, patient.doses + 1):
        steps += 1
        due = due_after(base, 6 * steps)
        since = _latest_before(patient, number, dues)
        bar = allowed_after(since, 5)
        found.append(Worked(number, due, bar, _near(patient, due, bar, early=14, late=28)))
        dues[number] = due
        if number in patient.given:
            base, steps = patient.given[number], 0
    return found


def ublituximab(patient: Patient, reading: str) -> list[Worked]:
    """Day 1 and day 15; then 24 weeks from infusion 1. Where the five months before the third begin is a choice."""
    found = _two_then(patient, second_late=1)
    base, steps = patient.passed(1, patient.start), 0
    dues = {dose.number: dose.due for dose in found}
    for number in range(3, patient.doses + 1):
        steps += 1
        due = base + 168 * steps
        since = _latest_before(patient, number, dues)
        if number == 3 and reading == "infusion 1":
            since = max([patient.passed(1, patient.start), *_others(patient, number)])
        bar = allowed_after(since, 5)
        found.append(Worked(number, due, bar, _near(patient, due, bar, early=14, late=28)))
        dues[number] = due
        if number in patient.given:
            base, steps = patient.given[number], 0
    return found


def natalizumab(patient: Patient) -> list[Worked]:
    """Every 28 days, from the last given; 21 days are the practice floor."""
    found: list[Worked] = []
    base, steps = patient.start, 0
    dues: dict[int, int] = {}
    for number in range(1, patient.doses + 1):
        due = base + 28 * steps
        bar = 0
        if dues or _others(patient, number):
            bar = _latest_before(patient, number, dues) + 21
        found.append(Worked(number, due, bar, _near(patient, due, bar, early=3, late=7)))
        dues[number] = due
        if number in patient.given:
            base, steps = patient.given[number], 0
        steps += 1
    return found


def mitoxantrone(patient: Patient, *, gap_of_three_months: bool) -> list[Worked]:
    """Every three months, from the last given; two weeks late at most; the gap is a choice."""
    found: list[Worked] = []
    base, steps = patient.start, 0
    dues: dict[int, int] = {}
    for number in range(1, patient.doses + 1):
        due = due_after(base, 3 * steps)
        bar = 0
        if gap_of_three_months and (dues or _others(patient, number)):
            bar = allowed_after(_latest_before(patient, number, dues), 3)
        found.append(Worked(number, due, bar, _near(patient, due, bar, early=0, late=14)))
        dues[number] = due
        if number in patient.given:
            base, steps = patient.given[number], 0
        steps += 1
    return found


def alemtuzumab(patient: Patient) -> list[Worked]:
    """Five days in a row; three days in a row twelve months after the last of them."""
    first = _days_in_a_row(patient, 1, 5, due=patient.start, bar=0)
    last = patient.passed(5, first[-1].due)
    due = due_after(last, 12)
    before = max([patient.passed(dose.number, dose.due) for dose in first] + _others(patient, 6))
    return first + _days_in_a_row(patient, 6, 3, due=due, bar=allowed_after(before, 12))


def methylprednisolone(patient: Patient, days: int) -> list[Worked]:
    """So many days from the first on; closed days are left out, but never more than three in a row."""
    found: list[Worked] = []
    due, booked = patient.start, _open_on(patient, patient.start, 28)
    if not _all_fit(patient, booked, days):
        booked = 0
    for number in range(1, days + 1):
        found.append(Worked(number, due, 0, booked))
        before = patient.given.get(number)
        due = (due if before is None else before) + 1
        booked = booked if before is None else before
        booked = _open_on(patient, booked + 1, 3) if booked else 0
    return found


def _all_fit(patient: Patient, first: int, days: int) -> bool:
    """Say whether a whole course can be booked from a day on."""
    for _ in range(days - 1):
        first = _open_on(patient, first + 1, 3) if first else 0
    return bool(first)


def _open_on(patient: Patient, day: int, most: int) -> int:
    """Return the first open day from a day on, with at most so many closed days before it."""
    return _from(patient, day, day + most)


def _two_then(patient: Patient, second_late: int) -> list[Worked]:
    """Return day 1 and day 15 of the drugs that begin so."""
    second = patient.passed(1, patient.start) + 14
    return [
        Worked(1, patient.start, 0, _near(patient, patient.start, 0, early=0, late=second_late)),
        Worked(2, second, 0, _near(patient, second, 0, early=0, late=second_late)),
    ]


def _others(patient: Patient, number: int) -> list[int]:
    """Return the days of doses that count beside the ones before: elsewhere, and later ones given already."""
    mine = patient.given.get(number)
    days = [*patient.elsewhere, *(day for n, day in patient.given.items() if n > number)]
    return [day for day in days if mine is None or day < mine]


def _latest_before(patient: Patient, number: int, dues: Mapping[int, int]) -> int:
    passed = [patient.passed(n, due) for n, due in dues.items() if n < number]
    return max([*passed, *_others(patient, number)])


def _near(patient: Patient, due: int, bar: int, *, early: int, late: int) -> int:
    """Return the open day nearest to the due day in its window; a tie goes to the later one; 0 when there is none."""
    if bar > due:
        return _from(patient, bar, max(due + late, bar)) or _from(patient, bar, bar + 28)
    fits = [
        day for day in range(due - early, due + late + 1) if day >= bar and not patient.shut(day)
    ]
    return min(fits, key=lambda day: (abs(day - due), day < due), default=0)


def _from(patient: Patient, first: int, last: int) -> int:
    return next((day for day in range(first, last + 1) if not patient.shut(day)), 0)


def _days_in_a_row(
    patient: Patient, number: int, count: int, *, due: int, bar: int
) -> list[Worked]:
    """Return a course of consecutive days, the first search-forward day from which all of them are open."""
    begins = max(due, bar)
    # a course may begin up to 28 days after its first possible day
    starts = range(begins, begins + 29)
    booked = next((day for day in starts if not _shut_within(patient, day, count)), 0)
    found = [Worked(number, due, bar, booked)]
    for place in range(1, count):
        before = patient.given.get(number + place - 1)
        due = before + 1 if before is not None else found[-1].due + 1
        booked = before if before is not None else booked
        booked = booked + 1 if booked and not patient.shut(booked + 1) else 0
        found.append(Worked(number + place, due, 0, booked))
    return found


def _shut_within(patient: Patient, first: int, count: int) -> bool:
    return any(patient.shut(day) for day in _span(first, count))


def _span(first: int, count: int) -> Iterable[int]:
    return range(first, first + count)


def milligrams(drug: str, number: int, kg: int, cm: int) -> float:
    """Return how much of a drug a dose is, in mg, as a pharmacist would write it on the order.

    Mitoxantrone goes by the surface after Mosteller, rounded to two places, and to a tenth of a milligram.
    """
    if drug == "ocrelizumab":
        return 300 if number < 3 else 600
    if drug == "ublituximab":
        return 150 if number == 1 else 450
    if drug == "mitoxantrone":
        surface = int((cm * kg / 3600) ** 0.5 * 100 + 0.5)
        return (12 * surface + 5) // 10 / 10
    return {"natalizumab": 300, "alemtuzumab": 12, "methylprednisolone": 1000}[drug]


def surface_given(doses: int, before: int) -> int:
    """Return the mg/m2 of mitoxantrone after so many doses of 12 and what was given before; 140 are for life."""
    return before + 12 * doses
