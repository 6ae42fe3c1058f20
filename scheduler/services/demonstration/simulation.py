"""What the building of a demonstration passes from one simulated day to the next."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, time
from random import Random

from scheduler.domain.ids import CenterId, DoseId, PatientId, PlanId, RegimenVersionId
from scheduler.domain.regimen import Regimen
from scheduler.domain.timing import Instant, instant_at
from scheduler.services.demonstration.mix import Treatment
from scheduler.services.demonstration.opening import ZONE, Opening
from scheduler.services.demonstration.staff import Cast


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A patient with a plan."""

    patient_id: PatientId
    plan_id: PlanId
    treatment: Treatment


@dataclass(slots=True, kw_only=True)
class Simulation:
    """The state of a building demonstration.

    Args:
        regimens: Version and rule by the regimen's id.
        enrolled: Patients by their plan.
        to_book: On which day the desk books the next doses of which plans.
        programs: REMS programs in which the center and its prescribers are enrolled already.
        unreached: Whom nobody reaches after a lost visit: they stay to be booked.
        fates: What is to become of a dose other than being given in full on its day.
    """

    opening: Opening
    center_id: CenterId
    cast: Cast
    dice: Random
    regimens: dict[str, tuple[RegimenVersionId, Regimen]]
    enrolled: dict[PlanId, Enrolled] = field(default_factory=dict)
    to_book: dict[date, list[PlanId]] = field(default_factory=lambda: defaultdict(list))
    moved: set[DoseId] = field(default_factory=set)
    unreached: set[PlanId] = field(default_factory=set)
    programs: set[str] = field(default_factory=set)


def at(day: date, hour: int, minute: int = 0) -> Instant:
    """Return an instant of the center's wall clock."""
    return instant_at(day, time(hour, minute), ZONE)
