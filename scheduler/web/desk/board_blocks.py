"""The visits of the board as blocks: name as long as it fits, state, phases, turnover, overrun."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from uuid import UUID

from scheduler.domain.appointments import DayStep
from scheduler.domain.visits import Step
from scheduler.web.desk.board_facts import MissingFact, VisitFact
from scheduler.web.desk.board_grid import SLOT, Grid, Place
from scheduler.web.desk.states import (
    EXPECTED,
    HERE,
    IN_CHAIR,
    LOST,
    NextStep,
    VisitState,
    next_step,
    visit_state,
)
from scheduler.web.words import clock, clock_span

SHORT = 5
TINY = 3
LETTERS_PER_SLOT, LETTERS_PER_ICON = 3, 2
LATE_AFTER = timedelta(minutes=10)
PHASE = {
    Step.INTAKE: "prep",
    Step.IV_START: "line",
    Step.PREPARATION: "prep",
    Step.INFUSION: "run",
    Step.OBSERVATION: "watch",
    Step.DISCHARGE: "prep",
}


@dataclass(frozen=True, slots=True)
class Phase:
    """A piece of the strip: class ``ph-<kind>``, width in units of 5 minutes."""

    kind: str
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One visit as drawn: where, how it looks, what it says."""

    id: UUID
    fact: VisitFact
    chair: str
    state: VisitState
    place: Place
    turnover: Place | None
    name: str
    state_words: str
    hint: str
    phases: tuple[Phase, ...]
    missing: tuple[MissingFact, ...]
    over: str
    late: str
    dim: bool
    selected: bool
    next: NextStep | None

    @property
    def short(self) -> bool:
        """Whether only name, icon and state word have room."""
        return self.place.width <= SHORT

    @property
    def tiny(self) -> bool:
        """Whether the icon stands before the name because the second line is too short for it."""
        return self.place.width <= TINY

    @property
    def not_ready(self) -> bool:
        """Whether something is missing before a dose that is still to come."""
        return self.state in EXPECTED | {VisitState.ARRIVED} and any(
            not fact.pending for fact in self.missing
        )

    @property
    def problem(self) -> bool:
        """Whether N stops here: not ready, over its time, late, or the patient asked for something."""
        asked = self.state in EXPECTED and (self.fact.wants_call or self.fact.cannot_come)
        return self.not_ready or bool(self.over or self.late) or asked

    @property
    def flags(self) -> int:
        """How many icons stand behind the name."""
        asked = self.fact.wants_call or self.fact.cannot_come
        return len(self.missing[:2]) + bool(self.over or self.late) + bool(asked)


def short_name(name: str, width: int, flags: int = 0) -> str:
    """Return the name written out where it fits beside its icons, else first name and initial ("Walt H.").

    Args:
        name: The whole name.
        width: Of the block, in slots; wider than five, an icon stands before the name.
        flags: How many icons stand behind it.
    """
    first, *rest = name.split() or [name]
    icons = flags + (width > SHORT)
    if len(name) <= LETTERS_PER_SLOT * width - LETTERS_PER_ICON * icons or not rest:
        return name
    return f"{first} {rest[-1][0]}."


def phases(steps: Sequence[tuple[Step, int]]) -> tuple[Phase, ...]:
    """Return the strip of a visit's steps in proportion, in units of 5 minutes."""
    return tuple(
        Phase(PHASE[step], min(96, max(1, round(minutes / 5))))
        for step, minutes in steps
        if minutes
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every block of a day is drawn with."""

    grid: Grid
    now: datetime
    chair_names: dict[int, str]
    selected: UUID | None
    show: str
    nurse: str


def draw_row(visits: Sequence[VisitFact], frame: Frame) -> tuple[Block, ...]:
    """Draw the visits of one chair in order; one that runs over grows to now, not over the next."""
    ordered = sorted(visits, key=lambda visit: visit.starts)
    followed_by = zip_longest(ordered, (visit.starts for visit in ordered[1:]))
    blocks = (draw(visit, frame, until) for visit, until in followed_by)
    return tuple(block for block in blocks if block is not None)


def draw(visit: VisitFact, frame: Frame, until: datetime | None) -> Block | None:
    """Draw one visit, None when it lies outside the grid."""
    state = visit_state(visit.status)
    over = _over_minutes(visit, state, frame.now)
    ends = visit.ends if not over else min(frame.now, until or frame.now)
    place = frame.grid.place(visit.starts, max(visit.ends, ends))
    if place is None:
        return None
    block = Block(
        id=visit.id,
        fact=visit,
        chair=frame.chair_names.get(visit.chair_key, ""),
        state=state,
        place=place,
        turnover=_turnover(visit, state, place, frame, until),
        name=visit.name,
        state_words=_state_words(visit, state),
        hint=f"{visit.name}, {visit.drug_long}, {clock_span(visit.starts, visit.ends)}",
        phases=phases(visit.steps),
        missing=visit.missing if state in EXPECTED | {VisitState.ARRIVED} else (),
        over=f"{over} min over" if over else "",
        late=_late(visit, state, frame.now),
        dim=False,
        selected=visit.id == frame.selected,
        next=next_step(state, frame.chair_names.get(visit.chair_key, "the chair")),
    )
    name = short_name(visit.name, place.width, block.flags)
    return _dimmed(replace(block, name=name), frame)


def _dimmed(block: Block, frame: Frame) -> Block:
    other_nurse = bool(frame.nurse) and block.fact.nurse != frame.nurse
    return replace(block, dim=other_nurse or not shown(block, frame.show))


FILTERS = {
    "expected": EXPECTED,
    "waiting": frozenset({VisitState.ARRIVED}),
    "in-chair": IN_CHAIR,
    "done": frozenset({VisitState.DONE}),
    "lost": LOST,
}


def shown(block: Block, show: str) -> bool:
    """Say whether a filter of the counts row ("waiting", "not-ready") lets the block stand out."""
    if show == "not-ready":
        return block.not_ready
    return block.state in FILTERS.get(show, VisitState)


def _over_minutes(visit: VisitFact, state: VisitState, now: datetime) -> int:
    if state not in HERE or state is VisitState.ARRIVED or now.date() != visit.ends.date():
        return 0
    return max(0, int((now - visit.ends).total_seconds()) // 60)


def _late(visit: VisitFact, state: VisitState, now: datetime) -> str:
    late = now - visit.starts
    if state not in EXPECTED or late < LATE_AFTER or now.date() != visit.starts.date():
        return ""
    return f"{int(late.total_seconds()) // 60} min late"


def _state_words(visit: VisitFact, state: VisitState) -> str:
    at = visit.times.get(DayStep.ARRIVED)
    if state is VisitState.ARRIVED and at:
        return f"Arrived {clock(at)}"
    return state.look.words


def _turnover(
    visit: VisitFact, state: VisitState, place: Place, frame: Frame, until: datetime | None
) -> Place | None:
    if state is VisitState.NO_SHOW or visit.free <= visit.ends:
        return None
    end = frame.grid.place(visit.starts, visit.free)
    next_column = frame.grid.minute(until) // SLOT if until else frame.grid.slots
    width = min(end.end if end else place.end, next_column) - place.end
    return Place(place.end, width) if width > 0 else None
