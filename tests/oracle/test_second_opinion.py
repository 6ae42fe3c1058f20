"""The engine agrees with the pencil: each of the six drugs, over thousands of random fates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from scheduler.domain.dates import OpenDays
from scheduler.domain.doses import DoseStatus, Facts, GivenFact, OrderFacts, PlannedDose
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.series import resolve
from tests.oracle import drugs
from tests.oracle.almanac import day_of, number_of
from tests.oracle.drugs import Patient, Worked
from tests.oracle.fates import Fate, random_fate
from tests.schedules.formulary import shipped

QUICK, ALL, NIGHT = 100, 1250, 12_500  # fates a drug; there are eight


@dataclass(frozen=True)
class Drug:
    """How a drug is asked for on both sides."""

    regimen: str
    pencil: Callable[[Patient], list[Worked]]
    steps: Sequence[int]
    most: int = 7
    choices: Mapping[str, str] | None = None
    run_days: int | None = None
    elsewhere: bool = True


DRUGS = {
    "ocrelizumab": Drug("ocrelizumab-iv", drugs.ocrelizumab, (14, 168, 182)),
    "natalizumab": Drug("natalizumab-iv", drugs.natalizumab, (28,)),
    "ublituximab from infusion 1": Drug(
        "ublituximab-iv",
        lambda patient: drugs.ublituximab(patient, "infusion 1"),
        (14, 154, 168),
        choices={"gap_from": "induction.1"},
    ),
    "ublituximab from infusion 2": Drug(
        "ublituximab-iv",
        lambda patient: drugs.ublituximab(patient, "infusion 2"),
        (14, 154, 168),
        choices={"gap_from": "prev_infusion"},
    ),
    "alemtuzumab": Drug("alemtuzumab-iv", drugs.alemtuzumab, (1, 1, 1, 1, 365, 1, 1), most=8),
    "mitoxantrone": Drug(
        "mitoxantrone-iv",
        lambda patient: drugs.mitoxantrone(patient, gap_of_three_months=False),
        (91,),
        choices={"gap_floor": "none"},
    ),
    "mitoxantrone with a gap": Drug(
        "mitoxantrone-iv",
        lambda patient: drugs.mitoxantrone(patient, gap_of_three_months=True),
        (91,),
        choices={"gap_floor": "P3M"},
    ),
    "methylprednisolone": Drug(
        "methylprednisolone-ms-relapse",
        lambda patient: drugs.methylprednisolone(patient, 5),
        (1,),
        most=5,
        run_days=5,
    ),
}


def agree(name: str, count: int, seed: int) -> None:
    """Compare engine and pencil over random fates; the first difference names its fate."""
    random = Random(f"{name} {seed}")
    drug = DRUGS[name]
    for _ in range(count):
        fate = random_fate(random, drug.steps, most=drug.most)
        pencil = drug.pencil(_patient(fate))
        engine = {dose.ordinal: dose for dose in _engine(drug, fate)}
        for worked in pencil:
            assert _read(engine[worked.number], fate) == _shown(worked, fate), (name, seed, fate)


@pytest.mark.parametrize("name", DRUGS)
def test_the_engine_agrees_with_the_pencil(name: str) -> None:
    agree(name, QUICK, seed=20260105)


@pytest.mark.parametrize("name", DRUGS)
@pytest.mark.parametrize(("kg", "cm"), [(70, 170), (52, 158), (103, 191)])
def test_the_engine_agrees_with_the_pencil_on_amounts(name: str, kg: int, cm: int) -> None:
    random = Random(f"{name} {kg}")
    for _ in range(5):
        fate = random_fate(random, DRUGS[name].steps, most=DRUGS[name].most)
        for dose in _engine(DRUGS[name], fate, kg=kg, cm=cm)[:8]:
            assert dose.amount is not None
            assert dose.unit == "mg"
            assert float(dose.amount) == drugs.milligrams(
                name.split(maxsplit=1)[0], dose.ordinal, kg, cm
            )


@pytest.mark.parametrize("before", [0, 20, 60, 96, 128, 139])
def test_the_engine_agrees_with_the_pencil_on_the_last_dose_of_a_lifetime(before: int) -> None:
    calm = Fate(number_of(2026, 1, 5), {}, frozenset(), {}, [], frozenset())

    found = _engine(DRUGS["mitoxantrone"], calm, before=before)

    for dose in found[:12]:
        over = drugs.surface_given(dose.ordinal, before) > 140
        assert (dose.status is DoseStatus.BLOCK) == over


@pytest.mark.slow
@pytest.mark.parametrize("name", DRUGS)
def test_the_engine_agrees_with_the_pencil_over_ten_thousand_fates(name: str) -> None:
    agree(name, ALL, seed=20360229)


@pytest.mark.nightly
@pytest.mark.parametrize("name", DRUGS)
def test_the_engine_agrees_with_the_pencil_over_other_fates_each_night(name: str) -> None:
    agree(name, NIGHT, seed=Random().randrange(10**9))  # a failure prints the seed


def _patient(fate: Fate) -> Patient:
    return Patient(
        start=fate.start, given=fate.given, elsewhere=fate.elsewhere, closed=fate.closed, doses=8
    )


def _engine(
    drug: Drug, fate: Fate, *, kg: int = 70, cm: int = 170, before: int = 0
) -> Sequence[PlannedDose]:
    rule = shipped(drug.regimen)

    def fact(day: int, number: int | None, outcome: GivenOutcome) -> GivenFact:
        return GivenFact(
            ingredient=rule.ingredient, ordinal=number, day=_date(day), outcome=outcome
        )

    full = {n: GivenOutcome.PART if n in fate.parts else GivenOutcome.FULL for n in fate.given}
    given = [fact(day, n, full[n]) for n, day in fate.given.items()]
    missing = [fact(day, n, GivenOutcome.NONE) for n, day in fate.not_given.items()]
    elsewhere = [fact(day, None, GivenOutcome.FULL) for day in fate.elsewhere]
    order = OrderFacts(
        first_day=_date(fate.start),
        run_days=drug.run_days,
        weight_kg=Decimal(kg),
        height_cm=Decimal(cm),
        prior_amount=Decimal(before),
    )
    facts = Facts(given=(*given, *missing, *elsewhere))
    return resolve(
        rule,
        order,
        facts,
        OpenDays(closed=frozenset(_date(day) for day in fate.closed)),
        drug.choices or {},
        until=order.first_day + timedelta(days=3000),
    ).doses


def _date(number: int) -> date:
    return date(*day_of(number))


def _read(dose: PlannedDose, fate: Fate) -> tuple[date | None, ...]:
    """Return due day, not-before and planned day; of a given dose the due day alone counts."""
    if dose.ordinal in fate.given:
        return (dose.due,)
    return dose.due, dose.not_before, dose.planned


def _shown(worked: Worked, fate: Fate) -> tuple[date | None, ...]:
    days = (worked.due, worked.not_before, worked.booked)
    found = tuple(_date(day) if day else None for day in days)
    return found[:1] if worked.number in fate.given else found
