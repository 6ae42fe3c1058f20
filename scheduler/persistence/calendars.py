"""Queries on a center's opening hours and closures."""

from datetime import date

from sqlalchemy import bindparam, select

from scheduler.domain.ids import CenterId
from scheduler.persistence.models import CenterHours, Closure
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork

HOURS_OF = kept(select(CenterHours).where(CenterHours.center_id == bindparam("center_id")))


def hours_of(uow: UnitOfWork, center_id: CenterId) -> list[CenterHours]:
    """Return the opening hours of a center, all sets of them."""
    return list(uow.session.scalars(HOURS_OF, {"center_id": center_id}))


CLOSURES_OF = kept(
    select(Closure)
    .where(
        Closure.center_id == bindparam("center_id"),
        Closure.lifted_at.is_(None),
        Closure.first_day <= bindparam("last"),
        Closure.last_day >= bindparam("first"),
    )
    .order_by(Closure.first_day, Closure.id)
)


def closures_of(uow: UnitOfWork, center_id: CenterId, first: date, last: date) -> list[Closure]:
    """Return the closures that touch a span of days, lifted ones left out."""
    asked = {"center_id": center_id, "first": first, "last": last}
    return list(uow.session.scalars(CLOSURES_OF, asked))
