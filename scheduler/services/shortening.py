"""A visit of which a part goes: as long as what remains takes, in the same chair, and the patient told."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from scheduler.domain.errors import NoCapacityError
from scheduler.domain.grid import OffGridError
from scheduler.domain.ids import DoseId
from scheduler.domain.timing import Instant, local_day
from scheduler.domain.visits import VisitProfile, together
from scheduler.persistence import patients, plans
from scheduler.persistence.models import Appointment, AppointmentItem
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services import footprints
from scheduler.services.bookable import Bookable
from scheduler.services.booking_other import PROFILES
from scheduler.services.center_facts import facts_of
from scheduler.services.notices import owe_moved
from scheduler.services.visit_places import (
    Place,
    leave_place,
    open_days,
    profile_of,
    require_room,
)


def remaining(
    uow: UnitOfWork, visit: Appointment, left: Sequence[AppointmentItem]
) -> VisitProfile | None:
    """Return what a visit takes for the items that are left; None when that is no shorter."""
    whole = profile_of(visit)
    parts = [*_of_doses(uow, visit, [item.dose_id for item in left if item.dose_id])]
    parts += [PROFILES[item.kind] for item in left if item.dose_id is None]
    if not parts:
        return None
    found = replace(together(parts), needs=whole.needs)
    return found if found.occupied_minutes < whole.occupied_minutes else None


def _of_doses(
    uow: UnitOfWork, visit: Appointment, dose_ids: Iterable[DoseId]
) -> Iterable[VisitProfile]:
    facts = facts_of(uow, visit.center_id)
    patient = patients.patient(uow, visit.patient_id)
    for dose in plans.doses_by_id(uow, dose_ids).values():
        plan = plans.plan(uow, dose.plan_id)
        alone = Bookable(doses=(dose,), plan=plan, patient=patient, floor=None, asked=facts.asked)
        yield alone.profiles(local_day(visit.starts_at, facts.zone))[0]


def shorten(
    uow: UnitOfWork, visit: Appointment, left: Sequence[AppointmentItem], *, now: Instant
) -> None:
    """Give back what a visit no longer takes, and owe the patient the new end and preparation.

    Where its day does not allow the steps at their new times, it keeps the time it had; the caller commits.
    """
    profile = remaining(uow, visit, left)
    if profile is not None:
        _take_less(uow, visit, profile)
    uow.session.flush()
    owe_moved(uow, visit, now=now)


def _take_less(uow: UnitOfWork, visit: Appointment, profile: VisitProfile) -> None:
    opened = open_days(uow, visit.center_id, [visit.starts_at])
    whole, day = profile_of(visit), leave_place(opened, visit)
    place = Place(starts_at=visit.starts_at, profile=profile, visit=visit.id)
    try:
        _, slot = require_room(opened, place)
    except (NoCapacityError, OffGridError):
        day.take(whole, day.slot_in(visit.starts_at))
    else:
        day.take(profile, slot)
        visit.ends_at, visit.chair_free_at = place.ends_at, place.chair_free_at
        visit.footprint = footprints.written(profile)
    day.store()
