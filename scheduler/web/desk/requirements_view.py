"""What a plan's requirements page shows: one dose's needs by when and by whom, and what is recorded of each."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from scheduler.domain.clinical_events import event_words
from scheduler.domain.plans import DoseState, RequirementStatus
from scheduler.domain.programs import Subject
from scheduler.domain.regimen_numbers import BEFORE, spoken_interval
from scheduler.domain.requirement_rules import RequirementRule
from scheduler.domain.requirements import Need
from scheduler.domain.roles import Actor, Permission, spoken
from scheduler.domain.supply import ROUTES
from scheduler.services.page_lines import DoseLine, PatientPage, PlanLine
from scheduler.services.record_lines import (
    AuthorizationLine,
    EnrolmentLine,
    RequirementLine,
    SupplyLine,
)
from scheduler.web.desk.requirement_words import requirement_icon

DOSES_SHOWN = 4
TONES = {
    RequirementStatus.MET: "ok",
    RequirementStatus.NOT_NEEDED: "ok",
    RequirementStatus.FAILED: "stop",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """Something that is missing, by when, and who can clear it."""

    icon: str
    sentence: str
    needed_by: date | None
    late: bool
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementRow:
    """A requirement: its rule in words, how it stands for the chosen dose, and what is recorded.

    Args:
        asked: Whether the chosen dose asks for it at all.
        stands: For the chosen dose, in words.
        may_clear: Whether the person who looks may record it as met or not needed.
    """

    line: RequirementLine
    rule: RequirementRule
    rule_words: str
    asked: bool
    stands: str
    tone: str
    may_clear: bool
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRow:
    """Who has to be enrolled in the product's program, and the last enrolment."""

    subject: Subject
    who: str
    held: EnrolmentLine | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRow:
    """The drug for one dose to come."""

    dose: DoseLine
    line: SupplyLine | None
    sentence: str
    route: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementsShown:
    """The page of one plan, for one of its doses."""

    dose: DoseLine | None
    day: date | None
    doses: tuple[DoseLine, ...]
    missing: tuple[NeedRow, ...]
    rows: tuple[RequirementRow, ...]
    subjects: tuple[SubjectRow, ...]
    supplies: tuple[SupplyRow, ...]
    events: tuple[str, ...]
    may_record: bool
    may_change: bool


def day_of(dose: DoseLine) -> date:
    """Return the day a dose is booked, else planned, else due."""
    return dose.booked.day if dose.booked else dose.planned_on or dose.due_on


def shown(
    read: PatientPage, plan: PlanLine, dose_id: UUID | None, *, today: date, actor: Actor
) -> RequirementsShown:
    """Return what the page shows for a dose to come, the next one when none is named."""
    coming = [dose for dose in plan.doses if dose.state is DoseState.PLANNED]
    near = [d for n, d in enumerate(coming) if n < DOSES_SHOWN or d.booked]
    dose = next((d for d in coming if d.id == dose_id), next(iter(coming), None))
    needs = {need.code: need for need in dose.readiness.needs} if dose and dose.readiness else {}
    missing = dose.readiness.missing if dose and dose.readiness else ()
    return RequirementsShown(
        dose=dose,
        day=day_of(dose) if dose else None,
        doses=tuple(near),
        missing=tuple(_missing(need, today) for need in missing),
        rows=tuple(_row(line, needs.get(line.code), actor) for line in plan.requirements),
        subjects=tuple(_subjects(read, plan, needs)),
        supplies=tuple(_supplied(plan, each) for each in near),
        events=tuple(event_words(name) for name in plan.event_names),
        may_record=actor.may(Permission.CLEAR_REQUIREMENT),
        may_change=actor.may(Permission.CHANGE_PLAN),
    )


def _missing(need: Need, today: date) -> NeedRow:
    return NeedRow(
        icon=requirement_icon(need.code),
        sentence=need.sentence or f"{need.what}: missing",
        needed_by=need.needed_by,
        late=need.needed_by is not None and need.needed_by < today,
        who=spoken(need.roles) if need.roles else "",
    )


def _row(line: RequirementLine, need: Need | None, actor: Actor) -> RequirementRow:
    stands, tone = _stands(line, need)
    return RequirementRow(
        line=line,
        rule=line.rule,
        rule_words=rule_words(line.rule),
        asked=need is not None,
        stands=stands,
        tone=tone,
        may_clear=bool(actor.roles & line.rule.roles),
        who=spoken(line.rule.roles),
    )


def _stands(line: RequirementLine, need: Need | None) -> tuple[str, str]:
    if line.rule.at_chair:
        return "checked at the chair", ""
    if need is None:
        return "this dose does not ask for it", ""
    if need.sentence:
        return _beside(need), "stop" if line.status is RequirementStatus.FAILED else "wait"
    return need.status.value.replace("_", " "), TONES.get(need.status, "wait")


def _beside(need: Need) -> str:
    """Return what is wrong, without the requirement's name where it begins with that: it stands beside it."""
    known = f"{need.what}: ".casefold()
    named = need.sentence.casefold().startswith(known)
    return need.sentence[len(known) :] if named else need.sentence


def rule_words(rule: RequirementRule) -> str:
    """Return when a requirement asks and how long a result holds, in words."""
    numbered = f"before dose {', '.join(map(str, rule.numbers))}"
    age = rule.max_age or rule.valid_for
    parts = [
        BEFORE.get(rule.before, numbered),
        f"at most {spoken_interval(age)} old" if age else "",
        f"at most {rule.max_age_hours} hours old" if rule.max_age_hours else "",
        "after the dose before" if rule.between else "",
        *(f"not within {spoken_interval(span)} of {event_words(e)}" for e, span in rule.not_within),
    ]
    return ", ".join(filter(None, parts))


def _subjects(read: PatientPage, plan: PlanLine, needs: dict[str, Need]) -> list[SubjectRow]:
    names = {Subject.PATIENT: read.name, Subject.PRESCRIBER: plan.order.prescriber}
    rows = []
    for subject in plan.order.rems_enrols:
        who = names.get(subject, plan.center)
        held = [
            each
            for each in read.enrolments
            if (each.program, each.subject) == (plan.order.rems_program, subject)
            and each.who.casefold().split() == who.casefold().split()
        ]
        code = "rems" if subject is Subject.PATIENT else f"rems-{subject.value}"
        need = needs.get(code)
        rows.append(
            SubjectRow(
                subject=subject,
                who=who,
                held=held[-1] if held else None,
                sentence=need.sentence if need else "",
            )
        )
    return rows


def _supplied(plan: PlanLine, dose: DoseLine) -> SupplyRow:
    line = next((each for each in plan.supplies if each.dose_id == dose.id), None)
    of_plan = next((each for each in plan.supplies if each.dose_id is None), None)
    needs = dose.readiness.needs if dose.readiness else ()
    need = next((each for each in needs if each.code == "supply"), None)
    known = line or of_plan
    amount = f"{dose.amount.normalize():f} {dose.unit}" if dose.amount is not None else "–"
    return SupplyRow(
        dose=dose,
        line=line,
        sentence=need.sentence if need else "",
        route=ROUTES.get(known.route, known.route) if known else "",
        amount=amount,
    )


def left_words(one: AuthorizationLine) -> str:
    """Return "3 of 4 visits and 900 of 1200 units used"."""
    parts = []
    if one.visits is not None:
        parts.append(f"{one.used} of {one.visits} visits")
    if one.units is not None:
        parts.append(f"{_plain(one.units_used)} of {_plain(one.units)} units")
    return f"{' and '.join(parts)} used" if parts else "no limit of visits or units"


def ends_words(one: AuthorizationLine, today: date) -> str:
    """Return what became of an authorization by itself: expired, exhausted, or nothing."""
    if one.until_day is not None and one.until_day < today:
        return "expired"
    spent = one.visits is not None and one.used >= one.visits
    units = one.units is not None and one.units_used >= one.units
    return "exhausted" if spent or units else ""


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
