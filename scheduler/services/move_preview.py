"""Trying out a move before it is saved."""

from dataclasses import dataclass

from scheduler.domain.errors import DomainError
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence import appointments as stored
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.cancelling import together
from scheduler.services.moving import MoveAppointment, move, start_of_move
from scheduler.services.offer_lines import OfferLine


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePreview:
    """What a move would do, or why it cannot.

    Args:
        old_starts_at: Where the visit is.
        new_starts_at: Where it would go.
        visits: How many days move.
        chair_key: The chair it would have.
        refusal: The sentence that refuses it, empty when it can be.
        offers: The next times, when it is refused for want of room.
    """

    old_starts_at: Instant
    new_starts_at: Instant
    visits: int
    chair_key: int | None = None
    refusal: str = ""
    offers: tuple[OfferLine, ...] = ()


def preview_move(
    uow: UnitOfWork, request: MoveAppointment, *, now: Instant, actor: Actor
) -> MovePreview:
    """Say whether a visit could move, and where it would sit; nothing is saved.

    Needs a unit of work that may write: the day is tried out and rolled back.

    Raises:
        NotFoundError: there is no such visit here.
    """
    with uow:
        visit = stored.appointment(uow, request.appointment_id)
        old = visit.starts_at
        new = start_of_move(uow, visit, request)
        count = len(together(uow, visit))
        try:
            with uow:
                rows = move(uow, request, now=now, actor=actor)[0]
                keys = [row.chair_key for row in rows]
        except DomainError as refusal:
            offers = tuple(offer for offer in refusal.offers if isinstance(offer, OfferLine))
            return MovePreview(
                old_starts_at=old,
                new_starts_at=new,
                visits=count,
                refusal=str(refusal),
                offers=offers,
            )
        return MovePreview(old_starts_at=old, new_starts_at=new, visits=count, chair_key=keys[0])
