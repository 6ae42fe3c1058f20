"""One regimen as its page shows it: rules to sign, readings side by side, an example drawn on a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.domain.dates import EVERY_DAY
from scheduler.domain.dose_reasons import paragraph
from scheduler.domain.doses import Facts, OrderFacts, PlannedDose
from scheduler.domain.phase_numbers import gap_item, phase_name, spoken_gap
from scheduler.domain.regimen import Regimen
from scheduler.domain.regimen_numbers import RuleNumber, grouped, visit_words
from scheduler.domain.series import resolve
from scheduler.domain.trace import Step, trace
from scheduler.services.readings import ReadFor
from scheduler.services.regimen_review import RegimenReview, Signed
from scheduler.web.desk.small_charts import StepPart, draw_steps

EXAMPLE_DOSES = 8
EXAMPLE_KG, EXAMPLE_CM = Decimal(70), Decimal(170)
YEARS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleDose:
    """A dose of the example patient, why it has its day, and how each of its dates came about."""

    dose: PlannedDose
    why: str
    trace: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingShown:
    """One reading of an open text and what it makes of the example: (dose, due, not before)."""

    name: str
    words: str
    doses: tuple[PlannedDose, ...]
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceShown:
    """An ambiguous value with its readings side by side; ``by`` says who chose, None while it is open."""

    id: str
    readings: tuple[ReadingShown, ...]
    by: Signed | None

    @property
    def chosen(self) -> ReadingShown | None:
        """The reading that the organization chose."""
        return next((one for one in self.readings if one.chosen), None)

    @property
    def others(self) -> tuple[ReadingShown, ...]:
        """The readings that it did not choose."""
        return tuple(one for one in self.readings if not one.chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitShown:
    """A visit as a bar in minutes."""

    words: str
    patient: int
    chair: int
    steps: tuple[StepPart, ...]


def example_of(
    rule: Regimen, first: date, choices: Mapping[str, str], count: int = EXAMPLE_DOSES
) -> tuple[PlannedDose, ...]:
    """Return the first doses of somebody of 70 kg and 170 cm who starts on a day."""
    until = date(first.year + YEARS, first.month, 1)
    series = resolve(rule, _somebody(first), Facts(), EVERY_DAY, choices, until=until)
    return series.doses[:count]


def _somebody(first: date) -> OrderFacts:
    return OrderFacts(first_day=first, weight_kg=EXAMPLE_KG, height_cm=EXAMPLE_CM)


def explained(
    rule: Regimen, doses: tuple[PlannedDose, ...], first: date
) -> tuple[ExampleDose, ...]:
    """Return the example's doses with their reasons in words, and rule, source and arithmetic of each date."""
    order = _somebody(first)
    return tuple(
        ExampleDose(dose=dose, why=paragraph(dose.reasons), trace=trace(dose, rule, order))
        for dose in doses
    )


def waiting_words(rule: Regimen) -> tuple[str, ...]:
    """Return the phases that begin on the prescriber's word alone, as their names."""
    alone = len(rule.phases) == 1
    return tuple(phase_name(p.id) for p in rule.phases if p.clinical and not alone)


def choices_shown(
    rule: Regimen,
    review: RegimenReview,
    first: date,
    read: Mapping[str, str],
    real: ReadFor | None = None,
) -> tuple[ChoiceShown, ...]:
    """Return the ambiguous values, each reading with the dates that it gives a real or the example patient."""
    shown = []
    for choice in rule.choices:
        value, by = review.chosen.get(choice.id, ("", None))
        readings = tuple(
            ReadingShown(
                name=reading.name,
                words=spoken_gap(reading.start, reading.span),
                doses=real.doses[choice.id, reading.name][:4]
                if real
                else example_of(rule, first, {**read, choice.id: reading.name}, 4),
                chosen=reading.name == value,
            )
            for reading in choice.readings
        )
        shown.append(ChoiceShown(id=choice.id, readings=readings, by=by))
    return tuple(shown)


def choices_by_number(rule: Regimen, shown: tuple[ChoiceShown, ...]) -> Mapping[str, ChoiceShown]:
    """Return the ambiguous values by the item of the number that each of them reads."""
    by_id = {one.id: one for one in shown}
    return {
        gap_item(phase): by_id[phase.min_gap.choice.id]
        for phase in rule.phases
        if phase.min_gap and phase.min_gap.choice
    }


def visits_shown(rule: Regimen) -> tuple[VisitShown, ...]:
    """Return the visits as bars of five steps."""
    return tuple(
        VisitShown(
            words=visit_words(visit),
            patient=visit.minutes.patient_minutes,
            chair=visit.minutes.chair_minutes,
            steps=draw_steps(visit.minutes),
        )
        for visit in rule.visits
    )


def rules_shown(review: RegimenReview) -> tuple[tuple[str, tuple[RuleNumber, ...]], ...]:
    """Return the numbers by heading."""
    return grouped(review.numbers)
