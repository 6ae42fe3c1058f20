"""What a center without patients can hold, and which limit binds first."""

from datetime import time

import pytest

from scheduler.domain.capacity_plan import CapacityPlan, Share, plan_capacity
from scheduler.domain.chairs import ChairFacts, Span
from scheduler.domain.day_limits import DaySetup
from scheduler.domain.errors import InvalidError
from scheduler.domain.hours import DayHours
from scheduler.domain.nursing import NurseShift, simple_rule
from scheduler.domain.refusals import Limit
from scheduler.domain.visits import VisitProfile

LONG = Share(visit=VisitProfile(infusion=225), share=1, visits_a_year=13)


def planned(*mix: Share, chairs: int = 4, nurses: int = 4, watches: int = 4) -> CapacityPlan:
    shift = NurseShift(shift=Span(begins=8 * 60, ends=16 * 60))
    setup = DaySetup(
        hours=DayHours(opens=time(8), closes=time(16)),
        chairs=tuple(ChairFacts(key=n) for n in range(chairs)),
        nurses=(shift,) * nurses,
        rule=simple_rule(watches),
    )
    return plan_capacity(setup, mix or [LONG])


def test_chairs_bind_where_nurses_are_many() -> None:
    found = planned()

    assert (found.visits_a_day, found.binds) == (8, Limit.CHAIRS)
    assert found.patients == 8 * 250 // 13


def test_nurses_bind_where_chairs_are_many() -> None:
    found = planned(chairs=30, nurses=1, watches=3)

    assert found.binds is Limit.PATIENTS
    assert found.visits_a_day == 4  # three from 8:00, one more at noon, the last start of the day


def test_more_of_what_binds_holds_more() -> None:
    assert planned(chairs=8).visits_a_day > planned(chairs=4).visits_a_day


def test_a_visit_longer_than_the_day_and_an_empty_mix_are_answers_too() -> None:
    long = Share(visit=VisitProfile(infusion=900), share=1, visits_a_year=1)

    assert planned(long).patients == 0
    assert planned(long).binds is Limit.OPENING_HOURS
    with pytest.raises(InvalidError):
        planned(Share(visit=LONG.visit, share=-1, visits_a_year=1))
