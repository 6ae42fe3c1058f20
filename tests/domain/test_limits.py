"""What counts towards a limit: as given where that is known, from elsewhere too, and nothing of another drug."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from scheduler.domain.dates import EVERY_DAY
from scheduler.domain.dose_reasons import sentence
from scheduler.domain.doses import DoseStatus, Facts, GivenFact, OrderFacts
from scheduler.domain.limits import EXPOSURE, given_per_m2, is_counted_per_m2
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.regimen import Regimen
from scheduler.domain.requirement_rules import LimitRule
from scheduler.domain.series import resolve
from tests.schedules.formulary import shipped
from tests.schedules.plans import series

START = date(2026, 1, 30)
MITOXANTRONE, IRON = "mitoxantrone", "iron sucrose"


def given(
    ordinal: int | None,
    *,
    per_m2: int | None = None,
    amount: int | None = None,
    ingredient: str = MITOXANTRONE,
    outcome: GivenOutcome = GivenOutcome.FULL,
) -> GivenFact:
    """Return a given dose, 91 days after the one before; one from elsewhere a year ago."""
    days = -365 if ordinal is None else 91 * (ordinal - 1)
    return GivenFact(
        ingredient=ingredient,
        ordinal=ordinal,
        day=START + timedelta(days=days),
        outcome=outcome,
        per_m2=None if per_m2 is None else Decimal(per_m2),
        amount=None if amount is None else Decimal(amount),
    )


def first_blocked(*facts: GivenFact, region: str = "EU", prior: int = 0) -> int | None:
    """Return the first blocked dose of mitoxantrone at 12 mg/m2 under the limit of 72 (EU) or 140 (US)."""
    rule = shipped("mitoxantrone-iv")
    counted = tuple(limit for limit in rule.limits if limit.kind != EXPOSURE)
    found = resolve(
        replace(rule, limits=counted),
        OrderFacts(first_day=START, region=region, prior_amount=Decimal(prior)),
        Facts(given=facts),
        EVERY_DAY,
        {"gap_floor": "none"},
        until=START + timedelta(days=366 * 4),
    )
    return next((dose.ordinal for dose in found.doses if dose.status is DoseStatus.BLOCK), None)


@pytest.mark.parametrize(
    ("facts", "prior", "blocked"),
    [
        ((), 0, 7),
        ((given(1, per_m2=12),), 0, 7),
        ((given(1, per_m2=14),), 0, 6),  # 14 + 5 x 12 = 74
        ((given(1, per_m2=6), given(2, per_m2=6)), 0, 8),  # 12 + 5 x 12 = 72
        ((given(1, per_m2=60, outcome=GivenOutcome.NONE),), 0, 7),
        ((given(1),), 0, 7),  # not known: as the rule says
        ((), 12, 6),
        ((), 13, 5),
        ((given(None, per_m2=30),), 0, 4),  # 30 + 3 x 12 = 66
        ((given(None, per_m2=30), given(1, per_m2=12)), 6, 4),
        ((given(None, per_m2=30, ingredient="doxorubicin"),), 0, 7),
        ((given(None, amount=60),), 0, 7),  # milligrams are no milligrams per m2
    ],
)
def test_a_lifetime_limit_per_m2_adds_what_was_given_and_what_is_planned(
    facts: tuple[GivenFact, ...], prior: int, blocked: int
) -> None:
    assert first_blocked(*facts, prior=prior) == blocked


def test_the_other_region_has_another_limit() -> None:
    assert first_blocked(region="US") == 12


@pytest.mark.parametrize(
    ("facts", "blocked"),
    [
        ((), [6]),
        ((given(1, amount=300, ingredient=IRON),), [5, 6]),
        ((given(1, amount=100, ingredient=IRON, outcome=GivenOutcome.PART),), [6]),
        ((given(None, amount=900, ingredient=IRON),), [6]),  # another course counts for itself
    ],
)
def test_a_course_limit_in_milligrams_counts_what_was_given(
    facts: tuple[GivenFact, ...], blocked: list[int]
) -> None:
    rule = shipped("iron-sucrose-iv")
    spread = rule.phases[0].spread
    assert spread is not None
    six = replace(rule.phases[0], spread=replace(spread, count=6))

    found = resolve(
        replace(rule, phases=(six,)),
        OrderFacts(first_day=START),
        Facts(given=facts),
        EVERY_DAY,
        {},
        until=START + timedelta(days=60),
    )

    assert [dose.ordinal for dose in found.doses if dose.status is DoseStatus.BLOCK] == blocked


def test_a_lifetime_limit_in_milligrams_counts_doses_elsewhere_in_milligrams() -> None:
    limit = LimitRule(kind="lifetime_dose", value=Decimal(1200), unit="mg")
    elsewhere = GivenFact(
        ingredient="natalizumab", day=date(2025, 1, 1), amount=Decimal(600), per_m2=Decimal(1)
    )

    found = resolve(
        replace(shipped("natalizumab-iv"), limits=(limit,)),
        OrderFacts(first_day=START),
        Facts(given=(elsewhere,)),
        EVERY_DAY,
        {},
        until=START + timedelta(days=100),
    )

    assert [dose.status is DoseStatus.BLOCK for dose in found.doses] == [False, False, True, True]


def test_only_a_lifetime_limit_per_m2_asks_for_surfaces() -> None:
    course = LimitRule(kind="course_dose", value=Decimal(10), unit="mg/m2")
    milligrams = LimitRule(kind="lifetime_dose", value=Decimal(10), unit="mg")

    assert is_counted_per_m2(shipped("mitoxantrone-iv"))
    assert not is_counted_per_m2(shipped("natalizumab-iv"))
    for limit in (course, milligrams):
        assert not is_counted_per_m2(replace(shipped("natalizumab-iv"), limits=(limit,)))


def limited(regimen: str, **limit: Any) -> Regimen:
    """Return a regimen with one limit of its own."""
    return replace(shipped(regimen), limits=(LimitRule(**limit),))


def statuses(rule: Regimen, *given: tuple[int | None, str], **order: Any) -> list[str]:
    """Return the statuses of the first doses of a series."""
    found = series(rule, "2026-01-05", *given, years=2, **order)
    return [dose.status.value for dose in found.doses]


def test_a_lifetime_limit_in_milligrams_adds_up_what_is_planned() -> None:
    rule = limited("ocrelizumab-iv", kind="lifetime_dose", value=Decimal(1800), unit="mg")

    found = series(rule, "2026-01-05", years=3)

    assert [dose.status.value for dose in found.doses[:5]] == ["ok", "ok", "ok", "ok", "block"]
    assert sentence(found.doses[4].reasons[-1]) == "over the limit of 1800 mg"


def test_what_was_had_before_counts_towards_a_lifetime_limit() -> None:
    rule = limited("ocrelizumab-iv", kind="lifetime_dose", value=Decimal(1800), unit="mg")

    assert statuses(rule, prior_amount=Decimal(600))[:4] == ["ok", "ok", "ok", "block"]


def test_a_course_limit_counts_each_course_for_itself() -> None:
    rule = limited("alemtuzumab-iv", kind="course_dose", value=Decimal(36), unit="mg")

    assert statuses(rule) == ["ok"] * 3 + ["block"] * 2 + ["ok"] * 3


def test_a_limit_that_does_not_block_asks_for_review_and_one_in_courses_says_so() -> None:
    rule = limited("alemtuzumab-iv", kind="count", value=Decimal(1), blocks=False)

    found = series(rule, "2026-01-05")

    assert [dose.status.value for dose in found.doses] == ["ok"] * 5 + ["review"] * 3
    assert sentence(found.doses[5].reasons[-1]) == "over the limit of 1 courses"


def test_a_count_of_doses_counts_doses_where_there_are_no_courses() -> None:
    rule = limited("natalizumab-iv", kind="count", value=Decimal(2))

    assert statuses(rule)[:4] == ["ok", "ok", "block", "block"]


def test_a_limit_of_another_region_is_none_here() -> None:
    rule = limited("natalizumab-iv", kind="count", value=Decimal(2), region="EU")

    assert set(statuses(rule)) == {"ok"}
    assert "block" in statuses(rule, region="EU")


@pytest.mark.parametrize(
    ("given", "order", "says"),
    [
        ((), {"region": "EU"}, {"ok"}),
        ((), {"region": "EU", "prior_amount": Decimal(12)}, {"block"}),
        (((None, "2025-10-05"),), {"region": "EU"}, {"block"}),
        (((None, "2025-10-05"),), {"region": "EU", "continuing": True}, {"review"}),
        (((None, "2025-10-05"),), {"region": "US"}, {"ok"}),
        (
            ((1, "2026-01-05"),),
            {"region": "EU"},
            {"ok"},
        ),  # its own first dose is no earlier treatment
    ],
)
def test_mitoxantrone_is_not_for_anybody_in_europe_who_had_it_before(
    given: tuple[tuple[int | None, str], ...], order: dict[str, Any], says: set[str]
) -> None:
    found = series("mitoxantrone-iv", "2026-01-05", *given, years=1, **order)

    assert {dose.status.value for dose in found.doses} == says
    if says != {"ok"}:
        assert sentence(found.doses[0].reasons[-1]) == "not for anybody who had mitoxantrone before"


def test_what_was_given_of_a_treatment_for_nobody_treated_before_stays_as_it_was() -> None:
    found = series(
        "mitoxantrone-iv", "2026-01-05", (None, "2025-10-05"), (1, "2026-01-05"), region="EU"
    )

    assert [dose.status.value for dose in found.doses[:2]] == ["ok", "block"]


def test_a_dose_elsewhere_that_was_not_given_is_no_earlier_treatment() -> None:
    found = series(
        "mitoxantrone-iv",
        "2026-01-05",
        (None, "2025-10-05"),
        outcome=GivenOutcome.NONE,
        region="EU",
    )

    assert found.doses[0].status is DoseStatus.OK


def test_a_dose_that_was_given_is_never_blocked_afterwards() -> None:
    rule = limited("natalizumab-iv", kind="count", value=Decimal(1))
    given = tuple((n, str(date(2026, 1, 5 + n))) for n in (1, 2))

    assert statuses(rule, *given)[:3] == ["ok", "ok", "block"]


def test_what_was_given_per_m2_adds_up_with_what_was_had_before() -> None:
    facts = Facts(given=(given(1, per_m2=12), given(2), given(None, per_m2=30)))

    assert given_per_m2(facts, OrderFacts(first_day=START, prior_amount=Decimal(6))) == 48
