"""The hard day before which a dose must not be given, whatever plan, product or place gave the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.dates import not_before
from scheduler.domain.plans import GivenOutcome
from scheduler.domain.regimen import Basis, MinGap, Phase, Reading, Regimen
from scheduler.persistence import given
from scheduler.persistence.models import GivenDose, PlannedDose, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.regimens import choices_of, regimen_of

FOLLOWS_ANY_PLAN = ("prev_infusion", "course_last")


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The hard day before which a dose must not be given.

    Args:
        day: The first day on which it may be given.
        why: From what it counts, in words.
        basis: Where the gap comes from; the label asks for a second person.
    """

    day: date
    why: str
    basis: Basis = Basis.LABEL


def first_day(floor: Floor) -> str:
    """Return the first day on which a dose may be given, in words."""
    return f"{floor.day:%B} {floor.day.day}, {floor.day.year}"


def below_words(floor: Floor) -> str:
    """Return how a visit below a not-before begins to say why: with the day that an order overruled."""
    return f"below not-before ({first_day(floor)})"


def floor_of(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    dose: PlannedDose,
    rows: Sequence[GivenDose] | None = None,
) -> Floor | None:
    """Return the hard not-before of a dose: the plan's own, or later by a dose given elsewhere.

    It counts from the last given dose of the ingredient, whatever plan, product or place gave it. The
    days of a course after its first have none of their own.

    Args:
        uow: The unit of work.
        plan: The plan.
        dose: Its dose.
        rows: The ingredient's given doses, if somebody has read them already.
    """
    if (dose.course_day or 1) > 1:
        return None
    gap = gap_of(uow, plan, dose)
    basis = gap.basis if gap else Basis.LABEL
    floors = []
    if dose.not_before is not None:
        floors.append(Floor(day=dose.not_before, why="as the plan says", basis=basis))
    reading = _reading(uow, plan, gap) if gap else None
    since = _last_given(uow, plan, reading.start, rows) if reading else None
    if reading and since:
        words = f"{since.given_on:%B} {since.given_on.day}, {since.given_on.year}"
        day = not_before(since.given_on, reading.span)
        floors.append(Floor(day=day, why=f"the last dose was given on {words}", basis=basis))
    return max(floors, key=lambda floor: floor.day, default=None)


def gap_of(uow: UnitOfWork, plan: TreatmentPlan, dose: PlannedDose) -> MinGap | None:
    """Return the minimum gap of the phase of a dose, None when it has none."""
    phase = phase_of(uow, plan, dose)
    return phase.min_gap if phase else None


def phase_of(uow: UnitOfWork, plan: TreatmentPlan, dose: PlannedDose) -> Phase | None:
    """Return the phase of a dose in the plan's regimen."""
    phases = regimen_in_force(uow, plan).phases
    return next((phase for phase in phases if phase.id == dose.phase), None)


def regimen_in_force(uow: UnitOfWork, plan: TreatmentPlan) -> Regimen:
    """Return a plan's regimen version, read once in a transaction."""
    key = ("regimen", plan.regimen_version_id)
    if key not in uow.memo:
        uow.memo[key] = regimen_of(uow, plan.regimen_version_id)
    found: Regimen = uow.memo[key]
    return found


def _reading(uow: UnitOfWork, plan: TreatmentPlan, gap: MinGap) -> Reading:
    """Return how this center reads a gap: from which dose, and how long."""
    return gap.reading(choices_of(uow, regimen_in_force(uow, plan)) if gap.choice else {})


def _last_given(
    uow: UnitOfWork, plan: TreatmentPlan, start: str, rows: Sequence[GivenDose] | None
) -> GivenDose | None:
    """Return the dose that the gap counts from; a gap from a named dose follows the plan's own dates."""
    if start == "none":
        return None
    if rows is None:
        rows = given.given_to(uow, plan.patient_id, plan.ingredient)
    counted = [row for row in rows if row.outcome is not GivenOutcome.NONE]
    if start not in FOLLOWS_ANY_PLAN:
        counted = [row for row in counted if row.plan_id != plan.id]
    return counted[-1] if counted else None
