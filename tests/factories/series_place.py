"""A center and a patient whose saved doses are compared with what ``scheduler series`` prints."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from scheduler.domain.dose_reasons import full_sentence, reasons_from_text
from scheduler.domain.ids import CenterId, DoseId, PatientId, PlanId
from scheduler.domain.plans import DoseState
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.models import PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.attendance import Discharge, DoseOutcome, discharge
from scheduler.services.clinical_events import RecordEvent, record_event
from scheduler.services.dose_fates import Fate, SettleDose, settle_dose
from scheduler.services.measures import MeasureKind, RecordMeasure, record_measure
from tests.factories.people import (
    NOW,
    make_actor,
    make_hours,
    make_organization,
    make_patient,
    make_plain_center,
    make_plan,
    make_regimens,
    make_visit,
)
from tests.factories.plan_scene import at
from tests.schedules.commanding import told

FIRST = date(2026, 3, 23)
ALL_HANDS = make_actor()
SHOWN = 8


@dataclass(frozen=True)
class Saved:
    """A dose as it is stored."""

    id: DoseId
    state: DoseState
    planned_on: date
    status: str
    told: dict[str, Any]

    @property
    def ordinal(self) -> int:
        """Which dose of the plan it is."""
        return int(self.told["ordinal"])


def _saved(row: PlannedDose) -> Saved:
    days = (row.due_on, row.planned_on, row.earliest, row.latest, row.not_before)
    told_of_it = {
        "ordinal": row.ordinal,
        "phase": row.phase,
        "days": [day and day.isoformat() for day in days],
        "amount": float(row.amount) if row.amount is not None else None,
        "status": row.engine_status,
        "reasons": [full_sentence(reason) for reason in reasons_from_text(row.reasons)],
    }
    planned = row.planned_on or row.due_on
    return Saved(row.id, row.state, planned, row.engine_status, told_of_it)


@dataclass
class Place:
    """A center open from Monday to Friday with one patient, whose plans are compared with the command."""

    uow: UnitOfWork
    patient_id: PatientId
    center_id: CenterId
    calendar: Path
    regimen: str = ""

    def plan(self, regimen: str, **values: Any) -> PlanId:
        self.regimen = regimen
        return make_plan(self.uow, self.patient_id, self.center_id, regimen=regimen, **values)

    def rows(self, plan_id: PlanId) -> list[Saved]:
        with self.uow:
            return [_saved(row) for row in stored.doses_of(self.uow, plan_id)]

    def dose(self, plan_id: PlanId, ordinal: int) -> Saved:
        return self.rows(plan_id)[ordinal - 1]

    def measure(self, kind: MeasureKind, value: int, day: date) -> None:
        wanted = RecordMeasure(
            patient_id=self.patient_id,
            kind=kind,
            value=Decimal(value),
            measured_on=day,
            confirmed=True,
        )
        record_measure(self.uow, wanted, now=at(day), actor=ALL_HANDS)

    def give(self, plan_id: PlanId, ordinal: int, day: date, **outcome: Any) -> None:
        dose_id = self.dose(plan_id, ordinal).id
        visit = make_visit(self.uow, dose_id, at(day))
        given = DoseOutcome(dose_id=dose_id, **outcome)
        request = Discharge(appointment_id=visit, outcomes=(given,))
        discharge(self.uow, request, now=at(day, 16), actor=ALL_HANDS)

    def settle(self, plan_id: PlanId, ordinal: int, fate: Fate, day: date) -> None:
        dose_id = self.dose(plan_id, ordinal).id
        request = SettleDose(
            plan_id=plan_id, dose_id=dose_id, fate=fate, reason="The patient rang."
        )
        settle_dose(self.uow, request, now=at(day), actor=ALL_HANDS)

    def happened(self, plan_id: PlanId, name: str, day: date, *, now: date) -> None:
        request = RecordEvent(plan_id=plan_id, name=name, on_day=day)
        record_event(self.uow, request, now=at(now), actor=ALL_HANDS)

    def is_like_series(self, plan_id: PlanId, *facts: str, start: bool = True) -> None:
        """Compare the doses to come with what the command prints; nothing else may be left or missing."""
        begins = ("--start", FIRST.isoformat()) if start else ()
        asked = ("--regimen", self.regimen, "--region", "US", "--calendar", str(self.calendar))
        printed = told(*asked, *begins, "--count", "40", *facts)["doses"]
        rows = [row for row in self.rows(plan_id) if row.state is DoseState.PLANNED][:SHOWN]
        numbers = [row.ordinal for row in rows]
        assert len(rows) > 0
        assert [row.told for row in rows] == [
            _printed(dose) for dose in printed if dose["ordinal"] in numbers
        ]


def _printed(dose: dict[str, Any]) -> dict[str, Any]:
    return {
        "ordinal": dose["ordinal"],
        "phase": dose["phase"],
        "days": [dose[k] for k in ("due", "planned", "earliest", "latest", "not_before")],
        "amount": dose["amount"],
        "status": dose["status"],
        "reasons": dose["reasons"],
    }


def make_series_place(database: Database, folder: Path) -> Place:
    """Return a center without closures, and a patient of whom nothing is known."""
    make_regimens(database)
    uow = database.write(make_organization(database))
    center_id = make_plain_center(uow)
    make_hours(uow, center_id)
    calendar = folder / "open.txt"
    calendar.write_text("open mon tue wed thu fri\n")
    return Place(uow=uow, patient_id=make_patient(uow), center_id=center_id, calendar=calendar)


def make_weighed_place(database: Database, folder: Path) -> Place:
    """Store a center without closures, and a patient of 70 kg."""
    place = make_series_place(database, folder)
    place.measure(MeasureKind.WEIGHT, 70, NOW.date())
    return place


def cycle_given(place: Place) -> PlanId:
    """Enter efgartigimod, and give the four doses of its first cycle on their days."""
    plan_id = place.plan("efgartigimod-iv")
    for n in range(1, 5):
        place.give(plan_id, n, place.dose(plan_id, n).planned_on)
    return plan_id
