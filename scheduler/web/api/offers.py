"""``/api/v1/doses/{id}/offers``: ranked times for a dose; and places kept for somebody on the phone."""

from uuid import UUID

from flask import Response, jsonify, request

from scheduler.domain.chairs import ChairNeed
from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import DoseId, ReservationId
from scheduler.services.offer_filters import Filters
from scheduler.services.offers import OffersWanted, offers_for_dose
from scheduler.services.reservations import ReservePlace, release_place, reserve_place
from scheduler.web import context
from scheduler.web.api import api
from scheduler.web.api.reading import Body, body
from scheduler.web.api.showing import shown
from scheduler.web.offers import shown as offer_shown

MOST = 50
CREATED = 201
NO_CONTENT = 204


@api.get("/doses/<uuid:dose_id>/offers")
def offers(dose_id: UUID) -> Response:
    """Return the best times.

    In the query: ``limit``; ``day`` and ``time``, a wish; ``weekdays`` (0 is Monday), ``not_earlier``,
    ``not_later``, ``needs``, ``interpreter``, ``no_labs``, which no offer breaks; ``together``, further doses.
    """
    asked = Body(dict(request.args))
    wanted = OffersWanted(
        dose_id=DoseId(dose_id),
        limit=_limit(asked),
        wish_day=asked.day_or_none("day"),
        wish_time=asked.time_or_none("time"),
        filters=_filters(asked),
        together=tuple(DoseId(each) for each in asked.ids("together")),
    )
    asked.end()
    found = offers_for_dose(context.read_uow(), wanted, now=context.now())
    return jsonify(
        offers=[offer_shown(offer) for offer in found.offers],
        window=shown(found.window),
        minutes=shown(found.minutes),
        refusals=shown(found.refusals),
        why_none=found.why_none,
    )


def _filters(asked: Body) -> Filters:
    return Filters(
        weekdays=frozenset(asked.weekdays("weekdays")),
        not_earlier=asked.time_or_none("not_earlier"),
        not_later=asked.time_or_none("not_later"),
        needs=frozenset(asked.several_of("needs", ChairNeed)),
        interpreter=asked.yes("interpreter"),
        no_labs=asked.yes("no_labs"),
    )


def _limit(asked: Body) -> int:
    text = asked.text("limit", "5")
    if not text.isascii() or not text.isdigit():
        raise InvalidError("limit has to be a whole number.", field="limit")
    return max(1, min(int(text[:6]), MOST))


@api.post("/doses/<uuid:dose_id>/reservations")
def reserve(dose_id: UUID) -> tuple[Response, int]:
    """Keep a place for some minutes; ``day`` and ``start`` on the center's clock."""
    asked = body()
    day, start = asked.day("day"), asked.time_or_none("start")
    asked.end()
    if start is None:
        raise InvalidError("start is missing.", field="start")
    wanted = ReservePlace(dose_id=DoseId(dose_id), day=day, start=start)
    kept = reserve_place(context.unit_of_work(), wanted, now=context.now(), actor=context.actor())
    return jsonify(shown(kept)), CREATED


@api.delete("/reservations/<uuid:reservation_id>")
def release(reservation_id: UUID) -> tuple[str, int]:
    """Give a kept place back."""
    release_place(
        context.unit_of_work(),
        ReservationId(reservation_id),
        now=context.now(),
        actor=context.actor(),
    )
    return "", NO_CONTENT
