"""Every series, whatever its fate: hard gaps hold, ordinals stay, nothing depends on what lies between."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.dates import OpenDays, not_before
from scheduler.domain.doses import DoseStatus, Facts, GivenFact, OrderFacts, Series
from scheduler.domain.series import resolve
from tests.schedules.formulary import FORMULARY, shipped

REGIMENS = st.sampled_from(sorted(path.stem for path in FORMULARY.glob("*.toml")))
STARTS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
DELAYS = st.lists(st.integers(0, 60), max_size=6)
CALENDAR = OpenDays()
LONG = timedelta(days=1500)
NO_GRID = ("min_gap", "prev_course.last")


def with_fate(regimen_id: str, first_day: date, delays: list[int]) -> tuple[Series, Facts]:
    """Return the series after doses were given so many days after their planned day."""
    regimen, facts = shipped(regimen_id), Facts()
    order = OrderFacts(first_day=first_day)
    until = first_day + timedelta(days=900)
    found = resolve(regimen, order, facts, CALENDAR, {}, until=until)
    for n, delay in enumerate(delays, start=1):
        dose = found.dose(n)
        if dose is None:
            break
        day = max(dose.planned or dose.due, dose.not_before or dose.due) + timedelta(days=delay)
        fact = GivenFact(ingredient=regimen.ingredient, ordinal=n, day=day)
        facts = Facts(given=(*facts.given, fact))
        found = resolve(regimen, order, facts, CALENDAR, {}, until=until)
    return found, facts


@given(regimen_id=REGIMENS, first_day=STARTS, delays=DELAYS)
def test_no_dose_is_planned_before_its_not_before(
    regimen_id: str, first_day: date, delays: list[int]
) -> None:
    found, _ = with_fate(regimen_id, first_day, delays)

    for dose in found.doses:
        if dose.given is None and dose.planned is not None and dose.not_before is not None:
            assert dose.planned >= dose.not_before
            assert dose.earliest >= dose.not_before


@given(regimen_id=REGIMENS, first_day=STARTS, delays=DELAYS)
def test_the_next_dose_respects_the_gap_from_the_last_given(
    regimen_id: str, first_day: date, delays: list[int]
) -> None:
    regimen = shipped(regimen_id)
    found, facts = with_fate(regimen_id, first_day, delays)

    waiting = next((dose for dose in found.doses if dose.given is None), None)
    if waiting is None or not facts.given or waiting.not_before is None:
        return
    gap = regimen.phase(waiting.phase).min_gap
    if gap is not None and gap.choice is None and gap.start == "prev_infusion":
        assert waiting.not_before >= not_before(facts.given[-1].day, gap.span)


@given(regimen_id=REGIMENS, first_day=STARTS, delays=DELAYS)
def test_resolving_twice_changes_nothing(
    regimen_id: str, first_day: date, delays: list[int]
) -> None:
    assert with_fate(regimen_id, first_day, delays) == with_fate(regimen_id, first_day, delays)


@given(regimen_id=REGIMENS, first_day=STARTS, delays=DELAYS)
def test_ordinals_are_unique_and_a_dose_keeps_its_own_when_another_is_skipped(
    regimen_id: str, first_day: date, delays: list[int]
) -> None:
    found, facts = with_fate(regimen_id, first_day, delays)
    ordinals = [dose.ordinal for dose in found.doses]
    assert len(set(ordinals)) == len(ordinals)

    waiting = [dose for dose in found.doses if dose.given is None and dose.course is None]
    if len(waiting) < 3:
        return
    skipped = Facts(given=facts.given, skipped=frozenset({waiting[1].ordinal}))
    rule, order = shipped(regimen_id), OrderFacts(first_day=first_day)
    again = resolve(rule, order, skipped, CALENDAR, {}, until=first_day + timedelta(days=900))
    assert {dose.ordinal for dose in again.doses} <= set(ordinals)


@given(regimen_id=REGIMENS, first_day=STARTS, delays=DELAYS)
def test_planned_days_are_open(regimen_id: str, first_day: date, delays: list[int]) -> None:
    found, _ = with_fate(regimen_id, first_day, delays)

    assert all(
        CALENDAR.is_open(dose.planned)
        for dose in found.doses
        if dose.planned is not None and dose.given is None
    )


@given(first_day=STARTS)
def test_five_doses_within_two_weeks_stay_within_them_or_say_so(first_day: date) -> None:
    found, _ = with_fate("iron-sucrose-iv", first_day, [])
    last_day = first_day + timedelta(days=13)
    assert all(dose.planned is None or dose.planned <= last_day for dose in found.doses)


def test_a_dose_left_open_waits_for_the_gap_after_a_later_one_that_was_given() -> None:
    found, _ = given_out_of_turn(4, date(2027, 1, 5))

    left_open = found.doses[2]
    assert left_open.not_before == date(2027, 6, 5)
    assert left_open.planned == date(2027, 6, 7)


def test_a_dose_elsewhere_holds_back_what_is_to_come_and_nothing_that_was_given() -> None:
    regimen = shipped("ocrelizumab-iv")
    mine = [
        GivenFact(ingredient="ocrelizumab", ordinal=n, day=day)
        for n, day in ((1, date(2026, 1, 5)), (2, date(2026, 1, 19)), (3, date(2026, 7, 6)))
    ]
    elsewhere = GivenFact(ingredient="ocrelizumab", day=date(2026, 12, 28))

    before, after = (
        resolve(
            regimen,
            OrderFacts(first_day=date(2026, 1, 5)),
            Facts(given=given_doses),
            CALENDAR,
            {},
            until=date(2027, 12, 31),
        ).doses
        for given_doses in (tuple(mine), (*mine, elsewhere))
    )

    assert before[:3] == after[:3]
    assert after[3].not_before == date(2027, 5, 28)


def given_out_of_turn(ordinal: int, day: date) -> tuple[Series, Facts]:
    """Return ocrelizumab's series of which doses 1, 2 and a later one were given."""
    days = {1: date(2026, 1, 5), 2: date(2026, 1, 19), ordinal: day}
    facts = Facts(
        given=tuple(GivenFact(ingredient="ocrelizumab", ordinal=n, day=d) for n, d in days.items())
    )
    order = OrderFacts(first_day=date(2026, 1, 5))
    return resolve(
        shipped("ocrelizumab-iv"), order, facts, CALENDAR, {}, until=date(2027, 12, 31)
    ), facts


def run_of_five(*given: tuple[int, date], closed: set[date]) -> Series:
    """Return methylprednisolone over five days, of which some were given."""
    facts = tuple(GivenFact(ingredient="methylprednisolone", ordinal=n, day=d) for n, d in given)
    return resolve(
        shipped("methylprednisolone-ms-relapse"),
        OrderFacts(first_day=date(2026, 3, 2), run_days=5),
        Facts(given=facts),
        OpenDays(closed=frozenset(closed)),
        {},
        until=date(2026, 12, 31),
    )


def test_the_days_of_a_run_follow_the_last_given_one_and_never_share_a_due_day() -> None:
    found = run_of_five((1, date(2026, 3, 2)), (2, date(2026, 3, 4)), closed=set())

    assert [dose.due.day for dose in found.doses] == [2, 3, 5, 6, 7]


def test_a_run_is_never_planned_on_a_closed_day_where_too_many_are_closed_in_a_row() -> None:
    closed = {date(2026, 3, 9), date(2026, 3, 10)}  # after a weekend: four days in a row

    found = run_of_five((4, date(2026, 3, 6)), closed=closed)

    assert found.doses[4].planned is None
    assert found.doses[4].status is DoseStatus.CONFLICT


def test_a_given_day_of_a_course_stays_when_its_first_day_is_recorded_beyond_what_is_laid_out() -> (
    None
):
    second = (2, date(2026, 3, 3))

    before = run_of_five(second, closed=set()).doses[1]
    after = run_of_five(second, (1, date(2027, 3, 2)), closed=set()).doses

    assert [dose.given for dose in after[:2]] == [date(2027, 3, 2), date(2026, 3, 3)]
    assert after[1] == before


def test_later_phases_never_count_from_a_loading_dose_because_the_next_lies_beyond_what_is_laid_out() -> (
    None
):
    late = GivenFact(ingredient="infliximab", ordinal=1, day=date(2026, 9, 1))
    second = GivenFact(ingredient="infliximab", ordinal=2, day=date(2026, 3, 16))

    near, far = (
        resolve(
            shipped("infliximab-iv"),
            OrderFacts(first_day=date(2026, 3, 2), weight_kg=Decimal(80)),
            Facts(given=(late, second)),
            CALENDAR,
            {},
            until=until,
        ).doses
        for until in (date(2026, 7, 31), date(2027, 12, 31))
    )

    assert near == far[: len(near)]
    assert [dose.phase for dose in far[:4]] == [
        "induction",
        "induction",
        "induction",
        "maintenance",
    ]


def test_a_dose_elsewhere_counts_whatever_reading_of_the_gap_the_center_chose() -> None:
    facts = [
        GivenFact(ingredient="ublituximab", ordinal=n, day=day)
        for n, day in ((1, date(2026, 3, 2)), (2, date(2026, 3, 16)), (None, date(2026, 6, 1)))
    ]

    third = resolve(
        shipped("ublituximab-iv"),
        OrderFacts(first_day=date(2026, 3, 2)),
        Facts(given=tuple(facts)),
        CALENDAR,
        {"gap_from": "induction.1"},
        until=date(2027, 12, 31),
    ).doses[2]

    assert third.not_before == date(2026, 11, 1)


def test_the_first_dose_keeps_the_day_it_was_due_when_it_is_given_on_another() -> None:
    found, _ = given_out_of_turn(1, date(2026, 1, 8))

    assert found.doses[0].due == date(2026, 1, 5)


def test_what_counts_from_a_skipped_dose_counts_from_its_due_day() -> None:
    found = resolve(
        shipped("ocrelizumab-iv"),
        OrderFacts(first_day=date(2026, 1, 5)),
        Facts(skipped=frozenset({1, 4})),
        CALENDAR,
        {},
        until=date(2027, 12, 31),
    )

    assert [(dose.ordinal, str(dose.due)) for dose in found.doses] == [
        (2, "2026-01-19"),
        (3, "2026-07-05"),
        (5, "2027-07-05"),
    ]


def test_an_ordered_amount_is_not_for_loading_doses_that_differ_from_later_ones() -> None:
    amounts = {
        regimen: [
            int(dose.amount or 0)
            for dose in resolve(
                shipped(regimen),
                OrderFacts(first_day=date(2026, 1, 5), amount=Decimal(10), weight_kg=Decimal(70)),
                Facts(),
                CALENDAR,
                {},
                until=date(2026, 12, 31),
            ).doses[:4]
        ]
        for regimen in ("ocrelizumab-iv", "infliximab-iv")
    }

    assert amounts == {"ocrelizumab-iv": [300, 300, 10], "infliximab-iv": [700, 700, 700, 700]}


@given(regimen_id=REGIMENS, first_day=STARTS, delays=st.lists(st.integers(0, 60), min_size=1))
def test_where_the_old_days_are_kept_the_last_given_dose_shifts_nothing(
    regimen_id: str, first_day: date, delays: list[int]
) -> None:
    regimen, order = shipped(regimen_id), OrderFacts(first_day=first_day)
    _, facts = with_fate(regimen_id, first_day, delays)
    last = facts.given[-1].ordinal or 0
    # days of one course follow each other, and what begins when a gap ends has no grid
    counted = {p.id for p in regimen.phases if not p.run and p.anchor not in NO_GRID}

    def later(known: Facts) -> list[date]:
        found = resolve(regimen, order, known, CALENDAR, {}, until=first_day + LONG)
        return [d.due for d in found.doses if d.ordinal > last and d.phase in counted][:6]

    kept = replace(facts, keeps_grid=frozenset({last}))
    assert later(kept) == later(replace(facts, given=facts.given[:-1]))
