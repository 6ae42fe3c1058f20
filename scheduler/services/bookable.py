"""What stands behind the booking of a dose: its plan, patient, course, window and hard not-before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.chairs import ChairNeed
from scheduler.domain.dates import not_before
from scheduler.domain.doses import DoseStatus
from scheduler.domain.errors import (
    AlreadyBookedError,
    DomainError,
)
from scheduler.domain.ids import AppointmentId, CenterId, DoseId
from scheduler.domain.people import ChairKind
from scheduler.domain.plans import DoseState, GivenOutcome, PlanStatus
from scheduler.domain.regimen import Basis, MinGap, Phase, Reading, Regimen
from scheduler.domain.visits import VisitProfile
from scheduler.persistence import given, patients
from scheduler.persistence import plans as stored
from scheduler.persistence.appointments import booked, dose_plan_patient
from scheduler.persistence.message_visits import VisitDose
from scheduler.persistence.models import GivenDose, Patient, PlannedDose, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.regimens import choices_of, regimen_of

KINDS = {ChairKind.BED: ChairNeed.BED, ChairKind.ROOM: ChairNeed.ROOM}
FOLLOWS_ANY_PLAN = ("prev_infusion", "course_last")


class NotBookableError(DomainError):
    """The dose takes no booking: its plan is not active, it was given, or it is blocked."""

    field = "dose_id"


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bookable:
    """A dose, or the doses of a course that are booked as one, with all that booking asks for.

    Args:
        doses: In order of day; one unless it is a course.
        floor: The hard not-before of the first one, if any.
    """

    doses: tuple[PlannedDose, ...]
    plan: TreatmentPlan
    patient: Patient
    floor: Floor | None

    @property
    def first(self) -> PlannedDose:
        """The dose whose window counts."""
        return self.doses[0]

    @property
    def told(self) -> VisitDose:
        """The first dose, as far as messages care."""
        return VisitDose(
            dose_id=self.first.id,
            plan_id=self.plan.id,
            ingredient=self.plan.ingredient,
            phase=self.first.phase,
            ordinal=self.first.ordinal,
        )

    @property
    def center_id(self) -> CenterId:
        """Where the plan is given."""
        return self.plan.center_id

    def profiles(self, day: date) -> tuple[VisitProfile, ...]:
        """Return what each day of it takes, should the first be on ``day``."""
        needs = needs_of(self.patient, day)
        return tuple(profile_of(dose, needs) for dose in self.doses)


def needs_of(patient: Patient, day: date) -> frozenset[ChairNeed]:
    """Return what a patient needs of a place on a day."""
    isolated = patient.isolation_until is not None and patient.isolation_until >= day
    kind = KINDS.get(patient.needs_kind) if patient.needs_kind else None
    wanted = {
        ChairNeed.NEAR_NURSES: patient.needs_near_nurses,
        ChairNeed.LIFT: patient.needs_lift,
        ChairNeed.ISOLATION: isolated,
    }
    return frozenset(
        [*(need for need, is_so in wanted.items() if is_so), *([kind] if kind else [])]
    )


def profile_of(dose: PlannedDose, needs: frozenset[ChairNeed] = frozenset()) -> VisitProfile:
    """Return a dose's steps in minutes as capacity sees them."""
    return VisitProfile(
        intake=dose.intake,
        iv_start=dose.iv_start,
        premedication=dose.premedication,
        infusion=dose.infusion,
        observation=dose.observation,
        discharge=dose.discharge,
        turnover=dose.turnover,
        needs=needs,
    )


def bookable(
    uow: UnitOfWork, dose_id: DoseId, *, lock: bool = False, but: Iterable[AppointmentId] = ()
) -> Bookable:
    """Return what stands behind the booking of a dose; for a day of a course, of the whole course.

    Args:
        uow: The unit of work.
        dose_id: The dose, or any day of a course.
        lock: Lock the patient first, so that two desks never decide on the same facts.
        but: Visits that are about to move: that the dose is on them is no obstacle.

    Raises:
        NotFoundError: there is no such dose here.
        NotBookableError: plan, patient or dose take no booking now.
        AlreadyBookedError: it is booked.
    """
    if lock and uow.is_postgresql:  # on SQLite the writer holds everything already
        patients.lock_patient_of(uow, dose_id)
    dose, plan, patient = dose_plan_patient(uow, dose_id, again=lock)
    doses = course_of(uow, dose) if dose.course is not None else (dose,)
    _require_bookable(plan, patient, dose)
    _require_unbooked(uow, doses, but)
    return Bookable(doses=doses, plan=plan, patient=patient, floor=floor_of(uow, plan, doses[0]))


def course_of(uow: UnitOfWork, dose: PlannedDose) -> tuple[PlannedDose, ...]:
    """Return the doses of a course that are still to be given, in order of day."""
    same = [
        row
        for row in stored.doses_of(uow, dose.plan_id)
        if (row.phase, row.course) == (dose.phase, dose.course)
    ]
    return tuple(row for row in same if row.state is DoseState.PLANNED) or (dose,)


def require_running(plan: TreatmentPlan, patient: Patient) -> None:
    """Refuse a plan that takes no bookings: not active, or the patient is deceased.

    Raises:
        NotBookableError: says which.
    """
    if patient.deceased_on is not None:
        raise NotBookableError("The patient is marked deceased.")
    if plan.status is PlanStatus.ON_HOLD:
        raise NotBookableError("The treatment plan is on hold; resume it first.")
    if plan.status is not PlanStatus.ACTIVE:
        raise NotBookableError(f"The treatment plan is {plan.status.value}.")


def _require_bookable(plan: TreatmentPlan, patient: Patient, dose: PlannedDose) -> None:
    require_running(plan, patient)
    if dose.state is not DoseState.PLANNED:
        raise NotBookableError(f"Dose {dose.ordinal} is {dose.state.value}; it needs no visit.")
    if dose.engine_status == DoseStatus.BLOCK:
        raise NotBookableError(
            f"Dose {dose.ordinal} is blocked; a pharmacist has to look at the plan."
        )


def _require_unbooked(
    uow: UnitOfWork, doses: Sequence[PlannedDose], but: Iterable[AppointmentId]
) -> None:
    found = booked(uow, [dose.id for dose in doses], but=but)
    if found:
        raise AlreadyBookedError(
            f"This dose is booked already, on {min(found.values()):%B %d, %Y}.", field="dose_id"
        )


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
