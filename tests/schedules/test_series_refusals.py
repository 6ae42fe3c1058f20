"""``scheduler series``: each wrong value is one sentence that names it, and exit 2."""

import pytest

from tests.schedules.commanding import OCRELIZUMAB, run


@pytest.mark.parametrize(
    "wrong",
    [
        ("--regimen", "aspirin"),
        ("--region", "Mars"),
        ("--start", "2026-02-30"),
        ("--start", "9999-12-31"),
        ("--start", "0206-01-05"),
        ("--count", "none"),
        ("--count", "0"),
        ("--calendar", "tomorrow"),
        ("--weight", "-3"),
        ("--height", "tall"),
        ("--given", "3"),
        ("--given", "3=yesterday"),
        ("--given", "3000=2026-07-06"),
        ("--given", "3=2026-07-06:plenty"),
        ("--missed", "3000"),
        ("--missed", "2026-07-09"),
        ("--earlier", "aspirin=2026-01-01"),
        ("--earlier", "ocrelizumab=soon"),
        ("--event", "onset"),
        ("--event", "onset=then"),
        ("--event", "full-moon=2026-01-05"),
        ("--phase", "epilogue"),
        ("--prior", "much"),
        ("--request", "Monday"),
        ("--shift", "sideways"),
        ("--choose", "gap=none"),
        ("--override", "speed=3"),
        ("--override", "run=3"),
        ("--override", "every=often"),
        ("--override", "every=P0D"),
        ("--override", "every=-P6M"),
        ("--override", "every=P9999Y"),
        ("--only", "prices"),
        ("--speed", "3"),
    ],
    ids="=".join,
)
def test_a_wrong_value_is_one_sentence_that_names_it(wrong: tuple[str, str]) -> None:
    result = run(*OCRELIZUMAB, *wrong)

    assert result.exit_code == 2
    assert wrong[0] in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stderr.strip().endswith(".")
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ("every=P9W", "Infliximab IV, US: an order may name every 4 to 8 weeks and 3 to 10 mg/kg."),
        ("amount=2", "Infliximab IV, US: an order may name every 4 to 8 weeks and 3 to 10 mg/kg."),
    ],
)
def test_what_lies_outside_the_regimens_range_is_refused_with_the_range(
    own: str, says: str
) -> None:
    result = run(
        "--regimen", "infliximab-iv", "--region", "US", "--start", "2026-01-05", "--override", own
    )

    assert (result.exit_code, result.stderr) == (2, f"--override {own}: {says}\n")


def test_doses_out_of_order_are_refused() -> None:
    result = run(*OCRELIZUMAB, "--given", "1=2026-01-20", "--given", "2=2026-01-05")

    assert (result.exit_code, result.stderr) == (
        2,
        "--given 2=2026-01-05: dose 2 comes after dose 1 of 2026-01-20.\n",
    )


def test_a_series_needs_a_first_day_or_a_history() -> None:
    result = run("--regimen", "ocrelizumab-iv", "--region", "US")

    assert (result.exit_code, result.stderr) == (
        2,
        "--start: it is missing; say the day of the first dose.\n",
    )
