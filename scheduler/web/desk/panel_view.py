"""The side panel of the board: details of the selected visit, planned beside real times."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduler.domain.appointments import DayStep
from scheduler.domain.visits import Step
from scheduler.web.desk.board_blocks import Block
from scheduler.web.desk.board_facts import VisitFact
from scheduler.web.words import clock

SHOWN = (
    (DayStep.ARRIVED, "Arrive"),
    (DayStep.IN_CHAIR, "In chair"),
    (DayStep.INFUSING, "Infusion"),
    (DayStep.OBSERVATION, "Observation"),
    (DayStep.DISCHARGED, "Discharge"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelFacts:
    """What the panel says beyond the block; sentences made by the view from the patient's record."""

    born: str = ""
    mrn: str = ""
    allergies: str = ""
    place: str = ""
    window: str = ""
    phase: str = ""
    first_dose: bool = False
    checks: tuple["PanelCheck", ...] = ()
    messages: str = ""
    undo_step: str = ""
    may_be_missed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelCheck:
    """A requirement: tone, icon, words, second line, value at the right."""

    tone: str = "ok"
    icon: str = "met"
    words: str = ""
    small: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """A step with its planned and real wall time (a dash when not yet)."""

    words: str
    planned: str
    real: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The panel of one visit."""

    block: Block
    facts: PanelFacts
    steps: tuple[StepLine, ...]
    minutes: int
    ready: tuple[str, str] = field(default=("", ""))


def build_panel(block: Block, facts: PanelFacts) -> Panel:
    """Build the panel of the selected visit."""
    visit = block.fact
    return Panel(
        block=block,
        facts=facts,
        steps=_steps(visit),
        minutes=int((visit.ends - visit.starts).total_seconds()) // 60,
        ready=_ready(facts.checks),
    )


def _ready(checks: Sequence[PanelCheck]) -> tuple[str, str]:
    if not checks:
        return "", ""
    missing = sum(check.tone == "stop" for check in checks)
    waiting = sum(check.tone == "wait" for check in checks)
    if missing:
        return "stop", f"{missing} missing"
    return ("ok", "All met") if not waiting else ("wait", f"{waiting} open")


def _steps(visit: VisitFact) -> tuple[StepLine, ...]:
    planned = planned_times(visit)
    return tuple(
        StepLine(
            words=words,
            planned=clock(planned[step]) if step in planned else "–",
            real=clock(visit.times[step]) if step in visit.times else "–",
        )
        for step, words in SHOWN
    )


def planned_times(visit: VisitFact) -> dict[DayStep, datetime]:
    """Return when each step of the day is planned to begin; steps that take no time are left out."""
    at, times = visit.starts, {DayStep.ARRIVED: visit.starts, DayStep.DISCHARGED: visit.ends}
    for step, minutes in visit.steps:
        match step:
            case Step.IV_START:
                times[DayStep.IN_CHAIR] = at
            case Step.INFUSION:
                times[DayStep.INFUSING] = at
            case Step.OBSERVATION:
                times[DayStep.OBSERVATION] = at
            case _:
                pass
        at += timedelta(minutes=minutes)
    return times
