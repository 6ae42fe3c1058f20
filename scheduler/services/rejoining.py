"""Putting a visit together again of which a part had gone: the dose is on it, and it takes its old time."""

from scheduler.domain.ids import ItemId
from scheduler.persistence import appointments as stored
from scheduler.persistence import patients
from scheduler.persistence.models import Appointment
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services import footprints
from scheduler.services.changes import Kept, id_of
from scheduler.services.moving import relocate
from scheduler.services.notices import owe_moved
from scheduler.services.undoing import Doing, audit_visits, require_wanted, visits_as_left
from scheduler.services.visit_places import Place, profile_of


def is_part(before: list[Kept]) -> bool:
    """Say whether a cancellation took a part of a visit only."""
    return any("dropped" in one for one in before)


def rejoin(uow: UnitOfWork, before: list[Kept], doing: Doing) -> None:
    """Give a visit back what had gone from it and the time for it; the caller commits.

    Raises:
        UndoExpiredError: the visit was changed since, or nobody may have it any more.
        NoCapacityError, AlreadyBookedError: the time that it had given back is taken by now.
    """
    (visit,) = visits_as_left(uow, before)
    (one,) = before
    stored.take_up(uow, [ItemId(id_of(each)) for each in str(one["dropped"]).split()])
    require_wanted(uow, [visit], before)
    _take_more(uow, visit, str(one["footprint"]))
    owe_moved(uow, visit, now=doing.now)
    audit_visits(uow, [visit], "undid cancellation", doing)


def _take_more(uow: UnitOfWork, visit: Appointment, footprint: str) -> None:
    whole = footprints.read(footprint)
    if whole == profile_of(visit):
        return
    place = Place(
        starts_at=visit.starts_at,
        profile=whole,
        chair_key=visit.chair_key if visit.pinned else None,
        current=visit.chair_key,
        visit=visit.id,
    )
    relocate(uow, [visit], [place], patients.patient(uow, visit.patient_id))
    visit.footprint = footprint
