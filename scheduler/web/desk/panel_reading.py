"""From what is stored about a visit to the sentences of the board's side panel."""

from datetime import date, datetime

from scheduler.domain.appointments import DayStep
from scheduler.domain.plans import RequirementStatus
from scheduler.persistence.board_panel import (
    PanelDose,
    PanelMessage,
    PanelRead,
    PanelRequirement,
)
from scheduler.services.no_shows import WAITS
from scheduler.web.desk.board_blocks import Block
from scheduler.web.desk.panel_view import PanelCheck, PanelFacts
from scheduler.web.desk.requirement_words import requirement_icon, requirement_name
from scheduler.web.desk.states import EXPECTED, HERE, VisitState
from scheduler.web.words import clock, days_words, full_day, short_day

LOOKS = {
    RequirementStatus.NOT_NEEDED: ("", "hold", "not needed"),
    RequirementStatus.NEEDED: ("stop", "", "needed"),
    RequirementStatus.REQUESTED: ("wait", "clock", "requested"),
    RequirementStatus.TO_REVIEW: ("stop", "lab", "to review"),
    RequirementStatus.MET: ("ok", "met", "met"),
    RequirementStatus.FAILED: ("stop", "alert", "failed"),
}
UNDO_WORDS = {
    DayStep.ARRIVED: "arrive",
    DayStep.IN_CHAIR: "seat",
    DayStep.INFUSING: "start",
    DayStep.OBSERVATION: "end",
}
ENDED_WORDS = {
    VisitState.DONE: "discharge",
    VisitState.NOT_TREATED: "discharge",
    VisitState.NO_SHOW: "no-show",
}
MESSAGE_WORDS = {"sent": "sent", "owed": "leaves", "claimed": "is leaving", "failed": "not sent"}


def panel_facts(read: PanelRead, block: Block, now: datetime) -> PanelFacts:
    """Return what the panel of a visit says; ``now`` is the center's wall time."""
    today = now.date()
    visit = block.fact
    day = visit.starts.date()
    nurse = f", nurse {visit.nurse}" if visit.nurse else ""
    return PanelFacts(
        born=full_day(visit.born) if visit.born else "",
        mrn=read.mrn,
        allergies=", ".join(read.allergies),
        place=f"{read.chair}{nurse}",
        window=_window(read.doses[0], day, today) if read.doses else "",
        phase=read.doses[0].phase.replace("_", " ") if read.doses else "",
        first_dose=any(dose.ordinal == 1 for dose in read.doses),
        checks=tuple(_check(one, day, today) for one in read.requirements),
        messages=_message(read.message, now) if read.message else "",
        may_be_missed=block.state in EXPECTED and visit.starts + WAITS <= now,
        undo_step=_undo_words(block),
    )


def _undo_words(block: Block) -> str:
    step = block.fact.status.step
    if block.state in HERE and step:
        return UNDO_WORDS.get(step, "")
    return ENDED_WORDS.get(block.state, "")


def _window(dose: PanelDose, day: date, today: date) -> str:
    due = "due that day" if dose.due_on == day else f"due {short_day(dose.due_on, today)}"
    return f"{days_words(dose.earliest, dose.latest, today)}, {due}"


def _check(one: PanelRequirement, day: date, today: date) -> PanelCheck:
    tone, icon, words = LOOKS[one.status]
    if one.kind == "at_chair" and one.status is RequirementStatus.NEEDED:
        return PanelCheck(
            tone="wait",
            icon="clock",
            words=requirement_name(one.code),
            small="at the chair",
        )
    if one.status is RequirementStatus.MET and one.valid_until and one.valid_until < day:
        tone, icon, words = "stop", "alert", f"expires {short_day(one.valid_until, today)}"
    elif one.status is RequirementStatus.MET and one.valid_until:
        words = f"to {short_day(one.valid_until, today)}"
    elif one.status is RequirementStatus.MET and one.result_on:
        words = short_day(one.result_on, today)
    return PanelCheck(
        tone=tone,
        icon=icon or requirement_icon(one.code),
        words=requirement_name(one.code),
        value=words,
    )


def _message(message: PanelMessage, now: datetime) -> str:
    today, at = now.date(), message.at.astimezone(now.tzinfo)
    kind = message.kind.replace("_", " ").capitalize()
    doing = MESSAGE_WORDS.get(message.status, message.status)
    return f"{kind}: {doing} {short_day(at.date(), today)}, {clock(at)}."
