"""Many appointments of other days, written at once: weight for a measurement, not for use."""

from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from scheduler.bench.scene import Scene, weekday_after
from scheduler.domain.appointments import AppointmentStatus, ItemKind
from scheduler.domain.ids import PatientId
from scheduler.persistence.base import new_id
from scheduler.persistence.models import Appointment, AppointmentItem, Chair, ClinicDay, Patient

A_DAY = 24
STARTS = (time(8), time(11), time(14))
BATCH = 5000


def add_ballast(scene: Scene, wanted: int) -> None:
    """Write so many past visits of 24 a day, with their clinic days and items."""
    zone = ZoneInfo("America/New_York")
    with scene.database.write(scene.organization_id) as uow:
        session = uow.session
        people = [(row.id, row.key) for row in session.execute(sa.select(Patient.id, Patient.key))]
        chairs = list(session.scalars(sa.select(Chair.key)))
        day, made = scene.now.date() - timedelta(days=wanted // A_DAY * 7 // 5 + 30), count()
        days: list[dict[str, object]] = []
        visits: list[dict[str, object]] = []
        items: list[dict[str, object]] = []
        while len(visits) < wanted:
            day = weekday_after(day, 1)
            days.append(_clinic_day(scene, day))
            for start in STARTS:
                begins = datetime.combine(day, start, zone)
                for chair in chairs:
                    patient = people[next(made) % len(people)]
                    visit = _visit(scene, days[-1]["id"], begins, chair, patient)
                    visits.append(visit)
                    items.append(_item(scene, visit["id"]))
        for table, rows in ((ClinicDay, days), (Appointment, visits), (AppointmentItem, items)):
            for first in range(0, len(rows), BATCH):
                session.execute(sa.insert(table), rows[first : first + BATCH])
        uow.commit()


def _clinic_day(scene: Scene, day: date) -> dict[str, object]:
    return {
        "id": new_id(),
        "organization_id": scene.organization_id,
        "center_id": scene.center_id,
        "day": day,
        "slot_minutes": 15,
        "first_slot": 450,
        "layout": "",
        "occupancy": b"",
        "revision": 1,
        "fixed": False,
        "note": "",
    }


def _visit(
    scene: Scene,
    clinic_day: object,
    begins: datetime,
    chair: int,
    patient: tuple[PatientId, int],
) -> dict[str, object]:
    return {
        "id": new_id(),
        "organization_id": scene.organization_id,
        "center_id": scene.center_id,
        "clinic_day_id": clinic_day,
        "patient_id": patient[0],
        "patient_key": patient[1],
        "chair_key": chair,
        "starts_at": begins,
        "ends_at": begins + timedelta(minutes=90),
        "chair_free_at": begins + timedelta(minutes=105),
        "footprint": "",
        "status": AppointmentStatus.NO_SHOW,
        "live": False,
        "booked_at": begins - timedelta(days=30),
        "booked_by": "bench",
    }


def _item(scene: Scene, visit: object) -> dict[str, object]:
    return {
        "id": new_id(),
        "organization_id": scene.organization_id,
        "appointment_id": visit,
        "kind": ItemKind.INJECTION,
        "live": False,
    }
