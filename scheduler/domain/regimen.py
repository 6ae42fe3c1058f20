"""A regimen as values: products, phases, windows, gaps, visits, requirements, limits, and their sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from scheduler.domain.dates import Interval, Shift
from scheduler.domain.requirement_rules import (
    LimitRule,
    Monitor,
    Premedication,
    RequirementRule,
    Vaccine,
)
from scheduler.domain.visit_rules import VisitRule

NO_TIME = Interval()


class Basis(StrEnum):
    """Where a number comes from: regulator's text, published practice, a clinic's choice, or two readings."""

    LABEL = "label"
    PRACTICE = "practice"
    POLICY = "policy"
    AMBIGUOUS = "ambiguous"


class Reanchor(StrEnum):
    """What the day a dose was really given does to the rest."""

    NEVER = "never"
    OUTSIDE_WINDOW = "outside_window"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What is dispensed: brand, vial sizes (in the amount's unit), REMS program if it has one."""

    name: str
    vials: tuple[Decimal, ...] = ()
    billing_unit: str = ""
    rems_program: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """An amount for a band of body weight in kg: from ``kg_from`` to below ``kg_below`` (or up to ``kg_to``)."""

    value: Decimal
    kg_from: Decimal = Decimal(0)
    kg_below: Decimal | None = None
    kg_to: Decimal | None = None
    per: str = ""

    def holds(self, kg: Decimal) -> bool:
        """Say whether a weight lies in the band."""
        under = self.kg_below is None or kg < self.kg_below
        within = self.kg_to is None or kg <= self.kg_to
        return kg >= self.kg_from and under and within


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How much: flat, per kg, per m2 (Mosteller), per day, or by weight band.

    Args:
        value: In ``unit``; of the first band when there are tiers.
        unit: mg or g.
        per: "", "kg", "m2" or "day".
        maximum: A cap in ``unit``.
        by_indication: Other values for some indications.
        split: Whether a run shares it out over its days.
    """

    value: Decimal
    unit: str = "mg"
    per: str = ""
    maximum: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    by_indication: tuple[tuple[str, Decimal], ...] = ()
    split: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How far from its due day a dose may be given without anybody's leave.

    Args:
        event: Counted from that event instead of the due day, once its day is known.
    """

    early: Interval = NO_TIME
    late: Interval = NO_TIME
    basis: Basis = Basis.POLICY
    event: str = ""


NO_WINDOW = Window()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of an ambiguous gap: how long, and from which dose ("none": no gap)."""

    name: str
    start: str
    span: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An ambiguous value: a center must choose one of the readings, in the file's order."""

    id: str
    readings: tuple[Reading, ...]

    @property
    def options(self) -> tuple[str, ...]:
        """The readings' names."""
        return tuple(reading.name for reading in self.readings)


@dataclass(frozen=True, slots=True, kw_only=True)
class MinGap:
    """The hard gap since an earlier given dose: no dose before it has passed.

    Args:
        span: How long.
        start: Counted from prev_infusion, course_last, course_first, or a dose such as induction.1.
        basis: Where it comes from.
        choice: Open when the text allows two readings of ``start`` or of the gap itself.
    """

    span: Interval
    start: str = "prev_infusion"
    basis: Basis = Basis.LABEL
    choice: Choice | None = None

    def reading(self, choices: Mapping[str, str]) -> Reading:
        """Return how a center reads the gap; until it has chosen, as it is written."""
        written = Reading(name="", start=self.start, span=self.span)
        readings = self.choice.readings if self.choice else ()
        chosen = choices.get(self.choice.id) if self.choice else None
        return next((reading for reading in readings if reading.name == chosen), written)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Several days as one course. ``consecutive`` days must all be open; else closed days are left out."""

    days: int
    days_min: int
    days_max: int
    consecutive: bool = True
    max_gap: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """``count`` doses within a span of days, none nearer than ``gap`` days."""

    count: int
    within: int
    gap: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Induction, maintenance, course or bridge.

    Either explicit ``offsets`` from the anchor, or ``first`` and then ``every``, or a ``spread``.
    A ``clinical`` trigger gives a date from which, never an invented booking.
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
    missed: str = ""

    def amount_of(self, index: int) -> Amount | None:
        """Return the amount of the phase's dose by index from 0; the last one goes on."""
        return self.amounts[min(index, len(self.amounts) - 1)] if self.amounts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """One version of a dosing rule for a route, regions and indications."""

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
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The ambiguous values that a center must choose."""
        return tuple(p.min_gap.choice for p in self.phases if p.min_gap and p.min_gap.choice)

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
