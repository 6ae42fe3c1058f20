"""A renewal is asked for by the first dose that comes when what was authorized has ended or is used up."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.authorization_renewals import (
    ASKED_FOR,
    Uncovered,
    first_uncovered,
    renewal_words,
)
from scheduler.domain.authorizations import AuthorizationFact, DoseToCome, allot
from scheduler.domain.ids import DoseId
from scheduler.domain.plans import AuthorizationStatus

FIRST = date(2027, 2, 10)
TODAY = date(2027, 2, 8)
MARCH = date(2027, 3, 3)


def make_authorization(number: int = 1, **values: Any) -> AuthorizationFact:
    known: dict[str, Any] = {"id": UUID(int=number), "status": AuthorizationStatus.APPROVED}
    return AuthorizationFact(**known | values)


def make_dose(number: int, day: date, units: int = 300) -> DoseToCome:
    return DoseToCome(id=DoseId(UUID(int=100 + number)), day=day, units=Decimal(units))


def make_doses(count: int) -> list[DoseToCome]:
    """Return doses four weeks apart: February 10, March 10, April 7."""
    return [make_dose(n, FIRST + timedelta(weeks=4 * n)) for n in range(count)]


def asked(*authorizations: AuthorizationFact, count: int = 3) -> str:
    """Return what is asked for on February 8, 2027; empty when nothing is."""
    found = first_uncovered(authorizations, make_doses(count))
    if found is None:
        return ""
    day = found.dose.day
    return renewal_words(found, number="12345", planned=day, booked=False, today=TODAY)


def test_the_first_dose_after_the_end_asks_for_a_renewal() -> None:
    assert asked(make_authorization(until_day=MARCH)) == (
        "Prior authorization 12345 ends on March 3, 2027; the dose planned on March 10, 2027 is not covered:"
        " ask for a renewal."
    )


def test_a_dose_on_the_last_day_is_covered() -> None:
    last = make_authorization(until_day=FIRST + timedelta(weeks=4))

    assert asked(last, count=2) == ""
    assert "April 7, 2027 is not covered" in asked(last)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        pytest.param({"visits": 2}, "has visits for 2 more doses", id="visits for two"),
        pytest.param({"visits": 2, "visits_used": 1}, "has visits for 1 more dose", id="for one"),
        pytest.param({"visits": 2, "visits_used": 2}, "has no visits left", id="no visits"),
        pytest.param({"units": Decimal(700)}, "has units for 2 more doses", id="units for two"),
        pytest.param(
            {"units": Decimal(700), "units_used": Decimal(600)},
            "has too few units for another dose",
            id="too few units",
        ),
        pytest.param({"visits": 9, "units": Decimal(300)}, "has units for 1 more dose", id="both"),
    ],
)
def test_what_is_used_up_says_for_how_many_doses_it_lasts(
    limits: dict[str, Any], said: str
) -> None:
    words = asked(make_authorization(**limits, until_day=date(2027, 12, 31)))

    assert words.startswith(f"Prior authorization 12345 {said}; the dose planned on ")
    assert words.endswith(", 2027 is the first not covered: ask for a renewal.")


def test_a_renewal_that_begins_in_time_is_enough_and_one_that_begins_late_is_not() -> None:
    old = make_authorization(until_day=MARCH)
    next_day, late = MARCH + timedelta(days=1), MARCH + timedelta(weeks=2)

    assert asked(old, make_authorization(2, from_day=next_day)) == ""
    assert "ends on March 3, 2027" in asked(old, make_authorization(2, from_day=late))


@pytest.mark.parametrize("status", ASKED_FOR)
def test_nothing_is_asked_while_a_newer_one_waits_for_the_payer(
    status: AuthorizationStatus,
) -> None:
    old = make_authorization(until_day=MARCH)
    waits, short = make_authorization(2, status=status), date(2027, 4, 1)

    assert asked(old, waits) == ""
    assert asked(make_authorization(0, status=status), old) != ""
    assert "April 7, 2027 is not covered" in asked(
        old, make_authorization(2, status=status, until_day=short)
    )


def test_a_renewal_that_was_denied_is_asked_for_once_more() -> None:
    denied = make_authorization(2, status=AuthorizationStatus.DENIED)

    assert asked(make_authorization(until_day=MARCH), denied) != ""


def test_the_newest_that_gave_out_is_the_one_to_renew() -> None:
    older = make_authorization(1, until_day=date(2026, 3, 3))
    newer = make_authorization(2, from_day=date(2026, 3, 4), until_day=MARCH)

    found = first_uncovered([older, newer], make_doses(3))

    assert found is not None
    assert found.by == newer


@pytest.mark.parametrize(
    "known",
    [
        pytest.param([], id="none is recorded"),
        pytest.param([make_authorization(from_day=date(2028, 1, 1))], id="it has not begun"),
        pytest.param(
            [make_authorization(status=AuthorizationStatus.REQUESTED)], id="it was never approved"
        ),
        pytest.param(
            [
                make_authorization(until_day=MARCH),
                make_authorization(2, status=AuthorizationStatus.NOT_NEEDED),
            ],
            id="none is needed any more",
        ),
    ],
)
def test_nothing_is_renewed_that_was_never_there(known: list[AuthorizationFact]) -> None:
    assert first_uncovered(known, make_doses(3)) is None


def test_the_words_tell_booked_from_planned_and_an_end_that_is_past() -> None:
    found = Uncovered(
        by=make_authorization(until_day=date(2027, 1, 31)), dose=make_dose(0, FIRST), before=0
    )

    assert renewal_words(found, number="", planned=found.dose.day, booked=True, today=TODAY) == (
        "The prior authorization ended on January 31, 2027; the dose booked on February 10, 2027 is not covered:"
        " ask for a renewal."
    )


days = st.integers(0, 120).map(lambda n: FIRST + timedelta(days=n))
facts = st.builds(
    AuthorizationFact,
    id=st.uuids(),
    status=st.sampled_from(AuthorizationStatus),
    from_day=st.none() | days,
    until_day=st.none() | days,
    visits=st.none() | st.integers(1, 5),
    units=st.none() | st.integers(1, 1500).map(Decimal),
    visits_used=st.integers(0, 5),
    units_used=st.integers(0, 900).map(Decimal),
)
known = st.lists(facts, max_size=4, unique_by=lambda each: each.id)
series = st.lists(st.tuples(days, st.integers(0, 600)), max_size=8).map(
    lambda rows: [make_dose(n, day, units) for n, (day, units) in enumerate(rows)]
)


@given(known=known, doses=series)
def test_the_dose_is_not_covered_and_each_one_before_it_is_covered_or_waits(
    known: list[AuthorizationFact], doses: list[DoseToCome]
) -> None:
    found = first_uncovered(known, doses)

    taken = allot(known, doses)
    for dose in doses:
        if found is None or dose.day < found.dose.day:
            begun = [a for a in known if a.from_day is None or a.from_day <= dose.day]
            approved = [a for a in begun if a.status is AuthorizationStatus.APPROVED]
            waits = [a for a in known if a.status in ASKED_FOR and a.covers(dose.day)]
            assert taken[dose.id].by or not approved or waits
    if found is not None:
        assert taken[found.dose.id].by is None
        assert found.by.status is AuthorizationStatus.APPROVED
        assert found.by.visits is None or found.before <= max(
            found.by.visits - found.by.visits_used, 0
        )


@given(known=known, doses=series, last=days)
def test_doses_later_than_a_day_do_not_change_the_answer_up_to_it(
    known: list[AuthorizationFact], doses: list[DoseToCome], last: date
) -> None:
    of_all = first_uncovered(known, doses)
    of_near = first_uncovered(known, [dose for dose in doses if dose.day <= last])

    assert of_near == (of_all if of_all and of_all.dose.day <= last else None)


@given(known=known, doses=series)
def test_a_new_one_without_limits_or_one_that_is_asked_for_ends_the_question(
    known: list[AuthorizationFact], doses: list[DoseToCome]
) -> None:
    for status in (AuthorizationStatus.APPROVED, *ASKED_FOR):
        assert first_uncovered([*known, make_authorization(0, status=status)], doses) is None
