"""A series laid out to a day: what was given is there, nothing else lies beyond, and more days change no dose."""

from datetime import date, timedelta
from decimal import Decimal

from scheduler.domain.dates import EVERY_DAY
from scheduler.domain.doses import Facts, GivenFact, OrderFacts, PlannedDose
from scheduler.domain.grammar import regimen_from_text
from scheduler.domain.regimen import Regimen
from scheduler.domain.series import resolve
from tests.factories.regimen_file import FICTIONAL
from tests.schedules.formulary import shipped

START = date(2026, 3, 2)


def laid_out(
    rule: Regimen, until: date, *given: date, run_days: int | None = None
) -> tuple[PlannedDose, ...]:
    """Return the doses up to a day; the first ones were given on some days."""
    facts = tuple(
        GivenFact(ingredient=rule.ingredient, ordinal=n, day=day) for n, day in enumerate(given, 1)
    )
    order = OrderFacts(first_day=START, weight_kg=Decimal(80), run_days=run_days)
    return resolve(rule, order, Facts(given=facts), EVERY_DAY, {}, until=until).doses


def test_a_dose_given_before_it_was_due_is_there_when_its_due_day_lies_beyond() -> None:
    found = laid_out(shipped("infliximab-iv"), date(2026, 3, 12), START, date(2026, 3, 10))

    assert [(dose.ordinal, str(dose.due), str(dose.given)) for dose in found] == [
        (1, "2026-03-02", "2026-03-02"),
        (2, "2026-03-16", "2026-03-10"),
    ]


def test_what_follows_a_course_that_lies_beyond_counts_from_its_last_day() -> None:
    text = FICTIONAL.replace('offsets = ["P0D", "P14D"]', 'offsets = ["P14D"]\nrun = { days = 5 }')
    text = text.replace('"induction.1"\nfirst = "P8W"', '"induction.last"\nfirst = "P2D"')
    rule = regimen_from_text(text, file="fictumab.toml")

    near, far = (laid_out(rule, START + timedelta(days=n)) for n in (13, 30))

    assert near == ()
    assert [str(dose.due) for dose in far[4:6]] == ["2026-03-20", "2026-03-22"]


def test_a_course_that_repeats_is_laid_out_no_further_because_of_what_was_given() -> None:
    courses = [START + timedelta(weeks=3 * n) for n in range(5)]
    given = [day + timedelta(days=n) for day in courses for n in (0, 1)]

    found = laid_out(shipped("ivig-cidp"), given[-1] + timedelta(days=1), *given, run_days=2)

    assert [dose.given for dose in found] == given


def test_courses_that_were_asked_for_beyond_what_is_laid_out_are_not_there_yet() -> None:
    order = OrderFacts(first_day=START, phase="next-course", cycles=2)

    near, far = (
        resolve(shipped("rituximab-ra"), order, Facts(), EVERY_DAY, {}, until=until).doses
        for until in (date(2026, 6, 1), date(2027, 6, 1))
    )

    assert [dose.ordinal for dose in far] == [1, 2, 3, 4, 5, 6]
    assert near == far[:2]
