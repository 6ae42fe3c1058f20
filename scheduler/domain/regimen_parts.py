"""The parts of a phase as values: amounts, windows, minimum gaps, choices, runs, spreads, missed doses."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from scheduler.domain.dates import Interval
from scheduler.domain.programs import Subject

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
    """What is dispensed: brand, vial sizes (in the amount's unit), REMS program, and whose biosimilar it is."""

    name: str
    vials: tuple[Decimal, ...] = ()
    billing_unit: str = ""
    rems_program: str = ""
    rems_enrols: tuple[Subject, ...] = ()
    biosimilar_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """An amount for a band of body weight in kg.

    It begins at ``kg_from``, or beyond ``kg_above``; it ends below ``kg_below``, or at ``kg_to``.
    """

    value: Decimal
    kg_from: Decimal = Decimal(0)
    kg_above: Decimal | None = None
    kg_below: Decimal | None = None
    kg_to: Decimal | None = None
    per: str = ""

    @property
    def begins(self) -> Decimal:
        """Where the band begins, in kg."""
        return self.kg_from if self.kg_above is None else self.kg_above

    def holds(self, kg: Decimal) -> bool:
        """Say whether a weight lies in the band."""
        under = self.kg_below is None or kg < self.kg_below
        within = self.kg_to is None or kg <= self.kg_to
        beyond = self.kg_above is None or kg > self.kg_above
        return kg >= self.kg_from and beyond and under and within


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

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings of an ambiguous gap; none when it is clear."""
        return self.choice.readings if self.choice else ()

    def reading(self, choices: Mapping[str, str]) -> Reading:
        """Return how a center reads the gap; until it has chosen, as it is written."""
        chosen = choices.get(self.choice.id) if self.choice else None
        found = next((each for each in self.readings if each.name == chosen), None)
        return found or Reading(name="", start=self.start, span=self.span)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Several days as one course. ``consecutive`` days must all be open; else closed days are left out."""

    days: int
    days_min: int
    days_max: int
    consecutive: bool = True
    max_gap: int = 0

    @property
    def is_named_by_order(self) -> bool:
        """Whether an order may name its days otherwise."""
        return self.days_min < self.days_max

    def days_of(self, ordered: int | None) -> int:
        """Return how many days a course has: the order's own number where the regimen lets it name that one."""
        allowed = ordered is not None and self.days_min <= ordered <= self.days_max
        return ordered if ordered is not None and allowed else self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRange:
    """Between which limits an order may name its own interval or amount; None: that end is not said.

    Args:
        every_from, every_to: The shortest and the longest interval.
        amount_from, amount_to: In the amount's unit, per kg or m2 where the amount is.
        regions: Where it holds; empty: everywhere.
    """

    every_from: Interval | None = None
    every_to: Interval | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    regions: tuple[str, ...] = ()
    basis: Basis = Basis.LABEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """``count`` doses within a span of days, none nearer than ``gap`` days."""

    count: int
    within: int
    gap: int = 1


class MissedAction(StrEnum):
    """What becomes of a missed dose: given as soon as possible, skipped, given until a day, or a person decides."""

    AS_SOON_AS_POSSIBLE = "as_soon_as_possible"
    KEEP_GRID = "keep_grid"
    GIVE_UNTIL = "give_until"
    SKIP = "skip"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A phase's rule for a missed dose.

    Args:
        action: ``keep_grid`` gives it as soon as possible too, and later doses keep their days.
        until: For ``give_until``: so long after its due day; later it is skipped.
    """

    action: MissedAction = MissedAction.AS_SOON_AS_POSSIBLE
    until: Interval | None = None


AS_SOON_AS_POSSIBLE = Missed()
