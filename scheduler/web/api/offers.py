"""``GET /api/v1/doses/{id}/offers``: ranked times for a dose, its window, and why a wish is refused."""

from datetime import date, time
from uuid import UUID

from flask import Response, jsonify, request

from scheduler.domain.ids import DoseId
from scheduler.services.offers import OffersWanted, offers_for_dose
from scheduler.web import context
from scheduler.web.api import api
from scheduler.web.api.reading import Body
from scheduler.web.api.showing import shown
from scheduler.web.offers import shown as offer_shown

MOST = 50


@api.get("/doses/<uuid:dose_id>/offers")
def offers(dose_id: UUID) -> Response:
    """Return the best times; ``limit``, ``day`` and ``time`` (a wish) in the query."""
    asked = Body(dict(request.args))
    wish_day, wish_time = _wish(asked)
    wanted = OffersWanted(
        dose_id=DoseId(dose_id), limit=_limit(), wish_day=wish_day, wish_time=wish_time
    )
    found = offers_for_dose(context.read_uow(), wanted, now=context.now())
    return jsonify(
        offers=[offer_shown(offer) for offer in found.offers],
        window=shown(found.window),
        minutes=shown(found.minutes),
        refusals=shown(found.refusals),
        why_none=found.why_none,
    )


def _wish(asked: Body) -> tuple[date | None, time | None]:
    return asked.day_or_none("day"), asked.time_or_none("time")


def _limit() -> int:
    return max(1, min(request.args.get("limit", 5, type=int), MOST))
