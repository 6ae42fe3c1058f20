"""Whatever a desk does, in whatever order: counts, places and plan dates hold after every step."""

from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from scheduler.domain.plans import GivenOutcome
from scheduler.persistence.database import Database
from tests.factories import sound
from tests.factories.busy_desk import FIRST, make_busy_desk
from tests.factories.people import make_regimens

DAYS = st.integers(0, 45).map(lambda number: FIRST + timedelta(days=number))
SOON = st.integers(0, 5).map(lambda number: FIRST + timedelta(days=number))
STARTS = st.integers(30, 66).map(lambda number: time(number // 4, number % 4 * 15))
PICK = st.integers(0, 1000)
OUTCOMES = st.sampled_from(GivenOutcome)


class Days(RuleBasedStateMachine):
    """A small center; refusals are answers, damage is not."""

    database: Database

    @initialize()
    def begin(self) -> None:
        self.desk = make_busy_desk(self.database)
        self.desk.book_series(1, FIRST + timedelta(days=60))
        self.desk.book_series(3, FIRST + timedelta(days=60))
        self.here = (self.database, self.desk.organization_id)
        self.over = sound.excess(*self.here, self.desk.center_id)
        self.known = sound.booked(*self.here, self.desk.center_id)

    @rule(pick=PICK, until=DAYS)
    def book_a_series(self, pick: int, until: date) -> None:
        self.desk.book_series(pick, until + timedelta(days=60))
        self.look()

    @rule(pick=PICK, day=DAYS, start=STARTS)
    def book_a_dose(self, pick: int, day: date, start: time) -> None:
        self.desk.book(pick, day, start)
        self.look()

    @rule(pick=PICK, day=SOON, start=STARTS)
    def book_a_dose_soon(self, pick: int, day: date, start: time) -> None:
        self.desk.book(pick, day, start)
        self.look()

    @rule(pick=PICK, day=SOON, start=STARTS)
    def keep_a_place(self, pick: int, day: date, start: time) -> None:
        self.desk.keep(pick, day, start)
        self.look()

    @rule()
    def let_places_go(self) -> None:
        self.desk.let_go()
        self.look()

    @rule(pick=PICK, day=DAYS, start=STARTS)
    def move(self, pick: int, day: date, start: time) -> None:
        self.desk.move(pick, day, start)
        self.look()

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        self.desk.cancel(pick)
        self.look()

    @rule(outcome=OUTCOMES)
    def give(self, outcome: GivenOutcome) -> None:
        self.desk.give(outcome)
        self.look()

    @rule(pick=PICK)
    def take_back(self, pick: int) -> None:
        self.desk.undo(pick)
        self.look()

    @rule(days=st.integers(8, 21), start=STARTS, pick=PICK)
    def give_late_and_decide(self, days: int, start: time, pick: int) -> None:
        if self.desk.give_late(days, start):
            self.look()
            self.desk.decide(pick)
        self.look()

    @rule(pick=PICK)
    def decide_on_new_dates(self, pick: int) -> None:
        self.desk.decide(pick)
        self.look()

    @rule(day=DAYS)
    def close_a_day(self, day: date) -> None:
        self.desk.close(day)
        self.look(less=True)

    @rule(pick=PICK, day=DAYS)
    def lose_a_nurse(self, pick: int, day: date) -> None:
        self.desk.lose_a_nurse(pick, day)
        self.look(less=True)

    def look(self, *, less: bool = False) -> None:
        """Look at everything after a step; ``less``: it took capacity away, which may leave a day over it."""
        assert sound.damage(*self.here) == []
        over = sound.excess(*self.here, self.desk.center_id)
        assert less or sound.worse(self.over, over) == []
        known = sound.booked(*self.here, self.desk.center_id)
        assert not any(early for visit, early in known.items() if visit not in self.known)
        self.over, self.known = over, known


def work(database: Database, *, examples: int, steps: int) -> None:
    """Let Hypothesis choose the steps."""
    make_regimens(database)
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        phases=[Phase.generate],  # shrinking takes minutes, and the steps are printed anyway
    )
    run_state_machine_as_test(type("Here", (Days,), {"database": database}), settings=chosen)


@pytest.mark.slow
def test_counts_places_and_dates_hold_after_every_step(database: Database) -> None:
    work(database, examples=6, steps=15)


@pytest.mark.nightly
def test_counts_places_and_dates_hold_for_long(database: Database) -> None:
    work(database, examples=100, steps=30)
