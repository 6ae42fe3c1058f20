"""What stands behind the booking of a dose: its plan, patient, course, window and hard not-before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from scheduler.domain.chairs import ChairNeed
from scheduler.domain.competencies import Treated
from scheduler.domain.doses import DoseStatus
from scheduler.domain.errors import (
    AlreadyBookedError,
    DomainError,
)
from scheduler.domain.ids import AppointmentId, CenterId, DoseId
from scheduler.domain.people import ChairKind
from scheduler.domain.plans import DoseState, PlanStatus
from scheduler.domain.visits import VisitProfile, together
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence.appointments import booked, dose_plan_patient
from scheduler.persistence.message_visits import VisitDose
from scheduler.persistence.models import Patient, PlannedDose, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import facts_of
from scheduler.services.floors import Floor, floor_of

KINDS = {ChairKind.BED: ChairNeed.BED, ChairKind.ROOM: ChairNeed.ROOM}


class NotBookableError(DomainError):
    """The dose takes no booking: its plan is not active, it was given, or it is blocked."""

    field = "dose_id"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bookable:
    """A dose, or the doses of a course that are booked as one, with all that booking asks for.

    Args:
        doses: In order of day; one unless it is a course.
        floor: The hard not-before of the first one, if any.
        asked: Competencies that the center asks of nurses.
        others: Further doses of the patient that are due together and share the chair and the IV start.
    """

    doses: tuple[PlannedDose, ...]
    plan: TreatmentPlan
    patient: Patient
    floor: Floor | None
    asked: frozenset[str] = frozenset()
    others: tuple["Bookable", ...] = ()

    @property
    def first(self) -> PlannedDose:
        """The dose whose window counts."""
        return self.doses[0]

    @property
    def earliest(self) -> date:
        """The first day that lies in every dose's window."""
        return max(self.first.earliest, *(other.earliest for other in self.others), date.min)

    @property
    def latest(self) -> date:
        """The last day that lies in every dose's window."""
        return min(self.first.latest, *(other.latest for other in self.others), date.max)

    @property
    def hard_floor(self) -> Floor | None:
        """The latest not-before of the doses."""
        floors = [self.floor, *(other.floor for other in self.others)]
        return max((floor for floor in floors if floor), key=lambda floor: floor.day, default=None)

    @property
    def shared(self) -> tuple[PlannedDose, ...]:
        """The doses of the first visit: its own, and those that come with it."""
        return (self.first, *(other.first for other in self.others))

    @property
    def told(self) -> VisitDose:
        """The doses of the first visit, as far as messages care."""
        return VisitDose(
            dose_id=self.first.id,
            plan_id=self.plan.id,
            ingredient=self.plan.ingredient,
            phase=self.first.phase,
            ordinal=self.first.ordinal,
            also=tuple(other.told for other in self.others),
        )

    @property
    def center_id(self) -> CenterId:
        """Where the plan is given."""
        return self.plan.center_id

    def profiles(self, day: date) -> tuple[VisitProfile, ...]:
        """Return what each day of it takes, should the first be on ``day``."""
        needs = needs_of(self.patient, day)
        own = tuple(profile_of(dose, needs, self._skills(dose, day)) for dose in self.doses)
        if not self.others:
            return own
        return (together([own[0], *(other.profiles(day)[0] for other in self.others)]),)

    def _skills(self, dose: PlannedDose, day: date) -> frozenset[str]:
        if not self.asked:
            return self.asked
        treated = Treated(
            ordinal=dose.ordinal,
            ingredient=self.plan.ingredient,
            iv_access=self.patient.iv_access,
            birth_date=self.patient.birth_date,
        )
        return treated.asks_for(day) & self.asked


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


def profile_of(
    dose: PlannedDose,
    needs: frozenset[ChairNeed] = frozenset(),
    competencies: frozenset[str] = frozenset(),
) -> VisitProfile:
    """Return a dose's steps in minutes as capacity sees them."""
    steps = (
        dose.intake,
        dose.iv_start,
        dose.premedication,
        dose.infusion,
        dose.observation,
        dose.discharge,
        dose.turnover,
    )
    return _profile(steps, needs, competencies)


@lru_cache(maxsize=1000)
def _profile(
    steps: tuple[int, int, int, int, int, int, int],
    needs: frozenset[ChairNeed],
    competencies: frozenset[str],
) -> VisitProfile:
    """Return the profile of steps in minutes; one object for doses alike, of which a series has dozens."""
    intake, iv_start, premedication, infusion, observation, discharge, turnover = steps
    return VisitProfile(
        intake=intake,
        iv_start=iv_start,
        premedication=premedication,
        infusion=infusion,
        observation=observation,
        discharge=discharge,
        turnover=turnover,
        needs=needs,
        competencies=competencies,
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
    return Bookable(
        doses=doses,
        plan=plan,
        patient=patient,
        floor=floor_of(uow, plan, doses[0]),
        asked=facts_of(uow, plan.center_id).asked,
    )


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
