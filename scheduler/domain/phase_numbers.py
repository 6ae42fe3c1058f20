"""The numbers of one phase in words, each with its basis and source."""

from collections.abc import Iterator, Mapping

from scheduler.domain.dates import Interval, Shift
from scheduler.domain.order_ranges import spoken_range
from scheduler.domain.regimen import (
    AS_SOON_AS_POSSIBLE,
    Amount,
    Basis,
    Missed,
    MissedAction,
    Phase,
    Run,
    Window,
)
from scheduler.domain.rule_numbers import CENTER, RuleNumber, cite, own_source, spoken_interval

Number = tuple[str, str, str, Basis, str]

GAP = "gap"

LATE = {
    "never": "the dates stay",
    "always": "the next ones count from the given day",
    "outside_window": "the next ones count from the given day when it lies outside the window",
}


MISSED = {
    MissedAction.KEEP_GRID: "as soon as possible; the later ones keep their days",
    MissedAction.GIVE_UNTIL: "up to {until}, then it falls out; the later ones keep their days",
    MissedAction.SKIP: "it falls out; the later ones keep their days",
    MissedAction.MANUAL: "no rule says how to catch up: the prescriber decides",
}

ROUTES = ("iv", "sc")


def gap_item(phase: Phase) -> str:
    """Return the item of a phase's minimum gap, which may have two readings."""
    return f"{phase.id}.{GAP}"


def phase_numbers(phase: Phase, cited: Mapping[str, str]) -> Iterator[RuleNumber]:
    """Yield the numbers of a phase: doses, amount, window, gap, and what a late or missed dose does."""
    name = phase_name(phase.id)
    group = name[:1].upper() + name[1:]
    for what, name, words, basis, source in (
        *_doses(phase, cited),
        *_spans(phase, cited),
        *_fates(phase, cited),
    ):
        yield RuleNumber(
            item=f"{phase.id}.{what}",
            group=group,
            name=name,
            words=words,
            basis=basis,
            source=source,
        )


def phase_name(phase_id: str) -> str:
    """Return a phase's id as people read it: "maintenance SC" of "maintenance-sc"."""
    words = phase_id.replace("-", " ").replace("_", " ").split()
    return " ".join(word.upper() if word in ROUTES else word for word in words)


def _doses(phase: Phase, cited: Mapping[str, str]) -> Iterator[Number]:
    own = "maintenance" if phase.kind == "maintenance" else "schedule"
    yield "when", "Doses", _when(phase), Basis.LABEL, cite(cited, own)
    if phase.amounts:
        amounts = "; then ".join(_amount(each) for each in phase.amounts)
        yield "amount", "Amount", amounts, Basis.LABEL, cite(cited, "tiers")
    for allowed in phase.order_ranges:
        where = f", {', '.join(allowed.regions)}" if allowed.regions else ""
        keys = [f"interval_{region.lower()}" for region in allowed.regions]
        source = own_source(cited, allowed.basis, *keys, "order_range")
        item = f"order{where.replace(', ', '.')}"
        yield item, f"An order may name{where}", spoken_range(phase, allowed), allowed.basis, source


def _spans(phase: Phase, cited: Mapping[str, str]) -> Iterator[Number]:
    own_windows = ((f"window of dose {min(n)}", w) for n, w in phase.windows if n)
    for name, window in (("window", phase.window), *own_windows):
        source = own_source(cited, window.basis, "window")
        yield name, name.capitalize(), _spoken_window(window), window.basis, source
    if (gap := phase.min_gap) is not None:
        words = spoken_gap(gap.start, gap.span)
        named = ("min_gap", "floor", "floor_new", "min_interval_practice")
        yield GAP, "Not before", words, gap.basis, own_source(cited, gap.basis, *named)
    if phase.review_gap is not None:
        words = f"more than {spoken_interval(phase.review_gap)} since the last dose"
        yield "review", "For review", words, Basis.PRACTICE, cite(cited, "gap")


def _fates(phase: Phase, cited: Mapping[str, str]) -> Iterator[Number]:
    late = LATE[phase.reanchor.value]
    yield "late", "A late dose", late, Basis.LABEL, cite(cited, "missed")
    if phase.missed != AS_SOON_AS_POSSIBLE:
        source = cite(cited, "missed", "missed_day")
        yield "missed", "A missed dose", _missed(phase.missed), Basis.LABEL, source
    if phase.shift is not Shift.NEAREST:
        words = f"the {phase.shift.value.replace('_', ' ')} open day"
        yield "shift", "On a closed day", words, Basis.POLICY, CENTER


def _when(phase: Phase) -> str:
    run = _spoken_run(phase.run) if phase.run else ""
    asked = "; only when the prescriber asks for it" if phase.clinical else ""
    return f"{_days(phase)}{_ends(phase)}{run}{_for_whom(phase)}{asked}"


def _spoken_run(run: Run) -> str:
    said = f", {run.days} days in a row"
    if (run.days_min, run.days_max) != (run.days, run.days):
        said += f" ({run.days_min} to {run.days_max} by the order)"
    if run.consecutive:
        return said
    return (
        said
        + f", closed days left out, at most {spoken_interval(Interval(days=run.max_gap))} apart"
    )


def _days(phase: Phase) -> str:
    since = f", counted from {_spoken_anchor(phase.anchor)}"
    if phase.spread is not None:
        apart = f", at least {spoken_interval(Interval(days=phase.spread.gap))} apart"
        return f"{phase.spread.count} doses within {phase.spread.within} days{apart}"
    if phase.every is not None:
        other = phase.first not in (Interval(), phase.every)
        first = f"first after {spoken_interval(phase.first)}, then " if other else ""
        return f"{first}every {spoken_interval(phase.every)}{since}"
    before = dict(zip(phase.offsets, phase.tasks, strict=False))
    return ", ".join(_offset(span, before.get(span, "")) for span in phase.offsets) + since


def _offset(span: Interval, task: str) -> str:
    if span.days < 0 or span.months < 0:
        return f"{spoken_interval(span.back())} before: {task}"
    return spoken_interval(span) if span.months else f"day {span.days + 1}"


def _ends(phase: Phase) -> str:
    ends = f", for {spoken_interval(phase.until)}" if phase.until else ""
    return f"{ends}, {phase.count} doses" if phase.count is not None else ends


def _for_whom(phase: Phase) -> str:
    least = f"from {phase.kg_from.normalize():f} kg" if phase.kg_from is not None else ""
    below = f"below {phase.kg_below.normalize():f} kg" if phase.kg_below is not None else ""
    for_whom = [least, below, *phase.indications, *phase.regions]
    said = ", ".join(filter(None, for_whom))
    return f"; for {said}" if said else ""


def _missed(missed: Missed) -> str:
    until = f"{spoken_interval(missed.until)} late" if missed.until else ""
    return MISSED[missed.action].format(until=until)


def _spoken_window(window: Window) -> str:
    counted = window.event.replace("-", " ") if window.event else "the due day"
    early, late = spoken_interval(window.early), spoken_interval(window.late)
    return f"{early} before to {late} after {counted}"


def spoken_gap(start: str, span: Interval) -> str:
    """Return a minimum gap in words: "5 months after the last given dose", or that there is none."""
    if start == "none":
        return "no minimum gap"
    return f"{spoken_interval(span)} after {_spoken_anchor(start)}"


def _spoken_anchor(anchor: str) -> str:
    plain = {
        "start": "the first day",
        "prev_infusion": "the last given dose",
        "course_last": "the last day of the course before",
        "course_first": "the first day of the course before",
        "min_gap": "the end of the minimum gap",
    }
    if anchor in plain:
        return plain[anchor]
    phase, _, number = anchor.removeprefix("event:").partition(".")
    words = phase.replace("_", " ")
    return f"{words}, {'last' if number == 'last' else 'dose ' + number}" if number else words


def _amount(amount: Amount) -> str:
    most = f", at most {amount.maximum.normalize():f} {amount.unit}" if amount.maximum else ""
    if not amount.tiers:
        per = f"/{amount.per}" if amount.per else ""
        others = "".join(
            f", for {name} {value.normalize():f} {amount.unit}{per}"
            for name, value in amount.by_indication
        )
        shared = ", shared out over the days of a run" if amount.split else ""
        return f"{amount.value.normalize():f} {amount.unit}{per}{others}{most}{shared}"
    bands = (
        f"{tier.value.normalize():f} {amount.unit}{f'/{tier.per}' if tier.per else ''}"
        f" {'above' if tier.kg_above is not None else 'from'} {tier.begins.normalize():f} kg"
        for tier in amount.tiers
    )
    return ", ".join(bands) + most
