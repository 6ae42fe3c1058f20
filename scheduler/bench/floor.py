"""The floor: a bare Flask, SQLAlchemy Core and Jinja page with the same rows, and a bare booking.

The bare booking does what any endpoint of the kind has to: whose token is it, what do the days hold, is the
place free, insert, commit. It counts nothing, assigns no chair, owes no message and audits nothing.
"""

import sys
from datetime import date, datetime, timedelta
from functools import partial
from json import dumps
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, Response, render_template_string, request
from waitress import serve

from scheduler.persistence.board_visits import ITEMS
from scheduler.persistence.database import engine
from scheduler.persistence.models import ApiToken, Appointment, Chair, ClinicDay
from scheduler.services.passwords import secret_hash

THREADS = 8
PAGE = """<!doctype html><title>Day</title><table>{% for row in rows %}<tr><td>{{ row.chair_key }}</td>
<td>{{ row.starts_at }}</td><td>{{ row.ends_at }}</td><td>{{ row.status }}</td><td>{{ row.patient_id }}</td>
<td>{{ row.kind }}</td><td>{{ row.ordinal }}</td><td>{{ row.amount }}</td></tr>{% endfor %}</table>
<p>{{ day.revision }} {{ day.occupancy | length }}</p>"""
ROWS = sa.Table(
    "floor_booking",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("chair", sa.Integer, nullable=False),
    sa.Column("starts_at", sa.DateTime, nullable=False),
    sa.Column("ends_at", sa.DateTime, nullable=False),
    sa.Index("ix_floor_booking", "chair", "starts_at"),
)
STAY = timedelta(hours=2)


def floor_app(url: str) -> Flask:
    """Return the bare application on a database."""
    opened = engine(url)
    with opened.execution_options(writes=True).begin() as connection:
        ROWS.create(connection, checkfirst=True)
    app = Flask("floor")
    app.add_url_rule("/ping", view_func=lambda: "pong")
    for path, method, view in (
        ("/day", "GET", _show_day),
        ("/offers", "GET", _read_days),
        ("/book", "POST", _book),
    ):
        app.add_url_rule(path, path, partial(view, opened), methods=[method])
    return app


def _show_day(opened: sa.Engine) -> str:
    center, begins = UUID(request.args["center"]), datetime.fromisoformat(request.args["begins"])
    with opened.connect() as connection:
        rows = connection.execute(_rows(center, begins)).all()
        of_day = connection.execute(_days(center, begins.date(), begins.date())).first()
        return render_template_string(PAGE, rows=rows, day=of_day)


def _read_days(opened: sa.Engine) -> Response:
    first, last = (date.fromisoformat(request.args[name]) for name in ("first", "last"))
    with opened.connect() as connection:
        found = connection.execute(_token(request.headers["Authorization"])).one()
        days = connection.execute(_days(found.center_id, first, last)).all()
    return Response(dumps([[str(each.day), len(each.occupancy)] for each in days]))


def _book(opened: sa.Engine) -> Response:
    asked = request.get_json()
    days = [date.fromisoformat(text) for text in asked["days"]]
    with opened.execution_options(writes=True).begin() as connection:
        found = connection.execute(_token(request.headers["Authorization"])).one()
        connection.execute(_days(found.center_id, days[0], days[-1])).all()
        booked = _insert(connection, [_row(day, asked["chair"]) for day in days])
    return Response(f'{{"booked": {booked}}}', 201 if booked else 409)


def _insert(connection: sa.Connection, rows: list[dict[str, Any]]) -> int:
    if not all(_is_free(connection, row) for row in rows):
        return 0
    connection.execute(sa.insert(ROWS), rows)
    return len(rows)


def _token(header: str) -> sa.Select[*tuple[Any, ...]]:
    secret = header.removeprefix("Bearer ")
    return sa.select(ApiToken.center_id, ApiToken.role, ApiToken.expires_at).where(
        ApiToken.secret_hash == secret_hash(secret)
    )


def _days(center: UUID, first: date, last: date) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(ClinicDay.day, ClinicDay.revision, ClinicDay.occupancy).where(
        ClinicDay.center_id == center, ClinicDay.day >= first, ClinicDay.day <= last
    )


def _row(day: date, chair: int) -> dict[str, Any]:
    starts_at = datetime.combine(day, datetime.min.time())
    return {"chair": chair, "starts_at": starts_at, "ends_at": starts_at + STAY}


def _is_free(connection: sa.Connection, row: dict[str, Any]) -> bool:
    taken = sa.select(ROWS.c.id).where(
        ROWS.c.chair == row["chair"],
        ROWS.c.starts_at < row["ends_at"],
        ROWS.c.ends_at > row["starts_at"],
    )
    return connection.execute(taken).first() is None


def _rows(center: UUID, begins: datetime) -> sa.Select[*tuple[Any, ...]]:
    return ITEMS.join(Chair, Chair.key == Appointment.chair_key).where(
        Appointment.center_id == center,
        Appointment.starts_at >= begins,
        Appointment.starts_at < begins + timedelta(days=1),
    )


if __name__ == "__main__":
    serve(
        floor_app(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), threads=THREADS, ident=None
    )
