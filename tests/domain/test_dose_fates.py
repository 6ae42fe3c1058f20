"""What happens to doses: missed, held, ended, watched again, over a limit, for another weight; and what waits."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from scheduler.domain.dates import EVERY_DAY, Calendar, Interval, OpenDays
from scheduler.domain.dose_reasons import Why
from scheduler.domain.doses import DoseStatus, Facts, GivenFact, OrderFacts, Series
from scheduler.domain.grammar import regimen_from_text
from scheduler.domain.regimen import Basis, Regimen, Window
from scheduler.domain.series import resolve
from tests.factories.regimen_file import FICTIONAL, changed
from tests.schedules.formulary import shipped

START = date(2026, 1, 5)
FICTUMAB = regimen_from_text(FICTIONAL, file="fictumab.toml")


def given(rule: Regimen, *days: date) -> tuple[GivenFact, ...]:
    return tuple(
        GivenFact(ingredient=rule.ingredient, ordinal=n, day=day) for n, day in enumerate(days, 1)
    )


def series(
    rule: Regimen = FICTUMAB,
    facts: Facts = Facts(),  # noqa: B008 - frozen
    *,
    calendar: Calendar = EVERY_DAY,
    years: int = 1,
    **order: object,
) -> Series:
    found = OrderFacts(first_day=START, **{"weight_kg": Decimal(70), **order})  # type: ignore[arg-type]
    return resolve(rule, found, facts, calendar, {}, until=START + timedelta(days=366 * years))


def statuses(found: Series, count: int = 5) -> list[str]:
    return [dose.status.value for dose in found.doses[:count]]


def with_missed(rule: str) -> Regimen:
    return regimen_from_text(
        changed('reanchor = "always"', f'reanchor = "always"\nmissed = {rule}'), file="missed.toml"
    )


def test_a_missed_dose_is_given_as_soon_as_possible_and_passes_on_its_due_day() -> None:
    weekdays = OpenDays()

    found = series(facts=Facts(missed=frozenset({3})), calendar=weekdays)

    assert (found.doses[2].status, found.doses[2].planned) == (DoseStatus.LATE, date(2026, 3, 3))
    assert found.doses[2].reasons[-1].why is Why.AS_SOON_AS_POSSIBLE
    assert found.doses[3].due == date(2026, 4, 27)


def test_a_missed_dose_is_caught_up_after_the_day_it_was_planned_on_not_on_it() -> None:
    monday = OpenDays(closed=frozenset({date(2026, 3, 2)}))

    found = series(facts=Facts(missed=frozenset({3})), calendar=monday)

    assert (found.doses[2].due, found.doses[2].planned) == (date(2026, 3, 2), date(2026, 3, 4))
    assert found.doses[2].reasons[-1].day == date(2026, 3, 3)


def test_a_missed_day_of_a_course_is_for_a_person_who_is_told_the_first_open_day_after_it() -> None:
    rule = shipped("alemtuzumab-iv")
    facts = Facts(given=given(rule, START, date(2026, 1, 6)), missed=frozenset({3}))

    third = series(rule, facts, calendar=OpenDays()).doses[2]

    told = third.reasons[-1]
    assert (third.status, third.planned) == (DoseStatus.MANUAL, None)
    assert (told.why, told.day, told.other) == (
        Why.NO_CATCH_UP,
        date(2026, 1, 7),
        date(2026, 1, 12),
    )


def test_a_skipping_phase_leaves_the_missed_dose_out_and_keeps_the_ordinals() -> None:
    found = series(with_missed('{ action = "skip" }'), Facts(missed=frozenset({4})))

    assert [dose.ordinal for dose in found.doses[:5]] == [1, 2, 3, 5, 6]
    assert found.doses[3].due == date(2026, 6, 22)


def test_a_late_dose_of_a_phase_that_keeps_its_grid_moves_nothing() -> None:
    facts = Facts(given=given(FICTUMAB, START, date(2026, 1, 19), date(2026, 3, 20)))

    moved, kept = series(facts=facts), series(with_missed('{ action = "keep_grid" }'), facts)

    assert (moved.doses[3].due, kept.doses[3].due) == (date(2026, 5, 15), date(2026, 4, 27))


@pytest.mark.parametrize(("length", "left"), [("P3D", True), ("P0D", False)])
def test_a_missed_dose_may_be_given_for_so_long_and_then_falls_out(length: str, left: bool) -> None:
    rule = with_missed(f'{{ action = "give_until", until = "{length}" }}')

    found = series(rule, Facts(missed=frozenset({3})))

    assert any(dose.ordinal == 3 for dose in found.doses) is left


def test_a_plan_on_hold_holds_what_is_planned_from_then_on() -> None:
    facts = Facts(given=given(FICTUMAB, START, date(2026, 1, 19)), held_from=date(2026, 4, 1))

    found = series(facts=facts)

    assert statuses(found) == ["ok", "ok", "ok", "hold", "hold"]
    assert found.doses[3].reasons[-1].why is Why.ON_HOLD


def test_a_check_that_was_not_passed_holds_the_next_dose_alone() -> None:
    found = series(facts=Facts(given=given(FICTUMAB, START), failed=frozenset({"infection"})))

    assert statuses(found) == ["ok", "hold", "ok", "ok", "ok"]


def test_nothing_is_due_after_the_end_of_treatment() -> None:
    found = series(facts=Facts(ended=date(2026, 3, 2)))

    assert [dose.ordinal for dose in found.doses] == [1, 2, 3]


def test_a_single_ordinal_can_have_a_window_of_its_own() -> None:
    narrow = Window(basis=Basis.LABEL)
    phases = tuple(
        replace(phase, windows=((frozenset({4}), narrow),)) if phase.every else phase
        for phase in FICTUMAB.phases
    )

    found = series(replace(FICTUMAB, phases=phases))

    spans = [(dose.latest - dose.earliest).days for dose in found.doses[2:5]]
    assert spans == [7, 0, 10]  # the third is held back by its gap, the fourth has its own


@pytest.mark.parametrize(
    ("order", "phases"),
    [({"region": "EU"}, 1), ({"indication": "asthma"}, 2), ({"region": "US"}, 1)],
)
def test_a_phase_can_be_for_an_indication_or_a_region(order: dict[str, Any], phases: int) -> None:
    text = changed('review_gap = "P16W"', 'select = { indications = ["asthma"] }')
    only_uk = changed('review_gap = "P16W"', 'select = { regions = ["UK"] }')

    found = series(regimen_from_text(text, file="asthma.toml"), **order)
    elsewhere = series(regimen_from_text(only_uk, file="uk.toml"), **order)

    assert len({dose.phase for dose in found.doses}) == phases
    assert {dose.phase for dose in elsewhere.doses} == {"induction"}


def test_watched_doses_begin_again_after_a_long_gap() -> None:
    rule = shipped("natalizumab-iv")
    days = [START + timedelta(weeks=4 * n) for n in range(13)]
    back = days[-1] + timedelta(days=200)
    named = frozenset({"no_prior_hypersensitivity"})

    found = series(rule, Facts(given=given(rule, *days, back)), years=3, alternatives=named)

    watched = [dose.minutes.observation for dose in found.doses[10:27]]
    assert watched == [60, 60, 0, *([60] * 12), 0, 0]


def test_watched_doses_begin_again_where_the_second_dose_came_after_a_long_gap() -> None:
    rule = shipped("natalizumab-iv")
    facts = Facts(given=given(rule, START, START + timedelta(days=200)))
    named = frozenset({"no_prior_hypersensitivity"})

    found = series(rule, facts, years=2, alternatives=named)

    assert [dose.minutes.observation for dose in found.doses[:15]] == [*([60] * 13), 0, 0]


def test_a_weight_that_asks_for_another_schedule_is_for_review() -> None:
    rule = shipped("ravulizumab-iv")

    found = series(rule, weight_kg=Decimal(21), weight_before_kg=Decimal(19))

    assert statuses(found, 4) == ["ok", "ok", "review", "review"]
    assert found.doses[2].reasons[-1].why is Why.OTHER_BAND


def test_a_courses_own_limit_blocks_what_is_beyond_it() -> None:
    rule = shipped("iron-sucrose-iv")
    full = GivenFact(ingredient="iron sucrose", ordinal=1, day=START, amount=Decimal(300))

    assert statuses(series(rule)) == ["ok"] * 5
    assert statuses(series(rule, Facts(given=(full,))))[-1] == "block"


def test_a_fifth_course_is_for_review_where_the_text_ends_with_four() -> None:
    found = series(shipped("alemtuzumab-iv"), years=8, phase="additional", cycles=3, region="EU")

    assert [d.course_day for d in found.doses][-3:] == [1, 2, 3]
    assert {d.status for d in found.doses[-3:]} == {DoseStatus.REVIEW}
    assert {d.status for d in found.doses[:-3]} == {DoseStatus.OK}
    elsewhere = series(shipped("alemtuzumab-iv"), years=8, phase="additional", cycles=3)
    assert {d.status for d in elsewhere.doses} == {DoseStatus.OK}


def test_an_unknown_amount_per_m2_counts_as_the_rule_says() -> None:
    rule = shipped("mitoxantrone-iv")
    eleven = [START + timedelta(days=92 * n) for n in range(11)]

    found = series(rule, Facts(given=given(rule, *eleven)), years=4)

    assert found.doses[11].status is DoseStatus.BLOCK


def test_a_phase_that_waits_for_the_prescriber_has_a_day_from_which() -> None:
    rule = shipped("efgartigimod-iv")
    cycle = [START + timedelta(weeks=n) for n in range(4)]

    found = series(rule, Facts(given=given(rule, *cycle)))

    assert {dose.phase for dose in found.doses} == {"cycle"}
    assert [(each.phase, each.from_day) for each in found.waiting] == [
        ("next-cycle", cycle[-1] + timedelta(days=28))
    ]


def test_what_is_done_before_the_first_dose_has_its_day_and_is_no_dose() -> None:
    found = series(shipped("pegloticase-iv"))

    assert [(each.day, each.what.split()[1]) for each in found.preparations] == [
        (START - timedelta(days=28), "methotrexate"),
        (START - timedelta(days=7), "gout"),
    ]
    assert found.doses[0].ordinal == 1


def test_an_orders_own_interval_holds_from_the_first_one_on() -> None:
    found = series(shipped("infliximab-iv"), interval=Interval(days=42))

    assert found.doses[3].due == START + Interval(days=84).days * timedelta(days=1)
