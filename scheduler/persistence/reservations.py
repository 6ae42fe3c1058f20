"""Queries on places kept for somebody on the phone."""

from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, select, update

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import DoseId, ReservationId
from scheduler.domain.timing import Instant
from scheduler.persistence.models import Reservation
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork

OF_DOSES = kept(
    select(Reservation)
    .where(
        Reservation.dose_id.in_(bindparam("dose_ids", expanding=True)),
        Reservation.released_at.is_(None),
    )
    .order_by(Reservation.starts_at, Reservation.id)
)


def of_doses(uow: UnitOfWork, dose_ids: Iterable[DoseId]) -> list[Reservation]:
    """Return the places that are kept for doses, in order of start."""
    return list(uow.session.scalars(OF_DOSES, {"dose_ids": list(dose_ids)}))


def reservation(uow: UnitOfWork, reservation_id: ReservationId) -> Reservation:
    """Return a kept place, released or not.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.scalar(select(Reservation).where(Reservation.id == reservation_id))
    if found is None:
        raise NotFoundError("reservation")
    return found


def over(uow: UnitOfWork, *, now: Instant) -> list[Reservation]:
    """Return the kept places whose time is over and that still count."""
    wanted = select(Reservation).where(
        Reservation.released_at.is_(None), Reservation.reserved_until <= now
    )
    return list(uow.session.scalars(wanted.order_by(Reservation.starts_at, Reservation.id)))


def reseat(uow: UnitOfWork, chairs: Mapping[ReservationId, int]) -> None:
    """Keep other chairs for places that are not booked yet."""
    for reservation_id, key in chairs.items():
        wanted = update(Reservation).where(Reservation.id == reservation_id)
        uow.session.execute(wanted.values(chair_key=key))
