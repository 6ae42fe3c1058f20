"""What a case knows, as the engine takes it: order, facts, calendar, choices."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain

from scheduler.domain.cases.case import CaseError, Inputs
from scheduler.domain.dates import EVERY_DAY, Calendar
from scheduler.domain.doses import Facts, OrderFacts, PlannedDose, Series
from scheduler.domain.regimen import Basis, Regimen
from scheduler.domain.series import resolve

HORIZON_DAYS = 366 * 21
MOST_CYCLES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What cases may name: the regimens by id, and the calendars by name."""

    regimens: Mapping[str, Regimen]
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    def regimen(self, regimen_id: str) -> Regimen:
        """Return a regimen.

        Raises:
            CaseError: there is none.
        """
        if regimen_id not in self.regimens:
            raise CaseError(f"there is no regimen {regimen_id}")
        return self.regimens[regimen_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A patient at a moment: rule, order, facts, calendar, choices, and how many doses are behind."""

    regimen: Regimen
    order: OrderFacts
    facts: Facts
    calendar: Calendar
    choices: Mapping[str, str]

    def series(self) -> Series:
        """Return the whole series."""
        until = self.order.first_day + timedelta(days=HORIZON_DAYS)
        return resolve(
            self.regimen, self.order, self.facts, self.calendar, self.choices, until=until
        )

    def ahead(self) -> tuple[PlannedDose, ...]:
        """Return the doses after the last given one; with none left, those that a prescriber may ask for."""
        last = max((fact.ordinal or 0 for fact in self.facts.given), default=0)
        further = (self.asking_for(cycles) for cycles in range(1, MOST_CYCLES))
        for question in chain([self], further):
            left = tuple(dose for dose in question.series().doses if dose.ordinal > last)
            if left:
                return left
        return ()

    def asking_for(self, cycles: int) -> "Question":
        """Return the same patient with so many courses or cycles that wait for a prescriber's word."""
        waiting = [phase.id for phase in self.regimen.phases if phase.clinical]
        name = self.order.phase or next(iter(waiting), "")
        return replace(self, order=replace(self.order, phase=name, cycles=max(cycles, 1)))

    def upcoming(self) -> PlannedDose:
        """Return the next dose.

        Raises:
            CaseError: there is none.
        """
        doses = self.ahead()
        if not doses:
            raise CaseError("there is no next dose")
        return doses[0]

    def next_doses(self) -> tuple[PlannedDose, ...]:
        """Return the next dose; all days of it when it is a course."""
        ahead, first = self.ahead(), self.upcoming()
        together = [d for d in ahead if (d.phase, d.course) == (first.phase, first.course)]
        return tuple(together) if first.course is not None else (first,)

    def bounds(self, dose: PlannedDose) -> tuple[date | None, date | None]:
        """Return the days between which a dose must lie by its label, as far as the label says."""
        phase = self.regimen.phase(dose.phase)
        window = phase.window_of(dose.ordinal)
        hard = (
            window.basis is Basis.LABEL or window.event in self.facts.events or bool(phase.spread)
        )
        earliest = [day for day in (dose.not_before, dose.earliest if hard else None) if day]
        return max(earliest, default=None), dose.latest if hard else None


def calendar_of(inputs: Inputs, known: Known) -> Calendar:
    """Return the calendar that a case names; every day is open when it names none."""
    name = inputs.take("cal", "none")
    if name == "none":
        return EVERY_DAY
    if name not in known.calendars:
        raise CaseError(f"there is no calendar {name}")
    return known.calendars[name]
