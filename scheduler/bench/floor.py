"""The floor: a bare Flask, SQLAlchemy Core and Jinja page with the same rows, and a bare booking."""

import sys
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, Response, render_template_string, request
from waitress import serve

from scheduler.persistence.database import engine
from scheduler.persistence.models import Appointment, AppointmentItem, Chair, Patient

THREADS = 8
PAGE = """<!doctype html><title>Day</title><table>{% for row in rows %}<tr><td>{{ row.name }}</td>
<td>{{ row.starts_at }}</td><td>{{ row.ends_at }}</td><td>{{ row.status }}</td><td>{{ row.patient_id }}</td>
<td>{{ row.kind }}</td></tr>{% endfor %}</table>"""
ROWS = sa.Table(
    "floor_booking",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("chair", sa.Integer, nullable=False),
)


def floor_app(url: str) -> Flask:
    """Return the bare application on a database."""
    opened = engine(url)
    with opened.execution_options(writes=True).begin() as connection:
        ROWS.create(connection, checkfirst=True)
    app = Flask("floor")

    @app.get("/ping")
    def ping() -> str:
        return "pong"

    @app.get("/day")
    def day() -> str:
        wanted = _rows(UUID(request.args["center"]), datetime.fromisoformat(request.args["begins"]))
        with opened.connect() as connection:
            return render_template_string(PAGE, rows=connection.execute(wanted).all())

    @app.post("/book")
    def book() -> Response:
        asked = request.get_json()
        with opened.execution_options(writes=True).begin() as connection:
            connection.scalar(
                sa.select(sa.func.count()).select_from(ROWS).where(ROWS.c.at == asked["at"])
            )
            rows = [{"at": asked["at"], "chair": n} for n in range(asked["rows"])]
            connection.execute(sa.insert(ROWS), rows)
        return Response('{"booked": true}', 201, mimetype="application/json")

    return app


def _rows(center: UUID, begins: datetime) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Chair.name,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.status,
            Patient.id.label("patient_id"),
            AppointmentItem.kind,
        )
        .join(Patient, Patient.id == Appointment.patient_id)
        .join(AppointmentItem, AppointmentItem.appointment_id == Appointment.id)
        .join(Chair, Chair.key == Appointment.chair_key)
        .where(
            Appointment.center_id == center,
            Appointment.starts_at >= begins,
            Appointment.starts_at < begins + timedelta(days=1),
        )
    )


if __name__ == "__main__":
    serve(
        floor_app(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), threads=THREADS, ident=None
    )
