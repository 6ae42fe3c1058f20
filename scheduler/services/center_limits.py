"""What nurses, starts and the pharmacy allow, from a day on: reading, trying on a sample day, setting."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, time

from scheduler.domain.competencies import WORDS, code_text, codes_in
from scheduler.domain.errors import InvalidError
from scheduler.domain.grid import SLOT_MINUTES
from scheduler.domain.ids import CenterId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import center_setup, organizations
from scheduler.persistence.models import CenterLimits
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_effects import DayEffect, counted_anew
from scheduler.services.center_facts import CenterFacts, facts_of, limits_on
from scheduler.services.center_hours import require_coming
from scheduler.services.center_shifts import MOST_PATIENTS

RULES = ("S", "H")
PUBLISH_AT = time(15)
DAWN = time(4)
"""Before it the clocks may change."""

MOST = {
    "patients_per_nurse": MOST_PATIENTS,
    "starts_per_nurse": 4,
    "starts_per_slot": 60,
    "mixing_per_slot": 60,
    "care_intake": MOST_PATIENTS,
    "care_iv_start": MOST_PATIENTS,
    "care_premedication": MOST_PATIENTS,
    "care_infusion": MOST_PATIENTS,
    "care_observation": MOST_PATIENTS,
    "care_discharge": MOST_PATIENTS,
    "keep_minutes": 120,
}
"""The largest number that each setting may have; the least is 1."""

NAMES = {
    "patients_per_nurse": "Patients that a nurse watches",
    "starts_per_nurse": "IV starts per nurse",
    "starts_per_slot": "IV starts at once",
    "mixing_per_slot": "Preparations mixed at once",
    "keep_minutes": "Minutes that a place is kept",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsWanted:
    """The limits of a center; None where it sets none.

    Args:
        nurse_rule: S (starts and patients counted apart) or H (a nurse at an IV start watches nobody).
        care_intake ... care_discharge: Patients that a nurse looks after at once during the step, 1 takes
            her fully; None as the rule says.
        publish_at: When chairs and nurses of the next open day are settled.
        required_competencies: What a visit's nurse must really be able to do.
    """

    nurse_rule: str = "S"
    patients_per_nurse: int = 3
    starts_per_nurse: int = 1
    starts_per_slot: int | None = None
    mixing_per_slot: int | None = None
    care_intake: int | None = None
    care_iv_start: int | None = None
    care_premedication: int | None = None
    care_infusion: int | None = None
    care_observation: int | None = None
    care_discharge: int | None = None
    keep_minutes: int = 10
    interpreter_from: time | None = None
    interpreter_until: time | None = None
    labs_back_at: time | None = None
    publish_at: time = PUBLISH_AT
    required_competencies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLimits:
    """The limits that hold from a day on, and the length of a slot of the center's days."""

    center_id: CenterId
    effective_from: date
    slot_minutes: int = 15
    wanted: LimitsWanted


PLAIN = [each.name for each in fields(LimitsWanted) if each.name != "required_competencies"]


def limits_in_force(uow: UnitOfWork, center_id: CenterId, on: date) -> LimitsWanted:
    """Return the limits of a day; of a center that has none yet, the usual ones."""
    with uow:
        row = limits_on(facts_of(uow, center_id), on)
        if row is None:
            return LimitsWanted()
        return LimitsWanted(
            required_competencies=frozenset(codes_in(row.required_competencies)),
            **{name: getattr(row, name) for name in PLAIN},
        )


def slot_minutes_of(uow: UnitOfWork, center_id: CenterId) -> int:
    """Return the length of a slot of the center's days."""
    with uow:
        return facts_of(uow, center_id).slot_minutes


def set_limits(
    uow: UnitOfWork, request: SetLimits, *, now: Instant, actor: Actor
) -> tuple[DayEffect, ...]:
    """Set the limits that hold from a day on; booked visits stay, and who is affected is named.

    Raises:
        InvalidError: a number below 1 or beyond reason, a rule or slot that does not exist.
    """
    actor.require(Permission.MANAGE_CENTER)
    with uow:
        today = local_day(now, facts_of(uow, request.center_id).zone)
        require_coming(request.effective_from, today)
        require_sound(request)
        before = limits_on(facts_of(uow, request.center_id), request.effective_from)
        row = center_setup.limits_from(uow, request.center_id, request.effective_from)
        if row is None:
            row = _copy(before, request)
            uow.add(row)
        _write(row, request.wanted)
        center = organizations.center(uow, request.center_id)
        center.slot_minutes = request.slot_minutes
        effects = counted_anew(uow, request.center_id, request.effective_from, now=now)
        after = f"from {request.effective_from}: {request.wanted}"
        uow.audit(actor, "set limits", "center", request.center_id, at=now, after=after)
        uow.commit()
        return effects


def require_sound(request: SetLimits) -> None:
    """Refuse limits that cannot be.

    Raises:
        InvalidError: names the field.
    """
    wanted = request.wanted
    if wanted.nurse_rule not in RULES:
        raise InvalidError("Choose one of the two rules.", field="nurse_rule")
    if request.slot_minutes not in SLOT_MINUTES:
        raise InvalidError("A slot is 5, 10 or 15 minutes long.", field="slot_minutes")
    for name, most in MOST.items():
        value = getattr(wanted, name)
        if value is not None and not 1 <= value <= most:
            raise InvalidError(f"Write a whole number from 1 to {most}.", field=name)
    begins, ends = wanted.interpreter_from, wanted.interpreter_until
    if (begins is None) != (ends is None) or (begins and ends and ends <= begins):
        raise InvalidError(
            "Interpreters: enter from and until, until after from.", field="interpreter_from"
        )
    if wanted.publish_at < DAWN:
        raise InvalidError(
            "Chairs and nurses of the next day: enter a time from 4:00 on.", field="publish_at"
        )
    if unknown := wanted.required_competencies - WORDS.keys():
        raise InvalidError(f"There is no competency {min(unknown)}.", field="required_competencies")


def _copy(before: CenterLimits | None, request: SetLimits) -> CenterLimits:
    """Return new limits that take over what this page does not set (minutes of steps)."""
    row = CenterLimits(center_id=request.center_id, effective_from=request.effective_from)
    for name in UNTOUCHED if before else ():
        setattr(row, name, getattr(before, name))
    return row


UNTOUCHED = (
    "intake_minutes",
    "iv_minutes",
    "discharge_minutes",
    "turnover_minutes",
)


def _write(row: CenterLimits, wanted: LimitsWanted) -> None:
    for name in PLAIN:
        setattr(row, name, getattr(wanted, name))
    row.required_competencies = code_text(wanted.required_competencies)


def with_limits(
    facts: CenterFacts, request: SetLimits, in_force: Sequence[CenterLimits]
) -> CenterFacts:
    """Return a center's facts as they would be under other limits; nothing is stored."""
    row = _copy(in_force[-1] if in_force else None, request)
    _write(row, request.wanted)
    kept = tuple(each for each in in_force if each.effective_from < request.effective_from)
    asked = facts.asked | request.wanted.required_competencies
    return replace(
        facts,
        limits=(*kept, row),
        asked=asked,
        slot_minutes=request.slot_minutes,
        frames={},
    )
