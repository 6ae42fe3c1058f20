"""Prior authorizations: doses take their turn, renewals follow, and nothing is used twice."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.authorizations import AuthorizationFact, DoseToCome, allot, units_of
from scheduler.domain.ids import DoseId
from scheduler.domain.plans import AuthorizationStatus

FIRST = date(2026, 3, 2)


def make_authorization(number: int = 1, **values: Any) -> AuthorizationFact:
    known: dict[str, Any] = {"id": UUID(int=number), "status": AuthorizationStatus.APPROVED}
    return AuthorizationFact(**known | values)


def make_doses(count: int, units: int = 300) -> list[DoseToCome]:
    return [
        DoseToCome(
            id=DoseId(UUID(int=100 + n)),
            day=FIRST + timedelta(weeks=4 * n),
            units=Decimal(units),
        )
        for n in range(count)
    ]


def said(authorizations: list[AuthorizationFact], doses: list[DoseToCome]) -> list[str]:
    found = allot(authorizations, doses)
    return [found[dose.id].sentence for dose in doses]


def test_the_fifth_of_four_is_said() -> None:
    assert said([make_authorization(visits=4)], make_doses(5)) == [
        "",
        "",
        "",
        "",
        "This is visit 5 of 4 authorized",
    ]


def test_the_one_after_it_is_the_sixth_of_four_and_a_renewal_begins_anew() -> None:
    assert said([make_authorization(visits=4)], make_doses(6))[4:] == [
        "This is visit 5 of 4 authorized",
        "This is visit 6 of 4 authorized",
    ]
    later = make_authorization(2, visits=1, from_day=FIRST + timedelta(weeks=20))
    renewed = said([make_authorization(visits=4), later], make_doses(6))
    assert renewed[4:] == ["This is visit 5 of 4 authorized", ""]


def test_units_run_out_and_say_what_is_left() -> None:
    assert said([make_authorization(units=Decimal(700))], make_doses(3)) == [
        "",
        "",
        "This dose takes 300 units; 100 of 700 authorized are left",
    ]


def test_a_renewal_begins_where_the_old_one_is_used_up() -> None:
    old, new = make_authorization(1, visits=2), make_authorization(2, visits=2)

    found = allot([old, new], make_doses(5))

    assert [each.by for each in found.values()] == [old.id, old.id, new.id, new.id, None]


def test_a_day_outside_says_which_end() -> None:
    doses = make_doses(2)
    ends = make_authorization(until_day=FIRST)
    begins = make_authorization(from_day=FIRST + timedelta(days=1))

    assert said([ends], doses) == [
        "",
        "The prior authorization does not cover March 30, 2026: it ends on March 2, 2026",
    ]
    assert "it begins on March 3, 2026" in said([begins], doses)[0]


@pytest.mark.parametrize("status", ["requested", "pending", "denied"])
def test_what_is_not_approved_covers_nothing(status: str) -> None:
    asked = make_authorization(status=AuthorizationStatus(status))

    assert said([asked], make_doses(1)) == [f"The prior authorization is {status}"]


def test_not_needed_covers_everything() -> None:
    assert said([make_authorization(status=AuthorizationStatus.NOT_NEEDED)], make_doses(3)) == [
        "",
        "",
        "",
    ]


@given(
    limits=st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), min_size=1, max_size=4),
    count=st.integers(1, 20),
)
def test_no_authorization_gives_more_than_it_has(limits: list[tuple[int, int]], count: int) -> None:
    authorizations = [
        make_authorization(n, visits=most, visits_used=used)
        for n, (most, used) in enumerate(limits, 1)
    ]

    found = allot(authorizations, make_doses(count))

    left = [max(most - used, 0) for most, used in limits]
    taken = [sum(each.by == a.id for each in found.values()) for a in authorizations]
    assert all(t <= rest for t, rest in zip(taken, left, strict=True))
    assert sum(taken) == min(count, sum(left))
    assert all(bool(each.sentence) is (each.by is None) for each in found.values())


@pytest.mark.parametrize(
    ("amount", "unit", "units"), [(300, "", 300), (600, "10 mg", 60), (605, "10 mg", 61)]
)
def test_begun_billing_units_count_whole(amount: int, unit: str, units: int) -> None:
    assert units_of(Decimal(amount), unit) == units
