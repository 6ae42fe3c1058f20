"""Queries on a center's opening hours and closures."""

from datetime import date

from sqlalchemy import select

from scheduler.domain.ids import CenterId
from scheduler.persistence.models import CenterHours, Closure
from scheduler.persistence.unit_of_work import UnitOfWork


def hours_of(uow: UnitOfWork, center_id: CenterId) -> list[CenterHours]:
    """Return the opening hours of a center, all sets of them."""
    return list(uow.session.scalars(select(CenterHours).where(CenterHours.center_id == center_id)))


def closures_of(uow: UnitOfWork, center_id: CenterId, first: date, last: date) -> list[Closure]:
    """Return the closures that touch a span of days, lifted ones left out."""
    wanted = select(Closure).where(
        Closure.center_id == center_id,
        Closure.lifted_at.is_(None),
        Closure.first_day <= last,
        Closure.last_day >= first,
    )
    return list(uow.session.scalars(wanted.order_by(Closure.first_day, Closure.id)))
