"""Between which limits an order may name its own interval and amount, by region."""

from decimal import Decimal

import pytest

from scheduler.domain.dates import parse_interval
from scheduler.domain.grammar import GrammarError, regimen_from_text
from scheduler.domain.order_ranges import amount_fault, interval_fault, run_fault
from tests.factories.regimen_file import changed
from tests.schedules.formulary import shipped


@pytest.mark.parametrize(
    ("regimen", "region", "own", "allowed"),
    [
        ("mitoxantrone-iv", "EU", "P1M", True),
        ("mitoxantrone-iv", "EU", "P28D", True),  # February has no more
        ("mitoxantrone-iv", "EU", "P27D", False),
        ("mitoxantrone-iv", "EU", "P92D", True),
        ("mitoxantrone-iv", "EU", "P93D", False),
        ("mitoxantrone-iv", "EU", "P4M", False),
        ("mitoxantrone-iv", "US", "P4M", True),  # the US text says nothing of it
        ("infliximab-iv", "US", "P4W", True),
        ("infliximab-iv", "US", "P27D", False),
        ("infliximab-iv", "US", "P57D", False),
        ("natalizumab-iv", "US", "P6W", True),
    ],
)
def test_an_order_names_an_interval_within_the_regimens_range(
    regimen: str, region: str, own: str, *, allowed: bool
) -> None:
    assert (interval_fault(shipped(regimen), region, parse_interval(own)) == "") is allowed


@pytest.mark.parametrize(
    ("regimen", "own", "allowed"),
    [
        ("infliximab-iv", "2.9", False),
        ("infliximab-iv", "3", True),
        ("infliximab-iv", "10", True),
        ("infliximab-iv", "10.1", False),
        ("tocilizumab-iv", "8", True),
        ("tocilizumab-iv", "9", False),
        ("ivig-cidp", "0.4", True),
        ("ivig-cidp", "0.3", False),
        ("belimumab-iv", "99", True),
    ],
)
def test_an_order_names_an_amount_within_the_regimens_range(
    regimen: str, own: str, *, allowed: bool
) -> None:
    assert (amount_fault(shipped(regimen), "US", Decimal(own)) == "") is allowed


def test_a_refusal_says_what_may_be_named() -> None:
    rule = shipped("infliximab-iv")

    assert amount_fault(rule, "US", Decimal(20)) == (
        "Infliximab IV, US: an order may name every 4 to 8 weeks and 3 to 10 mg/kg."
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('every_from = "P6W"', "every 6 weeks or more"),
        ('every_to = "P3M"', "every 3 months at most"),
        ('every_from = "P6W", every_to = "P3M"', "every 6 weeks to 3 months"),
        ("amount_from = 100", "100 or more mg"),
    ],
)
def test_an_open_end_and_two_units_are_said_in_words(written: str, said: str) -> None:
    text = changed("review_gap", f'order_range = [{{ {written}, basis = "label" }}]\nreview_gap')
    rule = regimen_from_text(text, file="fictumab.toml")

    fault = interval_fault(rule, "US", parse_interval("P1D")) or interval_fault(
        rule, "US", parse_interval("P3Y")
    )
    assert said in (fault or amount_fault(rule, "US", Decimal(1)))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (
            'every_from = "P8W", every_to = "P4W"',
            "its shortest interval is longer than its longest",
        ),
        ("amount_from = 8, amount_to = 4", "its smallest amount is larger than its largest"),
        ('regions = ["EU"]', "it names neither intervals nor amounts"),
    ],
)
def test_a_range_that_says_nothing_or_the_reverse_is_refused(written: str, says: str) -> None:
    text = changed("review_gap", f'order_range = [{{ {written}, basis = "label" }}]\nreview_gap')

    with pytest.raises(GrammarError, match=says):
        regimen_from_text(text, file="fictumab.toml")


def test_intervals_belong_to_a_phase_that_repeats() -> None:
    text = changed(
        'reanchor = "never"',
        'reanchor = "never"\norder_range = [{ every_to = "P4W", basis = "label" }]',
    )

    with pytest.raises(GrammarError, match="the phase does not repeat"):
        regimen_from_text(text, file="fictumab.toml")


def test_an_order_names_no_number_of_days_that_no_course_has() -> None:
    assert run_fault(shipped("alemtuzumab-iv"), 4) == "A course has 5 or 3 days."
    assert run_fault(shipped("alemtuzumab-iv"), 5) == ""
    assert run_fault(shipped("methylprednisolone-ms-relapse"), 2) == "A course has 3 to 5 days."
    assert run_fault(shipped("methylprednisolone-ms-relapse"), 4) == ""
