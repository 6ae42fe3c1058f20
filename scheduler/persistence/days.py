"""Queries on clinic days: their occupancy, their locks, and the stays that are counted in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    bindparam,
    cast,
    false,
    inspect,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert

from scheduler.domain.ids import AppointmentId, CenterId
from scheduler.domain.timing import Instant
from scheduler.persistence.base import new_id
from scheduler.persistence.models import Appointment, ClinicDay, Reservation
from scheduler.persistence.organization_session import kept
from scheduler.persistence.types import UtcDateTime
from scheduler.persistence.unit_of_work import UnitOfWork


class StoredDay(NamedTuple):
    """A clinic day as stored: frame and occupancy."""

    day: date
    slot_minutes: int
    first_slot: int
    fixed: bool
    layout: str
    occupancy: bytes
    published_at: Instant | None
    revision: int


class StoredStay(NamedTuple):
    """A live visit, or a place kept for one, as capacity and chair assignment need it.

    A day has dozens, hence so light. ``kept_until`` is None for a visit; a kept place
    has the id of its reservation, which no visit has.
    """

    id: AppointmentId
    starts_at: Instant
    ends_at: Instant
    chair_free_at: Instant
    chair_key: int
    pinned: bool
    arrived_at: Instant | None
    footprint: str
    kept_until: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDay:
    """The frame of a clinic day that is not stored yet."""

    slot_minutes: int
    first_slot: int
    layout: str


COLUMNS = (
    ClinicDay.day,
    ClinicDay.slot_minutes,
    ClinicDay.first_slot,
    ClinicDay.fixed,
    ClinicDay.layout,
    ClinicDay.occupancy,
    ClinicDay.published_at,
    ClinicDay.revision,
)
STAY = (
    Appointment.id,
    Appointment.starts_at,
    Appointment.ends_at,
    Appointment.chair_free_at,
    Appointment.chair_key,
    Appointment.pinned,
    Appointment.arrived_at,
    Appointment.footprint,
)


ON_DAYS = (
    ClinicDay.center_id == bindparam("center_id"),
    ClinicDay.day.in_(bindparam("days", expanding=True)),
)
SPAN = kept(
    select(*COLUMNS)
    .where(
        ClinicDay.center_id == bindparam("center_id"),
        ClinicDay.day >= bindparam("first"),
        ClinicDay.day <= bindparam("last"),
    )
    .order_by(ClinicDay.day)
)


def stored_days(uow: UnitOfWork, center_id: CenterId, days: Sequence[date]) -> list[StoredDay]:
    """Return the stored days among these, in order."""
    if not days:
        return []
    span = {"center_id": center_id, "first": min(days), "last": max(days)}
    wanted = set(days)
    rows = uow.session.execute(SPAN, span).all()
    return [StoredDay._make(row) for row in rows if row.day in wanted]


def all_days(uow: UnitOfWork, center_id: CenterId) -> list[StoredDay]:
    """Return every stored day of a center, in order."""
    wanted = select(*COLUMNS).where(ClinicDay.center_id == center_id).order_by(ClinicDay.day)
    return [StoredDay._make(row) for row in uow.session.execute(wanted)]


def lock(uow: UnitOfWork, center_id: CenterId, new: dict[date, NewDay]) -> dict[date, ClinicDay]:
    """Return days with their rows locked, in ascending order; those not stored yet are added empty.

    On SQLite the writer holds the whole database, so that a row that was read once stays true.
    """
    if uow.is_postgresql:
        return _locked(uow, center_id, new)
    known: dict[tuple[CenterId, date], ClinicDay] = uow.memo.setdefault("clinic days", {})
    missing = [
        day for day in sorted(new) if not _is_known(known.pop((center_id, day), None), known)
    ]
    if missing:
        _read_or_add(uow, center_id, {day: new[day] for day in missing}, known)
    return {day: known[center_id, day] for day in sorted(new)}


def _is_known(row: ClinicDay | None, known: dict[tuple[CenterId, date], ClinicDay]) -> bool:
    """Keep a row that is still there: one added in a savepoint that was rolled back is not."""
    if row is None or not inspect(row).persistent:
        return False
    known[row.center_id, row.day] = row
    return True


def _read_or_add(
    uow: UnitOfWork,
    center_id: CenterId,
    new: dict[date, NewDay],
    known: dict[tuple[CenterId, date], ClinicDay],
) -> None:
    rows = {row.day: row for row in _rows(uow, center_id, new)}
    added = [_row(center_id, day, frame) for day, frame in new.items() if day not in rows]
    uow.add(*added)
    uow.session.flush()
    known.update({(center_id, row.day): row for row in (*rows.values(), *added)})


KNOWN = kept(select(ClinicDay.day).where(*ON_DAYS))


def _locked(uow: UnitOfWork, center_id: CenterId, new: dict[date, NewDay]) -> dict[date, ClinicDay]:
    """Add what is missing, then lock all: who waits for a day that another adds must hold none himself."""
    known = uow.session.scalars(KNOWN, {"center_id": center_id, "days": sorted(new)})
    missing = sorted(new.keys() - set(known))
    if missing:
        values = [_values(uow, center_id, day, new[day]) for day in missing]
        uow.session.execute(insert(ClinicDay).values(values).on_conflict_do_nothing())
    found = {row.day: row for row in _rows(uow, center_id, list(new))}
    return dict(sorted(found.items()))


LOCKED = kept(select(ClinicDay).where(*ON_DAYS).order_by(ClinicDay.day).with_for_update())


def _rows(uow: UnitOfWork, center_id: CenterId, days: Iterable[date]) -> list[ClinicDay]:
    again = {"populate_existing": uow.is_postgresql}
    asked = {"center_id": center_id, "days": sorted(days)}
    return list(uow.session.scalars(LOCKED, asked, execution_options=again))


def _row(center_id: CenterId, day: date, new: NewDay) -> ClinicDay:
    return ClinicDay(
        center_id=center_id,
        day=day,
        slot_minutes=new.slot_minutes,
        first_slot=new.first_slot,
        layout=new.layout,
        occupancy=b"",
        revision=1,
    )


def _values(uow: UnitOfWork, center_id: CenterId, day: date, new: NewDay) -> dict[str, object]:
    return {
        "id": new_id(),
        "organization_id": uow.organization_id,
        "center_id": center_id,
        "day": day,
        "revision": 1,
        "slot_minutes": new.slot_minutes,
        "first_slot": new.first_slot,
        "fixed": False,
        "layout": new.layout,
        "occupancy": b"",
        "note": "",
    }


NEVER = cast(null(), UtcDateTime())
BOOKED = (
    select(*STAY, NEVER.label("kept_until"))
    .join(ClinicDay, ClinicDay.id == Appointment.clinic_day_id)
    .where(*ON_DAYS, Appointment.live)
)
RESERVED = (
    select(
        Reservation.id,
        Reservation.starts_at,
        Reservation.ends_at,
        Reservation.chair_free_at,
        Reservation.chair_key,
        false().label("pinned"),
        NEVER.label("arrived_at"),
        Reservation.footprint,
        Reservation.reserved_until,
    )
    .join(ClinicDay, ClinicDay.id == Reservation.clinic_day_id)
    .where(*ON_DAYS, Reservation.released_at.is_(None))
)
PARTS: tuple[Any, ...] = (BOOKED, RESERVED)
STAYS: CompoundSelect[Any] = kept(union_all(*PARTS))


def stays(uow: UnitOfWork, center_id: CenterId, days: Iterable[date]) -> list[StoredStay]:
    """Return the live visits of these clinic days and the places kept on them, in order of start."""
    asked = {"center_id": center_id, "days": list(days)}
    if not asked["days"]:
        return []
    rows = [StoredStay._make(row) for row in uow.session.execute(STAYS, asked).all()]
    return sorted(rows, key=_by_start)  # SQLite sorts no union by a column that tables share


def _by_start(stay: StoredStay) -> tuple[Instant, UUID]:
    return stay.starts_at, stay.id
