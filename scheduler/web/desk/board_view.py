"""The day board as the template draws it, from plain facts: rows, blocks, curves, counts, strip, lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from scheduler.web.desk.board_blocks import Block, Frame, draw_row, shown
from scheduler.web.desk.board_curves import Curve, CurveRow, draw_curve, over_sentence, table
from scheduler.web.desk.board_facts import ChairFact, DayFact, DayFacts, TrayFact
from scheduler.web.desk.board_grid import SLOT, Grid, HourMark, Now, Place, make_grid
from scheduler.web.desk.states import EXPECTED, HERE, VisitState
from scheduler.web.words import long_day

ROOMY = 12
LIST_ORDER = (VisitState.ARRIVED, VisitState.CHAIR, VisitState.INFUSING, VisitState.WATCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One chair with its visits; ``pod`` is set on the first row of a pod."""

    chair: ChairFact
    blocks: tuple[Block, ...]
    outages: tuple[tuple[Place, str], ...]
    pod: str = ""

    @property
    def label(self) -> str:
        """What a screen reader says of the row."""
        return f"{self.chair.name}, {self.chair.second}" if self.chair.second else self.chair.name


@dataclass(frozen=True, slots=True)
class Count:
    """A number of the counts row, which is a filter too."""

    code: str
    words: str
    number: int
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StripDay:
    """A day of the strip with its bar (0 to 24 units wide)."""

    day: date
    letter: str
    load: int
    over: bool
    closed: str
    current: bool
    week: bool
    far: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A chair of the list under 1000 px: who sits there now, what comes next."""

    chair: ChairFact
    block: Block
    line: str
    after: Block | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the person looks at: filter, nurse, selected visit, row height."""

    show: str = "all"
    nurse: str = ""
    selected: UUID | None = None
    compact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """Everything ``desk/day.html`` and ``desk/_board.html`` draw."""

    day: date
    title: str
    today: bool
    closed: str
    note: str
    grid: Grid
    hours: tuple[HourMark, ...]
    now: Now | None
    rows: tuple[Row, ...]
    curves: tuple[Curve, ...]
    curve_rows: tuple[CurveRow, ...]
    over_title: str
    over_words: str
    counts: tuple[Count, ...]
    strip: tuple[StripDay, ...]
    tray: tuple[TrayFact, ...]
    tray_count: int
    cards: tuple[Card, ...]
    coming: tuple[Block, ...]
    nurses: tuple[str, ...]
    choice: Choice
    revision: int

    @property
    def previous(self) -> date | None:
        """The open day before it."""
        days = (d.day for d in self.strip if d.day < self.day and not d.closed)
        return max(days, default=None)

    @property
    def next(self) -> date | None:
        """The open day after it."""
        days = (d.day for d in self.strip if d.day > self.day and not d.closed)
        return min(days, default=None)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All visits on chairs, in the order of the rows."""
        return tuple(block for row in self.rows for block in row.blocks)

    @property
    def selected(self) -> Block | None:
        """The visit whose details the panel shows."""
        return next((block for block in self.blocks if block.selected), None)

    @property
    def problems(self) -> tuple[Block, ...]:
        """Visits that need a person: not ready, over their time, late, asked for a call."""
        return tuple(block for block in self.blocks if block.problem)

    @property
    def waiting(self) -> tuple[Block, ...]:
        """Who has arrived and sits in no chair yet."""
        return tuple(block for block in self.blocks if block.state is VisitState.ARRIVED)

    @property
    def compact(self) -> bool:
        """Whether rows are drawn on one line."""
        return self.choice.compact or len(self.rows) > ROOMY


def build(facts: DayFacts, choice: Choice) -> BoardView:
    """Build the board of one day from its facts."""
    grid = make_grid(facts.day, _spans(facts))
    rows = _rows(facts, _frame(facts, grid, choice))
    curves, curve_rows = _curves(facts, grid)
    over = over_sentence(curves, _column_now(facts, grid), facts.over_cause)
    blocks = [block for row in rows for block in row.blocks]
    return BoardView(
        day=facts.day,
        title=long_day(facts.day),
        today=facts.now.date() == facts.day,
        closed=facts.closed,
        note=facts.note,
        grid=grid,
        hours=grid.hours(),
        now=grid.now(facts.now),
        rows=rows,
        curves=curves,
        curve_rows=curve_rows,
        over_title=over[0],
        over_words=over[1],
        counts=_counts(blocks),
        strip=_strip(facts),
        tray=facts.tray,
        tray_count=facts.tray_count or len(facts.tray),
        cards=_cards(rows),
        coming=tuple(sorted(_expected(blocks), key=lambda block: block.fact.starts)),
        nurses=facts.nurses,
        choice=choice,
        revision=facts.revision,
    )


def _curves(facts: DayFacts, grid: Grid) -> tuple[tuple[Curve, ...], tuple[CurveRow, ...]]:
    offset = grid.minute(facts.first_curve_slot) // SLOT if facts.first_curve_slot else 0
    minute_now = grid.minute(facts.now) if facts.now.date() == facts.day else None
    drawn = tuple(draw_curve(curve, grid, minute_now, offset) for curve in facts.curves)
    return drawn, table(facts.curves, grid, offset)


def _spans(facts: DayFacts) -> list[tuple[datetime, datetime]]:
    hours = [(facts.opens, facts.closes)] if facts.opens and facts.closes else []
    return hours + [(visit.starts, visit.ends) for visit in facts.visits]


def _column_now(facts: DayFacts, grid: Grid) -> int:
    if facts.now.date() < facts.day:
        return 0
    return grid.slots if facts.now.date() > facts.day else grid.minute(facts.now) // SLOT


def _frame(facts: DayFacts, grid: Grid, choice: Choice) -> Frame:
    return Frame(
        grid=grid,
        now=facts.now,
        chair_names={chair.key: chair.name for chair in facts.chairs},
        selected=choice.selected,
        show=choice.show,
        nurse=choice.nurse,
    )


def _rows(facts: DayFacts, frame: Frame) -> tuple[Row, ...]:
    rows: list[Row] = []
    for pod, chairs in groupby(facts.chairs, key=lambda chair: chair.pod):
        for position, chair in enumerate(chairs):
            mine = [visit for visit in facts.visits if visit.chair_key == chair.key]
            rows.append(
                Row(
                    chair=chair,
                    blocks=draw_row(mine, frame),
                    outages=_outages(chair, frame.grid),
                    pod=pod if position == 0 else "",
                )
            )
    return tuple(rows)


def _outages(chair: ChairFact, grid: Grid) -> tuple[tuple[Place, str], ...]:
    places = ((grid.place(begins, ends), words) for begins, ends, words in chair.outages)
    return tuple((place, words) for place, words in places if place)


def _counts(blocks: Sequence[Block]) -> tuple[Count, ...]:
    def of(code: str) -> int:
        return sum(shown(block, code) for block in blocks)

    return (
        Count("all", "All", len(blocks)),
        Count("expected", "Expected", of("expected")),
        Count("waiting", "Waiting", of("waiting"), "wait" if of("waiting") else ""),
        Count("in-chair", "In chair", of("in-chair")),
        Count("done", "Done", of("done")),
        Count("lost", "Not treated, no-show", of("lost")),
        Count("not-ready", "Not ready", of("not-ready"), "stop" if of("not-ready") else ""),
    )


def _strip(facts: DayFacts) -> tuple[StripDay, ...]:
    monday = facts.day.toordinal() - facts.day.weekday()
    return tuple(
        StripDay(
            day=fact.day,
            letter=f"{fact.day:%a}"[0],
            load=round(24 * min(1.0, fact.filled)),
            over=fact.over,
            closed=fact.closed,
            current=fact.day == facts.day,
            week=position > 0 and fact.day.weekday() < facts.days[position - 1].day.weekday(),
            far=fact.day.toordinal() < monday,
            words=_strip_words(fact),
        )
        for position, fact in enumerate(facts.days)
    )


def _strip_words(fact: DayFact) -> str:
    month = f"{fact.day:%B}"
    if fact.closed:
        return f"{month}, closed: {fact.closed}"
    return (
        f"{month}, {fact.filled:.0%} of chair time booked{', over capacity' if fact.over else ''}"
    )


def _expected(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if block.state in EXPECTED]


def _cards(rows: Sequence[Row]) -> tuple[Card, ...]:
    cards = [
        Card(chair=row.chair, block=block, line=_card_line(block), after=_after(row, block))
        for row in rows
        for block in row.blocks
        if block.state in HERE
    ]
    return tuple(sorted(cards, key=lambda card: LIST_ORDER.index(card.block.state)))


def _card_line(block: Block) -> str:
    words = [f"until {block.fact.ends.hour}:{block.fact.ends.minute:02d}"]
    words += [missing.words for missing in block.missing]
    return " · ".join([*words, block.fact.note] if block.fact.note else words)


def _after(row: Row, block: Block) -> Block | None:
    later = [b for b in row.blocks if b.fact.starts > block.fact.starts and b.state in EXPECTED]
    return min(later, key=lambda b: b.fact.starts, default=None)
