"""What has to be true of a center after every step, read anew from its rows."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from scheduler.domain.ids import CenterId, OrganizationId
from scheduler.domain.timing import local_day
from scheduler.persistence import days as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import Appointment, AppointmentItem, PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import facts_of
from scheduler.services.check import CHECKS, differences
from scheduler.services.day_frames import counted, frame_on, load_from
from scheduler.services.days import stays_of

Excess = dict[date, NDArray[np.int32]]


def damage(database: Database, organization_id: OrganizationId) -> list[str]:
    """Return what the check finds, visits that overlap, and doses on two live visits."""
    found = [
        each.sentence
        for check in CHECKS.values()
        for each in differences(database.read(organization_id), check)
    ]
    with database.read(organization_id) as uow:
        return [*found, *_overlaps(uow), *_doubled(uow)]


def _overlaps(uow: UnitOfWork) -> Iterator[str]:
    rows = uow.session.scalars(sa.select(Appointment).where(Appointment.live)).all()
    spans: dict[tuple[str, Any], list[tuple[datetime, datetime]]] = defaultdict(list)
    for row in rows:
        spans["chair", row.chair_key].append((row.starts_at, row.chair_free_at))
        spans["patient", row.patient_key].append((row.starts_at, row.ends_at))
    for what, taken in spans.items():
        taken.sort()
        for (_, free), (begins, _) in pairwise(taken):
            if begins < free:
                yield f"{what}: taken twice at {begins}"


def _doubled(uow: UnitOfWork) -> Iterator[str]:
    doses = (
        sa.select(AppointmentItem.dose_id)
        .join(Appointment, Appointment.id == AppointmentItem.appointment_id)
        .where(
            Appointment.live,
            AppointmentItem.dose_id.is_not(None),
            AppointmentItem.dropped_at.is_(None),
        )
        .group_by(AppointmentItem.dose_id)
        .having(sa.func.count() > 1)
    )
    for dose in uow.session.scalars(doses):
        yield f"{dose}: on two live visits"


def excess(database: Database, organization_id: OrganizationId, center_id: CenterId) -> Excess:
    """Return by how much each stored day is over capacity: [measure x slot], 0 where it is not."""
    with database.read(organization_id) as uow:
        facts = facts_of(uow, center_id)
        rows = list(stored.all_days(uow, center_id))
        stays = stays_of(uow, facts, [row.day for row in rows])
        found: Excess = {}
        for row in rows:
            frame = frame_on(facts, row, row.day)
            if frame is not None:
                load = load_from(frame, row, counted(facts, frame.limits.grid, stays[row.day]))
                over = load.counts.astype(np.int32) - frame.limits.allowed
                found[row.day] = np.maximum(over, 0).astype(np.int32)
        return found


def worse(before: Excess, after: Excess) -> list[str]:
    """Return the days that are further over capacity than they were."""
    return [
        f"{day}: over capacity"
        for day, over in after.items()
        if (over > before.get(day, np.zeros_like(over))).any()
    ]


def booked(
    database: Database, organization_id: OrganizationId, center_id: CenterId
) -> dict[tuple[Any, Any, datetime], bool]:
    """Return each live visit with dose and start, and whether it is below the dose's not-before."""
    with database.read(organization_id) as uow:
        zone = facts_of(uow, center_id).zone
        rows = uow.session.execute(
            sa.select(Appointment.id, PlannedDose.id, Appointment.starts_at, PlannedDose.not_before)
            .join(AppointmentItem, AppointmentItem.appointment_id == Appointment.id)
            .join(PlannedDose, PlannedDose.id == AppointmentItem.dose_id)
            .where(Appointment.live)
        ).all()
    return {
        (visit, dose, at): floor is not None and local_day(at, zone) < floor
        for visit, dose, at, floor in rows
    }
