"""Ready to treat: one pure function that lists what a dose still misses, by when, and who can clear it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from scheduler.domain.clinical_events import ClinicalEvent, event_words, vaccine_too_near
from scheduler.domain.plans import RequirementStatus
from scheduler.domain.programs import Program, Subject
from scheduler.domain.requirement_rules import RequirementRule, Vaccine
from scheduler.domain.requirements import (
    Kind,
    Need,
    Readiness,
    RequirementState,
    order_need,
    requirement_need,
    spoken,
)
from scheduler.domain.roles import Role
from scheduler.domain.rule_numbers import spoken_interval
from scheduler.domain.supply import SupplyFact, supply_sentence

ASK_FOR = frozenset({Role.FRONT_DESK, Role.PHARMACIST})
ENROL = frozenset({Role.NURSE, Role.CHARGE_NURSE, Role.PHARMACIST})


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentFacts:
    """All that is known of a dose before it is given.

    Args:
        rules: The regimen's requirements of this dose.
        states: What is recorded of them, by the rule's id.
        order_until: The last day on which the prescriber's order holds.
        authorization: Why no prior authorization holds; empty when one does, None when none is asked for.
        program: The product's REMS program, if it has one.
        supply: What is recorded about the drug, if anything.
        amount: What the dose takes, in ``unit``.
        previous: The day of the dose before: given, booked or planned.
        events: What happened to the patient, such as plasma exchange.
        vaccines: Of a first dose, how long before it vaccines must be done.
    """

    rules: tuple[RequirementRule, ...] = ()
    states: Mapping[str, RequirementState] = field(default_factory=lambda: MappingProxyType({}))
    order_until: date
    authorization: str | None = None
    program: Program | None = None
    supply: SupplyFact | None = None
    amount: Decimal | None = None
    unit: str = "mg"
    previous: date | None = None
    events: tuple[ClinicalEvent, ...] = ()
    vaccines: tuple[Vaccine, ...] = ()


def ready_to_treat(facts: TreatmentFacts, *, on: date) -> Readiness:
    """Return all needs of a dose as they stand on the day of its visit.

    Nothing is remembered between two calls: move the visit, and every date is judged anew.
    """
    needs = [order_need(facts.order_until, on=on)]
    if facts.authorization is not None:
        needs.append(_authorized(facts.authorization, on))
    if facts.supply is not None:
        needs.append(_supplied(facts, facts.supply, on))
    needs += _enrolled(facts.program, on)
    needs += _vaccinated(facts, on)
    states = _with_program(facts, on)
    needs += [
        requirement_need(
            rule, states.get(rule.id), on=on, previous=facts.previous, events=facts.events
        )
        for rule in facts.rules
    ]
    return Readiness(needs=tuple(needs))


def _authorized(sentence: str, on: date) -> Need:
    return Need(
        code="authorization",
        kind=Kind.AUTHORIZATION,
        what="Prior authorization",
        status=RequirementStatus.NEEDED if sentence else RequirementStatus.MET,
        sentence=sentence,
        needed_by=on,
        roles=ASK_FOR,
    )


def _supplied(facts: TreatmentFacts, supply: SupplyFact, on: date) -> Need:
    sentence = supply_sentence(supply, facts.amount, facts.unit)
    return Need(
        code="supply",
        kind=Kind.SUPPLY,
        what="Drug supply",
        status=RequirementStatus.NEEDED if sentence else RequirementStatus.MET,
        sentence=sentence,
        needed_by=on,
        roles=ASK_FOR,
    )


def _enrolled(program: Program | None, on: date) -> Iterable[Need]:
    """Yield the enrolments of prescriber and site; the patient's is a requirement of the regimen."""
    for subject in program.others() if program else ():
        sentence = program.sentence(subject, on) if program else ""
        yield Need(
            code=f"rems-{subject.value}",
            kind=Kind.REMS,
            what=f"{program.name if program else ''}, {subject.value}",
            status=RequirementStatus.NEEDED if sentence else RequirementStatus.MET,
            sentence=sentence,
            needed_by=on,
            roles=ENROL,
        )


def _vaccinated(facts: TreatmentFacts, on: date) -> Iterable[Need]:
    """Yield the vaccine after which a first dose on the day comes too soon, if there is one."""
    near = vaccine_too_near(facts.vaccines, facts.events, on)
    if near is None:
        return
    given, free = near.event.day, near.free_from
    what = event_words(near.event.name)
    yield Need(
        code="vaccine",
        kind=Kind.LAB,
        what=what[:1].upper() + what[1:],
        status=RequirementStatus.NEEDED,
        sentence=(
            f"{what[:1].upper()}{what[1:]} on {spoken(given, on)}: the first dose"
            f" from {spoken(free, on)} on, {spoken_interval(near.span)} later"
        ),
        needed_by=on,
        roles=ENROL,
    )


def _with_program(facts: TreatmentFacts, on: date) -> Mapping[str, RequirementState]:
    """Return the states with the patient's enrolment in place of what was recorded by hand."""
    held = facts.program.enrolled(Subject.PATIENT, on) if facts.program else None
    if held is None:
        return facts.states
    states = dict(facts.states)
    for rule in facts.rules:
        if "rems" in rule.id:
            states[rule.id] = RequirementState(
                code=rule.id,
                status=RequirementStatus.MET,
                result_on=held.enrolled_on,
                valid_until=held.valid_until,
            )
    return states
