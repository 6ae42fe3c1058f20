"""Reading the phases of a regimen file: offsets, windows, gaps, runs and what becomes of a missed dose."""

from dataclasses import replace

from scheduler.domain.dates import Interval, Shift
from scheduler.domain.grammar_amounts import amounts_in
from scheduler.domain.grammar_table import Table
from scheduler.domain.regimen import (
    AS_SOON_AS_POSSIBLE,
    Basis,
    Choice,
    MinGap,
    Missed,
    MissedAction,
    OrderRange,
    Phase,
    Reading,
    Reanchor,
    Run,
    Spread,
    Window,
)

AUTO, CLINICAL = "auto", "clinical"
KINDS = ("induction", "maintenance", "course", "bridge")
UNSAID = Window(late=Interval(days=7))


def phases_in(top: Table) -> tuple[Phase, ...]:
    """Return the phases of a file in their order."""
    return tuple(_phase(table) for table in top.tables("phase"))


def _phase(table: Table) -> Phase:
    select = table.sub("select")
    phase = table.finish(
        Phase(
            id=table.taken("id", str),
            kind=table.one_of("kind", KINDS),
            anchor=table.taken("anchor", str),
            clinical=table.one_of("trigger", (AUTO, CLINICAL), AUTO) == CLINICAL,
            offsets=table.spans("offsets"),
            tasks=table.texts("tasks"),
            first=table.span("first") or Interval(),
            every=table.span("every"),
            until=table.span("until"),
            count=table.taken("count", int, None),
            spread=_spread(table.sub("spread")),
            run=_run(table.sub("run")),
            amounts=amounts_in(table),
            window=_window(table.sub("window")),
            windows=tuple(_numbered_window(row) for row in table.tables("windows")),
            min_gap=_min_gap(table.sub("min_gap")),
            review_gap=table.span("review_gap"),
            reanchor=Reanchor(table.one_of("reanchor", tuple(Reanchor), Reanchor.OUTSIDE_WINDOW)),
            shift=Shift(table.one_of("shift", tuple(Shift), Shift.NEAREST)),
            at_home=table.one_of("site", ("", "home"), "") == "home",
            one_dose=table.flag("one_dose"),
            missed=_missed(table.sub("missed")),
            order_ranges=tuple(_order_range(row) for row in table.tables("order_range")),
        )
    )
    return phase if select is None else _selected(phase, select)


def _selected(phase: Phase, select: Table) -> Phase:
    """Return a phase for whom it is: by weight, indication or region."""
    return select.finish(
        replace(
            phase,
            kg_from=select.decimal("kg_from"),
            kg_below=select.decimal("kg_below"),
            indications=select.texts("indications"),
            regions=select.texts("regions"),
        )
    )


def _basis(table: Table) -> Basis:
    return Basis(table.one_of("basis", tuple(Basis)))


def _window(table: Table | None) -> Window:
    if table is None:
        return UNSAID
    return table.finish(
        Window(
            early=table.needed_span("early"),
            late=table.needed_span("late"),
            basis=_basis(table),
            event=table.taken("event", str, ""),
        )
    )


def _numbered_window(table: Table) -> tuple[frozenset[int], Window]:
    ordinals = frozenset(table.counts("ordinals"))
    return ordinals, _window(table)


def _min_gap(table: Table | None) -> MinGap | None:
    if table is None:
        return None
    return table.finish(
        MinGap(
            span=table.needed_span("value"),
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
            span=table.span("value") or Interval(),
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


def _order_range(table: Table) -> OrderRange:
    return table.finish(
        OrderRange(
            every_from=table.span("every_from"),
            every_to=table.span("every_to"),
            amount_from=table.decimal("amount_from"),
            amount_to=table.decimal("amount_to"),
            regions=table.texts("regions"),
            basis=_basis(table),
        )
    )


def _missed(table: Table | None) -> Missed:
    if table is None:
        return AS_SOON_AS_POSSIBLE
    action = MissedAction(table.one_of("action", tuple(MissedAction)))
    return table.finish(Missed(action=action, until=table.span("until")))
