"""Reading the phases of a regimen file: offsets, amounts, windows, gaps and runs."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from scheduler.domain.dates import Interval, Shift, parse_interval
from scheduler.domain.grammar_table import GrammarError, Table
from scheduler.domain.regimen import (
    Amount,
    Basis,
    Choice,
    MinGap,
    Phase,
    Reading,
    Reanchor,
    Run,
    Spread,
    Tier,
    Window,
)

AUTO, CLINICAL = "auto", "clinical"


def phases_of(top: Table, file: str) -> tuple[Phase, ...]:
    """Return the phases of a file in their order.

    Raises:
        GrammarError: names the phase and what is wrong with it.
    """
    phases = tuple(_phase(table) for table in top.tables("phase"))
    _check_phases(phases, file)
    return phases


def _phase(table: Table) -> Phase:
    every = table.optional("every", parse_interval)
    amounts = [table.sub("amount")] if table.has("amount") else table.tables("amounts")
    select = table.sub("select")
    return table.finish(
        Phase(
            id=table.taken("id", str),
            kind=table.taken("kind", str),
            anchor=table.taken("anchor", str),
            clinical=table.one_of("trigger", (AUTO, CLINICAL), AUTO) == CLINICAL,
            offsets=tuple(parse_interval(text) for text in table.taken("offsets", list, [])),
            first=table.optional("first", parse_interval) or Interval(),
            every=every,
            until=table.optional("until", parse_interval),
            count=table.taken("count", int, None),
            spread=_spread(table.sub("spread")),
            run=_run(table.sub("run")),
            amounts=tuple(_amount(sub) for sub in amounts if sub is not None),
            window=_window(table.sub("window")),
            min_gap=_min_gap(table.sub("min_gap")),
            review_gap=table.optional("review_gap", parse_interval),
            reanchor=Reanchor(table.one_of("reanchor", tuple(Reanchor), Reanchor.OUTSIDE_WINDOW)),
            shift=Shift(table.one_of("shift", tuple(Shift), Shift.NEAREST)),
            kg_from=None if select is None else select.decimal("kg_from"),
            kg_below=None if select is None else select.decimal("kg_below"),
            at_home=table.taken("site", str, "") == "home",
            one_dose=table.taken("one_dose", bool, False),  # noqa: FBT003 - a default
            missed=table.taken("missed", str, ""),
        )
    )


def _amount(table: Table) -> Amount:
    tiers = tuple(_tier(tier) for tier in table.tables("tiers"))
    bands = sorted(tiers, key=lambda tier: tier.kg_from)
    for lower, upper in pairwise(bands):
        end = lower.kg_below if lower.kg_below is not None else lower.kg_to
        if end is None or end > upper.kg_from:
            table.refuse("tiers", f"two weight bands overlap at {upper.kg_from} kg")
    value = table.decimal("value")
    if value is None and not tiers:
        table.refuse("value", "an amount needs a value or tiers")
    by_indication = table.taken("by_indication", dict, {})
    return table.finish(
        Amount(
            value=value if value is not None else tiers[0].value,
            unit=table.taken("unit", str, "mg"),
            per=table.one_of("per", ("", "kg", "m2", "day"), ""),
            maximum=table.decimal("maximum"),
            tiers=tiers,
            by_indication=tuple((name, Decimal(str(v))) for name, v in by_indication.items()),
            split=table.taken("split", bool, False),  # noqa: FBT003 - a default
        )
    )


def _tier(table: Table) -> Tier:
    return table.finish(
        Tier(
            value=Decimal(str(table.taken("value", (int, float)))),
            kg_from=table.decimal("kg_from") or Decimal(0),
            kg_below=table.decimal("kg_below"),
            kg_to=table.decimal("kg_to"),
            per=table.one_of("per", ("", "kg"), ""),
        )
    )


def _basis(table: Table) -> Basis:
    return Basis(table.one_of("basis", tuple(Basis)))


def _window(table: Table | None) -> Window:
    if table is None:
        return Window(early=Interval(days=0), late=Interval(days=7), basis=Basis.POLICY)
    return table.finish(
        Window(
            early=parse_interval(table.taken("early", str)),
            late=parse_interval(table.taken("late", str)),
            basis=_basis(table),
            event=table.taken("event", str, ""),
        )
    )


def _min_gap(table: Table | None) -> MinGap | None:
    if table is None:
        return None
    return table.finish(
        MinGap(
            span=parse_interval(table.taken("value", str)),
            start=table.taken("from", str),
            basis=_basis(table),
            choice=_choice(table.sub("choice")),
        )
    )


def _choice(table: Table | None) -> Choice | None:
    if table is None:
        return None
    readings = tuple(_reading(option) for option in table.tables("readings"))
    return table.finish(Choice(id=table.taken("id", str), readings=readings))


def _reading(table: Table) -> Reading:
    return table.finish(
        Reading(
            name=table.taken("name", str),
            start=table.taken("from", str),
            span=table.optional("value", parse_interval) or Interval(),
        )
    )


def _run(table: Table | None) -> Run | None:
    if table is None:
        return None
    days = table.taken("days", int)
    return table.finish(
        Run(
            days=days,
            days_min=table.taken("days_min", int, days),
            days_max=table.taken("days_max", int, days),
            consecutive=table.one_of("closed_inside", ("forbid", "allow"), "forbid") == "forbid",
            max_gap=table.taken("max_gap_days", int, 0),
        )
    )


def _spread(table: Table | None) -> Spread | None:
    if table is None:
        return None
    return table.finish(
        Spread(
            count=table.taken("count", int),
            within=table.taken("within_days", int),
            gap=table.taken("gap_days", int, 1),
        )
    )


def _check_phases(phases: Sequence[Phase], file: str) -> None:
    known = {phase.id for phase in phases}
    for phase in phases:
        for sentence in _phase_faults(phase, known):
            raise GrammarError(file, f"phase {phase.id}", sentence)
    seen: set[str] = set()
    for phase in phases:
        anchor = phase.anchor.split(".")[0]
        if anchor in known and anchor not in seen and anchor != phase.id:
            raise GrammarError(
                file,
                f"phase {phase.id}",
                f"its anchor {anchor} comes after it: anchors run in a circle",
            )
        seen.add(phase.id)


def _phase_faults(phase: Phase, known: Iterable[str]) -> Iterable[str]:
    anchor = phase.anchor.split(".")[0]
    if anchor not in {"start", "prev_course", "min_gap", *known} and not phase.anchor.startswith(
        "event:"
    ):
        yield f"it is anchored on {phase.anchor}, which does not exist"
    if not (phase.offsets or phase.every or phase.spread):
        yield "it says neither offsets, nor every, nor spread"
    if phase.every and _days(phase.window.early) + _days(phase.window.late) > _days(phase.every):
        yield "its window is wider than its interval"
    gap_is_open = phase.min_gap is not None and phase.min_gap.basis is Basis.AMBIGUOUS
    if (
        phase.every
        and phase.min_gap
        and not gap_is_open
        and _days(phase.min_gap.span) > _days(phase.every)
    ):
        yield "its minimum gap is longer than its interval"


def _days(span: Interval) -> float:
    return span.months * 30.4 + span.days
