"""A regimen as values: phases and what surrounds them, each number with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from scheduler.domain.dates import Interval, Shift
from scheduler.domain.regimen_parts import (
    AS_SOON_AS_POSSIBLE,
    NO_TIME,
    NO_WINDOW,
    Amount,
    Basis,
    Choice,
    MinGap,
    Missed,
    MissedAction,
    OrderRange,
    Product,
    Reading,
    Reanchor,
    Run,
    Spread,
    Tier,
    Window,
)
from scheduler.domain.requirement_rules import (
    LimitRule,
    Monitor,
    Premedication,
    RequirementRule,
    Vaccine,
)
from scheduler.domain.visit_rules import VisitRule

__all__ = [
    "AS_SOON_AS_POSSIBLE",
    "NO_TIME",
    "NO_WINDOW",
    "Amount",
    "Basis",
    "Choice",
    "MinGap",
    "Missed",
    "MissedAction",
    "OrderRange",
    "Phase",
    "Product",
    "Reading",
    "Reanchor",
    "Regimen",
    "Run",
    "Spread",
    "Tier",
    "Window",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Induction, maintenance, course or bridge.

    Either explicit ``offsets`` from the anchor, or ``first`` and then ``every``, or a ``spread``.
    A ``clinical`` trigger gives a date from which, never an invented booking. ``kg_from``, ``kg_below``,
    ``indications`` and ``regions`` select whom the phase is for; ``windows`` are those of single ordinals,
    ``tasks`` what is to be done at each negative offset, ``order_ranges`` what an order may name otherwise.
    """

    id: str
    kind: str
    anchor: str = "start"
    clinical: bool = False
    offsets: tuple[Interval, ...] = ()
    first: Interval = NO_TIME
    every: Interval | None = None
    until: Interval | None = None
    count: int | None = None
    spread: Spread | None = None
    run: Run | None = None
    amounts: tuple[Amount, ...] = ()
    window: Window = NO_WINDOW
    min_gap: MinGap | None = None
    review_gap: Interval | None = None
    reanchor: Reanchor = Reanchor.OUTSIDE_WINDOW
    shift: Shift = Shift.NEAREST
    kg_from: Decimal | None = None
    kg_below: Decimal | None = None
    at_home: bool = False
    one_dose: bool = False
    missed: Missed = AS_SOON_AS_POSSIBLE
    windows: tuple[tuple[frozenset[int], Window], ...] = ()
    indications: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    order_ranges: tuple[OrderRange, ...] = ()

    @property
    def dose_offsets(self) -> tuple[Interval, ...]:
        """The offsets on which a dose is given; negative ones are days of preparation."""
        return tuple(span for span in self.offsets if span.days >= 0 and span.months >= 0)

    @property
    def endless(self) -> bool:
        """Whether the phase repeats until a person ends it."""
        return self.every is not None and self.until is None and self.count is None

    @property
    def by_weight(self) -> bool:
        """Whether the phase is for a band of body weight alone."""
        return self.kg_from is not None or self.kg_below is not None

    def holds_kg(self, kg: Decimal) -> bool:
        """Say whether the phase is for a body weight in kg."""
        under = self.kg_below is None or kg < self.kg_below
        return under and kg >= (self.kg_from or Decimal(0))

    def window_of(self, ordinal: int) -> Window:
        """Return the window of a dose by its ordinal: its own, or the phase's."""
        if not self.windows:
            return self.window
        own = (window for ordinals, window in self.windows if ordinal in ordinals)
        return next(own, self.window)

    def amount_of(self, index: int) -> Amount | None:
        """Return the amount of the phase's dose by index from 0; the last one goes on."""
        return self.amounts[min(index, len(self.amounts) - 1)] if self.amounts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """One version of a dosing rule for a route, regions and indications.

    Args:
        watched_again_after: After a longer gap between doses, visits are counted from 1 again.
        cited: Which of the sources each number comes from; M: from memory of the label.
    """

    id: str
    version: int
    ingredient: str
    title: str
    title_es: str
    route: str
    regions: tuple[str, ...]
    indications: tuple[str, ...]
    status: str
    label_date: str
    products: tuple[Product, ...]
    phases: tuple[Phase, ...]
    visits: tuple[VisitRule, ...]
    requirements: tuple[RequirementRule, ...] = ()
    limits: tuple[LimitRule, ...] = ()
    monitors: tuple[Monitor, ...] = ()
    vaccines: tuple[Vaccine, ...] = ()
    premedication: tuple[Premedication, ...] = ()
    variant_of: str = ""
    watched_again_after: Interval | None = None
    cited: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The ambiguous values that a center must choose."""
        return tuple(p.min_gap.choice for p in self.phases if p.min_gap and p.min_gap.choice)

    @property
    def known_indications(self) -> tuple[str, ...]:
        """The indications it is for, and those that have amounts of their own."""
        amounts = [amount for phase in self.phases for amount in phase.amounts]
        others = [name for amount in amounts for name, _ in amount.by_indication]
        return tuple(dict.fromkeys([*self.indications, *others]))

    @property
    def named_visits(self) -> tuple[str, ...]:
        """What an order may name to have a shorter infusion or observation."""
        shorter = [name for visit in self.visits for name, _ in visit.alternatives]
        return tuple(dict.fromkeys([*shorter, *(v.requires for v in self.visits if v.requires)]))

    @property
    def brands(self) -> tuple[str, ...]:
        """The products' names."""
        return tuple(product.name for product in self.products)

    def product(self, name: str) -> Product | None:
        """Return a product by name."""
        return next((product for product in self.products if product.name == name), None)

    def phase(self, phase_id: str) -> Phase:
        """Return a phase by id."""
        return next(phase for phase in self.phases if phase.id == phase_id)
