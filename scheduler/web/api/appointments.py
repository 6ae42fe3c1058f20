"""``/api/v1/appointments``: booking a dose, reading, moving and cancelling a visit."""

from uuid import UUID

from flask import Response, jsonify

from scheduler.domain.appointments import CancellationReason
from scheduler.domain.ids import AppointmentId, ChairId, DoseId
from scheduler.services.booking import BookDose, book_dose
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.moving import MoveAppointment, move_appointment
from scheduler.services.visit_reading import read_visit
from scheduler.web import context
from scheduler.web.api import api
from scheduler.web.api.reading import body
from scheduler.web.api.showing import shown

CREATED = 201


@api.post("/appointments")
def book() -> tuple[Response, int]:
    """Book a dose at an instant; 409 with the next offers when it was taken a moment ago."""
    asked = body()
    chair_id = asked.id_or_none("chair_id")
    request = BookDose(
        dose_id=DoseId(asked.id("dose_id")),
        starts_at=asked.instant("starts_at"),
        chair_id=ChairId(chair_id) if chair_id else None,
        idempotency_key=asked.text("idempotency_key", "") or None,
        outside_window_reason=asked.text("outside_window_reason", ""),
        override_reason=asked.text("override_reason", ""),
        tentative=asked.flag("tentative"),
    )
    asked.end()
    booked = book_dose(context.unit_of_work(), request, now=context.now(), actor=context.actor())
    return jsonify(shown(booked)), CREATED


@api.get("/appointments/<uuid:appointment_id>")
def visit(appointment_id: UUID) -> Response:
    """Return a visit."""
    return jsonify(shown(read_visit(context.read_uow(), AppointmentId(appointment_id))))


@api.post("/appointments/<uuid:appointment_id>/move")
def move(appointment_id: UUID) -> Response:
    """Move a visit; 409 when it was changed since ``version``, or the place is taken."""
    asked = body()
    chair_id = asked.id_or_none("chair_id")
    request = MoveAppointment(
        appointment_id=AppointmentId(appointment_id),
        version=asked.whole("version"),
        starts_at=asked.instant("starts_at"),
        chair_id=ChairId(chair_id) if chair_id else None,
        reason=asked.text("reason", ""),
        outside_window_reason=asked.text("outside_window_reason", ""),
        override_reason=asked.text("override_reason", ""),
    )
    asked.end()
    move_appointment(context.unit_of_work(), request, now=context.now(), actor=context.actor())
    return jsonify(shown(read_visit(context.read_uow(), request.appointment_id)))


@api.post("/appointments/<uuid:appointment_id>/cancel")
def cancel(appointment_id: UUID) -> Response:
    """Cancel a visit with a coded reason; 409 when it was changed since ``version``."""
    asked = body()
    request = CancelAppointment(
        appointment_id=AppointmentId(appointment_id),
        version=asked.whole("version"),
        reason=asked.one_of("reason", CancellationReason),
        note=asked.text("note", ""),
    )
    asked.end()
    cancel_appointment(context.unit_of_work(), request, now=context.now(), actor=context.actor())
    return jsonify(shown(read_visit(context.read_uow(), request.appointment_id)))
