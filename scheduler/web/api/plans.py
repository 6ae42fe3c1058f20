"""``/api/v1/plans/{id}/book``: booking a whole series in one transaction."""

from uuid import UUID

from flask import Response, jsonify

from scheduler.domain.ids import PlanId
from scheduler.services.booking import BookSeries, SeriesMode, book_series
from scheduler.web import context
from scheduler.web.api import api
from scheduler.web.api.reading import body
from scheduler.web.api.showing import shown

CREATED = 201


@api.post("/plans/<uuid:plan_id>/book")
def book_plan(plan_id: UUID) -> tuple[Response, int]:
    """Book the doses that are not booked yet: ``mode`` all (or nothing), or fitting.

    201 when something was booked, 200 when nothing was left to book; 409 when mode all has no place for
    one of them.
    """
    asked = body()
    request = BookSeries(
        plan_id=PlanId(plan_id),
        mode=asked.one_of("mode", SeriesMode, SeriesMode.ALL),
        until=asked.day_or_none("until"),
        idempotency_key=asked.text("idempotency_key", "") or None,
    )
    asked.end()
    made = book_series(context.unit_of_work(), request, now=context.now(), actor=context.actor())
    return jsonify(shown(made)), CREATED if made.booked else 200
