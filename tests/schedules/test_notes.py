"""The notes of a pharmacist: a worked schedule for each of the six drugs, and the engine's days beside it."""

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.dates import EVERY_DAY, Calendar
from scheduler.domain.doses import DoseStatus, PlannedDose
from tests.schedules.plans import FEDERAL, found_dose, series

NOTES = sorted((Path(__file__).parent / "notes").glob("*.txt"))
HEADING = re.compile(r"^(regimen|region|starts|days|choice|body|run) +(.+)$", re.MULTILINE)
COLUMNS = re.compile(r"  +(?! ?\d )")
CALENDARS: dict[str, Calendar] = {
    "every day": EVERY_DAY,
    "Monday to Friday without federal holidays": FEDERAL,
}


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.stem)
def test_the_engine_books_what_the_note_says(note: Path) -> None:
    text = note.read_text(encoding="utf-8")
    rows = rows_of(text)

    found = series_of(text, rows)

    assert len(rows) >= 5
    assert [shown(found_dose(found, int(row[0])), given=row[6]) for row in rows] == rows


def test_there_is_a_note_for_each_of_the_six_drugs() -> None:
    assert {note.stem for note in NOTES} == {
        "alemtuzumab",
        "methylprednisolone",
        "mitoxantrone",
        "natalizumab",
        "ocrelizumab",
        "ublituximab",
    }


def series_of(text: str, rows: list[list[str]]) -> Any:
    """Return the series that a note is about."""
    told = dict(HEADING.findall(text))
    order: dict[str, Any] = {"region": told["region"]}
    if "body" in told:
        kg, cm = re.findall(r"(\d+) (?:kg|cm)", told["body"])
        order |= {"weight_kg": Decimal(kg), "height_cm": Decimal(cm)}
    if "run" in told:
        order["run_days"] = int(told["run"].split()[0])
    given = [(int(row[0]), str(read(row[6]))) for row in rows if row[6] not in ("-", "blocked")]
    return series(
        told["regimen"],
        str(read(told["starts"])),
        *given,
        calendar=CALENDARS[told["days"]],
        choices=dict([told["choice"].split(" = ")]) if "choice" in told else {},
        **order,
    )


def rows_of(text: str) -> list[list[str]]:
    """Return the cells of a note's table."""
    table = text[text.index("\ndose ") :].strip().splitlines()[1:]
    return [[" ".join(cell.split()) for cell in COLUMNS.split(line)] for line in table]


def shown(dose: PlannedDose, *, given: str) -> list[str]:
    """Return a dose as a note writes it; a blocked one says so in the last column."""
    last = "blocked" if dose.status is DoseStatus.BLOCK else written(dose.given)
    assert dose.amount is not None
    return [
        str(dose.ordinal),
        written(dose.due),
        written(dose.planned),
        written(dose.not_before),
        f"{dose.amount.normalize():f} {dose.unit}",
        str(dose.minutes.patient_minutes),
        last,
    ]


def written(day: date | None) -> str:
    """Return a day as notes write it."""
    return f"{day:%a} {day.day} {day:%b %Y}" if day else "-"


def read(text: str) -> date:
    """Return the day of a note."""
    return datetime.strptime(" ".join(text.split()), "%a %d %b %Y").date()  # noqa: DTZ007 - a day
