"""The traps of dosing rules, each by name: where a plausible engine gives a wrong day or a wrong amount."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from scheduler.domain.dates import due, not_before, parse_interval
from scheduler.domain.doses import DoseStatus
from scheduler.domain.regimen import Basis, Reanchor
from tests.schedules.formulary import FORMULARY, shipped
from tests.schedules.plans import FEDERAL, due_days, found_dose, planned, series


def test_trap_1_a_late_ocrelizumab_dose_moves_the_rest_and_a_late_ravulizumab_dose_does_not() -> (
    None
):
    ocrelizumab = series("ocrelizumab-iv", "2026-01-05", (3, "2026-07-12"))
    ravulizumab = series("ravulizumab-iv", "2026-01-06", (3, "2026-03-24"), weight_kg=Decimal(70))

    assert due_days(ocrelizumab, 4) == ["2027-01-12"]
    assert due_days(ravulizumab, 4) == ["2026-05-12"]


def test_trap_1_a_late_efgartigimod_dose_keeps_its_cycle_on_the_original_days() -> None:
    found = series("efgartigimod-iv", "2026-01-05", (1, "2026-01-05"), (2, "2026-01-15"))

    assert due_days(found, 3, 4) == ["2026-01-19", "2026-01-26"]


def test_trap_1_each_phase_says_for_itself_what_a_late_dose_does() -> None:
    said = {
        phase.reanchor for path in FORMULARY.glob("*.toml") for phase in shipped(path.stem).phases
    }

    assert said == set(Reanchor)


@pytest.mark.parametrize(
    ("regimen", "third"), [("ocrelizumab-iv", "2026-07-05"), ("ublituximab-iv", "2026-06-22")]
)
def test_trap_2_the_first_maintenance_dose_counts_from_infusion_1_and_not_from_infusion_2(
    regimen: str, third: str
) -> None:
    on_time = series(regimen, "2026-01-05")
    second_late = series(regimen, "2026-01-05", (1, "2026-01-05"), (2, "2026-01-23"))

    assert due_days(on_time, 3) == due_days(second_late, 3) == [third]


def test_trap_3_ublituximabs_gap_leaves_one_to_four_days_of_slack_from_every_start() -> None:
    starts = [date(2024, 1, 1) + timedelta(days=n) for n in range(2922)]
    weeks, months = parse_interval("P24W"), parse_interval("P5M")

    slack = [
        (due(start, weeks, 1) - not_before(start + timedelta(days=14), months)).days
        for start in starts
    ]

    assert (min(slack), max(slack)) == (1, 4)
    assert round(100 * slack.count(1) / len(slack)) == 58


def test_trap_3_where_ublituximabs_gap_begins_stays_open_until_the_center_chooses() -> None:
    gap = shipped("ublituximab-iv").phase("maintenance").min_gap

    assert gap is not None
    assert gap.basis is Basis.AMBIGUOUS
    assert gap.choice is not None
    assert gap.choice.options == ("induction.1", "prev_infusion")


@pytest.mark.parametrize(
    ("reading", "day"), [("induction.1", "2026-08-17"), ("prev_infusion", "2026-08-23")]
)
def test_trap_3_infusion_2_a_week_late_pushes_the_third_under_one_reading_alone(
    reading: str, day: str
) -> None:
    found = series(
        "ublituximab-iv",
        "2026-03-02",
        (1, "2026-03-02"),
        (2, "2026-03-23"),
        choices={"gap_from": reading},
    )

    assert planned(found, 3) == [day]


def test_trap_3_the_gap_between_day_1_and_day_15_is_nobodys() -> None:
    for regimen in ("ocrelizumab-iv", "ublituximab-iv"):
        assert found_dose(series(regimen, "2026-03-02"), 2).not_before is None


def test_trap_4_twenty_four_weeks_are_not_six_months() -> None:
    start = date(2026, 7, 6)
    ten_by_weeks = due(start, parse_interval("P24W"), 10)
    ten_by_months = due(start, parse_interval("P6M"), 10)

    assert (ten_by_months - ten_by_weeks).days == 146


def test_trap_4_the_unit_is_kept_as_the_label_writes_it() -> None:
    written = shipped("ublituximab-iv").phase("maintenance").every
    months = shipped("ocrelizumab-iv").phase("maintenance").every

    assert written is not None
    assert months is not None
    assert (written.months, written.days, written.weeks_written) == (0, 168, True)
    assert (months.months, months.days) == (6, 0)


@pytest.mark.parametrize(
    ("last", "older", "newer"),
    [("2026-01-26", "2026-02-24", "2026-02-23"), ("2026-01-29", "2026-02-24", "2026-02-26")],
)
def test_trap_5_two_versions_of_one_label_put_the_next_efgartigimod_cycle_on_two_days(
    last: str, older: str, newer: str
) -> None:
    cycle = ((1, "2026-01-05"), (2, "2026-01-12"), (3, "2026-01-19"), (4, last))
    days = [
        planned(
            series(
                "efgartigimod-iv",
                "2026-01-05",
                *cycle,
                phase="next-cycle",
                choices={"cycle_floor": reading},
            ),
            5,
        )
        for reading in ("superseded", "current")
    ]

    assert days == [[older], [newer]]


def test_trap_5_every_regimen_says_which_label_it_was_read_from() -> None:
    for path in FORMULARY.glob("*.toml"):
        rule = shipped(path.stem)
        assert rule.label_date, path.stem
        assert rule.version >= 1, path.stem


def test_trap_6_the_lifetime_limit_of_mitoxantrone_is_half_as_high_in_europe() -> None:
    blocked = {
        region: next(
            dose.ordinal
            for dose in series(
                "mitoxantrone-iv", "2026-01-05", region=region, choices={"gap_floor": "none"}
            ).doses
            if dose.status is DoseStatus.BLOCK
        )
        for region in ("US", "EU")
    }

    assert blocked == {"US": 12, "EU": 7}


def test_trap_7_the_ocrelizumab_label_that_nobody_read_is_named_and_the_regimen_stays_a_draft() -> (
    None
):
    rule = shipped("ocrelizumab-iv")

    assert rule.status == "draft"
    assert "2026-05 change NOT seen" in rule.label_date


def test_trap_8_five_consecutive_days_need_a_week_without_holidays() -> None:
    found = series("alemtuzumab-iv", "2026-11-23", calendar=FEDERAL)

    assert planned(found, 1, 5) == ["2026-11-30", "2026-12-04"]


def test_trap_9_after_a_long_gap_ocrelizumab_is_never_loaded_again_by_itself() -> None:
    found = series("ocrelizumab-iv", "2028-03-01", (None, "2025-08-20"), continuing=True)

    assert {dose.phase for dose in found.doses} == {"maintenance"}


def test_trap_9_loading_somebody_who_had_the_drug_before_is_for_a_pharmacist() -> None:
    found = series("ocrelizumab-iv", "2028-03-01", (None, "2025-08-20"))

    assert found_dose(found, 1).status is DoseStatus.REVIEW


@pytest.mark.parametrize(
    ("regimen", "phase", "milligrams"),
    [("eculizumab-iv", "induction", 600), ("iron-sucrose-iv", "course", 200)],
)
def test_trap_10_amounts_come_from_labels_and_not_from_pages_about_them(
    regimen: str, phase: str, milligrams: int
) -> None:
    amount = shipped(regimen).phase(phase).amount_of(0)

    assert amount is not None
    assert dict(amount.by_indication).get("PNH", amount.value) == milligrams


def test_trap_10_lecanemabs_scans_lie_between_two_infusions_and_not_weeks_after_them() -> None:
    rule = shipped("lecanemab-iv")
    scan = next(need for need in rule.requirements if need.id == "mri-aria")

    assert scan.numbers == (3, 5, 7, 14)
    assert scan.between
