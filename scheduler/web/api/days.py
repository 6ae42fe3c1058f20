"""``GET /api/v1/days/{day}``: what is booked on a day; patients by id, not by name."""

from flask import Response, jsonify

from scheduler.domain.errors import NotFoundError
from scheduler.domain.hours import Closed
from scheduler.domain.names import day_typed
from scheduler.persistence.board_visits import VisitRow
from scheduler.services.board import DayRead, read_day
from scheduler.web import context
from scheduler.web.api import api
from scheduler.web.api.showing import Json, shown


@api.get("/days/<day>")
def day(day: str) -> Response:
    """Return a day with its visits; ``revision`` rises with every change."""
    asked = day_typed(day)
    if asked is None:
        raise NotFoundError("day")
    read = read_day(context.read_uow(), context.center_id(), asked, context.zone())
    return jsonify(day=day, revision=read.revision, visits=_visits(read), **_hours(read))


def _hours(read: DayRead) -> dict[str, Json]:
    if isinstance(read.hours, Closed):
        return {"closed": read.hours.reason or "closed", "opens": None, "closes": None}
    return {
        "closed": None,
        "opens": shown(read.hours.opens),
        "closes": shown(read.hours.closes),
    }


def _visits(read: DayRead) -> list[Json]:
    chairs = {chair.key: chair.name for chair in read.chairs}
    by_id: dict[object, list[VisitRow]] = {}
    for row in read.visits:
        by_id.setdefault(row.id, []).append(row)
    return [_visit(rows, chairs.get(rows[0].chair_key, "")) for rows in by_id.values()]


def _visit(rows: list[VisitRow], chair: str) -> Json:
    first = rows[0]
    return {
        "id": shown(first.id),
        "patient_id": shown(first.patient_id),
        "chair": chair,
        "starts_at": shown(first.starts_at),
        "ends_at": shown(first.ends_at),
        "status": shown(first.status),
        "confirmed": first.confirmed,
        "version": first.version,
        "items": [
            {"kind": shown(row.kind), "dose_id": shown(row.dose_id), "plan_id": shown(row.plan_id)}
            for row in rows
        ],
    }
