"""Given doses as facts: append-only rows, a correction names the one it replaces."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import AppointmentId, DoseId, GivenDoseId, PatientId
from scheduler.domain.plans import GivenOutcome
from scheduler.persistence.models import GivenDose
from scheduler.persistence.organization_session import kept
from scheduler.persistence.unit_of_work import UnitOfWork


def given(uow: UnitOfWork, given_id: GivenDoseId) -> GivenDose:
    """Return a given dose of the organization.

    Raises:
        NotFoundError: there is none of that id here.
    """
    found = uow.session.get(GivenDose, given_id)
    if found is None:
        raise NotFoundError("given dose")
    return found


GIVEN = kept(
    select(GivenDose)
    .where(GivenDose.patient_id == bindparam("patient_id"))
    .order_by(GivenDose.given_on, GivenDose.id)
)
GIVEN_OF_INGREDIENT = kept(GIVEN.where(GivenDose.ingredient == bindparam("ingredient")))


def given_to(uow: UnitOfWork, patient_id: PatientId, ingredient: str = "") -> list[GivenDose]:
    """Return what holds of a patient's given doses: neither corrected nor withdrawn, oldest first.

    Args:
        uow: The unit of work.
        patient_id: To whom.
        ingredient: Of this ingredient alone; of all when empty.
    """
    wanted = GIVEN_OF_INGREDIENT if ingredient else GIVEN
    asked = {"patient_id": patient_id, "ingredient": ingredient}
    return _in_force(uow.session.scalars(wanted, asked))


GIVEN_TO_ALL = kept(
    select(GivenDose)
    .where(GivenDose.patient_id.in_(bindparam("patient_ids", expanding=True)))
    .order_by(GivenDose.given_on, GivenDose.id)
)


def given_to_all(
    uow: UnitOfWork, patient_ids: Iterable[PatientId]
) -> dict[PatientId, list[GivenDose]]:
    """Return what holds of the given doses of patients, oldest first, in one query."""
    found: dict[PatientId, list[GivenDose]] = {each: [] for each in patient_ids}
    for row in _in_force(uow.session.scalars(GIVEN_TO_ALL, {"patient_ids": list(found)})):
        found[row.patient_id].append(row)
    return found


def _in_force(rows: Iterable[GivenDose]) -> list[GivenDose]:
    known = list(rows)
    corrected = {row.corrects for row in known}
    return [row for row in known if row.id not in corrected and not row.withdrawn]


def given_at(uow: UnitOfWork, appointment_id: AppointmentId) -> list[GivenDose]:
    """Return what holds of the doses recorded for a visit."""
    wanted = select(GivenDose).where(GivenDose.appointment_id == appointment_id)
    return _in_force(uow.session.scalars(wanted.order_by(GivenDose.id)))


DAYS_GIVEN = kept(
    select(
        GivenDose.id,
        GivenDose.corrects,
        GivenDose.withdrawn,
        GivenDose.outcome,
        GivenDose.dose_id,
        GivenDose.given_on,
    )
    .where(GivenDose.dose_id.in_(bindparam("dose_ids", expanding=True)))
    .order_by(GivenDose.id)
)


def days_given(uow: UnitOfWork, dose_ids: Iterable[DoseId]) -> dict[DoseId, date]:
    """Return on which day each of some doses was given, as it holds now."""
    rows = uow.session.execute(DAYS_GIVEN, {"dose_ids": list(dose_ids)}).all()
    corrected = {row.corrects for row in rows}
    hold = [row for row in rows if row.id not in corrected and not row.withdrawn]
    return {row.dose_id: row.given_on for row in hold if row.outcome is not GivenOutcome.NONE}


def corrected_ids(uow: UnitOfWork, given_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these given doses a later row corrects."""
    wanted = select(GivenDose.corrects).where(GivenDose.corrects.in_(list(given_ids)))
    return {each for each in uow.session.scalars(wanted) if each is not None}
