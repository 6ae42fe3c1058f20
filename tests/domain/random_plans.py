"""Random rules and random fates in seeded batches: fast enough for a million plans in a night."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from scheduler.domain.dates import OpenDays
from scheduler.domain.doses import Facts, GivenFact, OrderFacts, Series
from scheduler.domain.grammar import regimen_from
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.regimen import Regimen
from scheduler.domain.series import resolve

INGREDIENT = "fictumab"
FATES_PER_RULE = 40
FIRST, LAST = date(2024, 1, 1), date(2036, 12, 31)
OVERHEAD = {"basis": "policy", "intake": 15, "iv_start": 10, "discharge": 5, "turnover": 15}
SHIFTS = ("nearest", "following", "preceding", "modified_following")
REANCHORS = ("never", "outside_window", "always")
DRIFTS = (0, 0, 0, 0, 1, 3, 15, 60)
OUT_OF_TURN = 0.1
OUTCOMES = (GivenOutcome.FULL,) * 8 + (GivenOutcome.PART, GivenOutcome.NONE)


@dataclass(frozen=True)
class Plan:
    """A rule, a fate, and what the engine makes of them."""

    rule: Regimen
    order: OrderFacts
    facts: Facts
    calendar: OpenDays
    until: date

    def series(self, facts: Facts | None = None, until: date | None = None) -> Series:
        """Return the series, perhaps under other facts or to another horizon."""
        return resolve(
            self.rule, self.order, facts or self.facts, self.calendar, {}, until=until or self.until
        )


def random_plans(random: Random, count: int) -> Iterator[Plan]:
    """Yield random plans; each rule meets a few dozen fates."""
    rule = random_rule(random)
    for n in range(count):
        if n % FATES_PER_RULE == 0:
            rule = random_rule(random)
        yield random_plan(random, rule)


def random_rule(random: Random) -> Regimen:
    """Return a random regimen that the grammar accepts: loading doses or a course within three weeks, then an interval."""
    document = {
        "id": "fictumab-iv",
        "version": 1,
        "ingredient": INGREDIENT,
        "title": "Fictumab IV",
        "route": "IV",
        "regions": ["US"],
        "status": "draft",
        "label_date": "made up",
        "overhead": OVERHEAD,
        "product": [{"name": "Fictara"}],
        "phase": [_opening(random), _interval(random)],
        "visit": [{"when": "1..", "premedication": 0, "infusion": 60, "observation": 30}],
        "source": {"schedule": "M"},
    }
    return regimen_from(document, file="fictumab.toml")


def _opening(random: Random) -> dict[str, Any]:
    """Return a first phase: explicit days, a run of days, or a number of doses within a span."""
    phase: dict[str, Any] = {
        "id": "opening",
        "kind": "induction",
        "anchor": "start",
        "reanchor": "never",
        "shift": random.choice(SHIFTS),
        "window": {"early": "P0D", "late": f"P{random.randint(0, 9)}D", "basis": "policy"},
    }
    shape = random.randrange(4)
    if shape == 0:
        inside = random.choice(("forbid", "allow"))
        phase |= {
            "kind": "course",
            "offsets": ["P0D"],
            "run": {"days": random.randint(2, 5), "closed_inside": inside, "max_gap_days": 3},
        }
    elif shape == 1:
        gap = random.randint(1, 3)
        spread = {"count": random.randint(2, 5), "within_days": 15, "gap_days": gap}
        phase |= {"kind": "course", "spread": spread}
    else:
        days = sorted(random.sample(range(1, 21), random.randint(0, 3)))
        phase["offsets"] = ["P0D", *(f"P{day}D" for day in days)]
    return phase


def _interval(random: Random) -> dict[str, Any]:
    """Return a second phase that repeats, most often with a minimum gap."""
    months = random.random() < 0.5
    length = random.randint(1, 12) if months else random.randint(4, 26)
    days = length * 28 if months else length * 7
    every = f"P{length}M" if months else f"P{length}W"
    early, late = random.randint(0, days // 3), random.randint(0, days // 3)
    phase: dict[str, Any] = {
        "id": "interval",
        "kind": "maintenance",
        "anchor": random.choice(("start", "opening.1", "opening.last")),
        "first": every,
        "every": every,
        "reanchor": random.choice(REANCHORS),
        "shift": random.choice(SHIFTS),
        "window": {"early": f"P{early}D", "late": f"P{late}D", "basis": "policy"},
    }
    if random.random() < 0.85:
        gap = random.randint(1, length)
        value = random.choice(
            (f"P{gap}M" if months else f"P{gap}W", f"P{random.randint(1, days)}D")
        )
        phase["min_gap"] = {"value": value, "from": "prev_infusion", "basis": "label"}
    return phase


def random_plan(random: Random, rule: Regimen) -> Plan:
    """Return a patient under a rule: closed days, doses late, early, in part, not at all, elsewhere, out of turn."""
    start = FIRST + timedelta(days=random.randrange((LAST - FIRST).days + 1))
    weekdays = random.choice((range(5), range(5), range(7), (0, 2, 4)))
    closed = [start + timedelta(days=random.randrange(900)) for _ in range(random.choice((0, 20)))]
    calendar = OpenDays(weekdays=frozenset(weekdays), closed=frozenset(closed))
    order = OrderFacts(first_day=start)
    until = start + timedelta(days=random.choice((200, 500, 900)))
    facts = _shuffled(random, _facts(random, Plan(rule, order, Facts(), calendar, until)))
    return Plan(rule, order, Facts(given=facts), calendar, until)


def _shuffled(random: Random, facts: Iterable[GivenFact]) -> tuple[GivenFact, ...]:
    """Return facts, those of a tenth of all patients with two of their days exchanged: given out of turn."""
    found = list(facts)
    if len(found) > 1 and random.random() < OUT_OF_TURN:
        one, other = random.sample(range(len(found)), 2)
        days = found[one].day, found[other].day
        found[one], found[other] = (
            replace(found[one], day=days[1]),
            replace(found[other], day=days[0]),
        )
    return tuple(found)


def _facts(random: Random, plan: Plan) -> Iterator[GivenFact]:
    """Yield what happened, dose after dose in time; what was planned without any fate is the measure."""
    planned = plan.series().doses[: random.randint(0, 7)]
    drift, last = -random.randint(0, 3), date.min
    for dose in planned:
        drift += random.choice(DRIFTS)
        last = max(last, (dose.planned or dose.due) + timedelta(days=drift))
        if random.random() < 0.1:
            continue  # left open; a later one may be given all the same
        yield GivenFact(
            ingredient=INGREDIENT,
            day=last,
            outcome=random.choice(OUTCOMES),
            ordinal=dose.ordinal,
        )
    if random.random() < 0.2:
        day = plan.order.first_day + timedelta(days=random.randint(-200, 500))
        yield GivenFact(ingredient=INGREDIENT, day=day)
