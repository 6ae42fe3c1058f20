"""Nurses of a day: shifts, lunch, competencies, and how much work each step of a visit puts on them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from scheduler.domain.chairs import Span
from scheduler.domain.errors import InvalidError

NURSE = 120
"""Load units of one nurse fully busy: divides evenly by 2, 3, 4, 5, 6, 8, 10 and 12 patients."""


class StaffingError(InvalidError):
    """Nurse numbers that cannot be."""

    field = "patients_per_nurse"


@dataclass(frozen=True, slots=True, kw_only=True)
class NurseWork:
    """What each step takes of a nurse, in units of which one nurse has ``NURSE``."""

    intake: int
    iv_start: int
    premedication: int
    infusion: int
    observation: int
    discharge: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NurseRule:
    """How many patients a nurse may watch, and what the steps take of her.

    Args:
        patients_per_nurse: Patients in chairs that one nurse may watch, at least 1.
        work: The load of each step.
    """

    patients_per_nurse: int
    work: NurseWork


def simple_rule(patients_per_nurse: int) -> NurseRule:
    """Return rule S: every step is watching; starts are bounded by the number of nurses alone."""
    watching = _watching(patients_per_nurse)
    return NurseRule(
        patients_per_nurse=patients_per_nurse,
        work=_work(watching=watching, starting=watching),
    )


def hands_on_rule(patients_per_nurse: int) -> NurseRule:
    """Return rule H: a nurse busy with an IV start watches nobody else.

    Hesaraki, Dellaert, de Kok, EJOR 2019:
    (patients per nurse - 1) x starts + in chairs <= patients per nurse x nurses.
    """
    watching = _watching(patients_per_nurse)
    return NurseRule(
        patients_per_nurse=patients_per_nurse, work=_work(watching=watching, starting=NURSE)
    )


def with_care(rule: NurseRule, at_once: Mapping[str, int]) -> NurseRule:
    """Return a rule in which some steps take what a charge nurse says.

    Args:
        rule: The rule that goes on for the other steps.
        at_once: How many patients a nurse can look after at once during a step, by its name ("iv_start");
            1 takes her fully.

    Raises:
        StaffingError: fewer than one, or more than one nurse can be divided among.
    """
    work = {step: _watching(patients, field=f"care_{step}") for step, patients in at_once.items()}
    return replace(rule, work=replace(rule.work, **work))


def care_of(load: int) -> int:
    """Return how many patients a nurse can look after at once in a step of that load."""
    return NURSE // max(1, load)


def _watching(patients_per_nurse: int, field: str = "patients_per_nurse") -> int:
    if not 1 <= patients_per_nurse <= NURSE:
        raise StaffingError("A nurse watches at least one patient.", field=field)
    return NURSE // patients_per_nurse


def _work(*, watching: int, starting: int) -> NurseWork:
    return NurseWork(
        intake=watching,
        iv_start=starting,
        premedication=watching,
        infusion=watching,
        observation=watching,
        discharge=watching,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NurseShift:
    """One nurse on one day, in minutes after midnight on the center's clock.

    Args:
        shift: From when to when she is there.
        lunch: When somebody else has to watch her patients.
        competencies: What she may do beyond the ordinary ("port", "chemotherapy").
        watches: Patients that she may watch, if not as many as the rule says.
    """

    shift: Span
    lunch: Span | None = None
    competencies: frozenset[str] = frozenset()
    watches: int | None = None

    def __post_init__(self) -> None:
        if self.watches is not None and self.watches < 1:
            raise StaffingError("A nurse watches at least one patient.", field="watches")
        if self.shift.ends <= self.shift.begins:
            raise StaffingError("A shift cannot end before it begins.", field="shift")

    def on_duty(self, begins: int, ends: int) -> bool:
        """Say whether she is there for all of it and not at lunch for any of it."""
        there = self.shift.begins <= begins and ends <= self.shift.ends
        return there and not (self.lunch and self.lunch.overlaps(begins, ends))


def on_duty(nurses: Iterable[NurseShift], begins: int, ends: int) -> tuple[NurseShift, ...]:
    """Return the nurses who are there for all of the time."""
    return tuple(nurse for nurse in nurses if nurse.on_duty(begins, ends))
