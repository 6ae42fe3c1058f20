"""Where the board's blocks, filters and buttons lead; pages that the app does not have have no link."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import current_app, url_for

from scheduler.web.desk.board_view import Choice


def link(endpoint: str, **values: object) -> str:
    """Return the address of a page, or nothing when there is no such page."""
    if endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint, **{name: value for name, value in values.items() if value})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLinks:
    """The links of one day's board as one person looks at it."""

    on: date
    choice: Choice

    def _here(self, **changes: object) -> str:
        kept = {
            "show": "" if self.choice.show == "all" else self.choice.show,
            "nurse": self.choice.nurse,
            "rows": "compact" if self.choice.compact else "",
            "visit": self.choice.selected,
        }
        return link("desk.day", day=self.on, **kept | changes)

    @property
    def here(self) -> str:
        """This page as it is."""
        return self._here()

    @property
    def close(self) -> str:
        """The same without a selected visit."""
        return self._here(visit="")

    @property
    def today(self) -> str:
        """The board of the present day."""
        return link("desk.day")

    @property
    def print(self) -> str:
        """The day on paper."""
        return link("desk.print_day", day=self.on)

    @property
    def book(self) -> str:
        """Where a visit is booked from."""
        return link("desk.patients")

    @property
    def worklist(self) -> str:
        """All that waits."""
        return link("desk.worklist")

    @property
    def fix(self) -> str:
        """Moves that bring a day below its limits; not built yet."""
        return ""

    @property
    def nurses(self) -> str:
        """Who looks after whom on the day."""
        return link("desk.nurses_of_day", day=self.on)

    @property
    def why(self) -> str:
        """What refuses each start of the day."""
        return link("desk.why_not", day=self.on)

    def day(self, on: date) -> str:
        """Another day."""
        return link("desk.day", day=on)

    def filter(self, code: str) -> str:
        """The same day with a filter."""
        return self._here(show="" if code == "all" else code)

    def rows(self, height: str) -> str:
        """The same day with another row height."""
        return self._here(rows="compact" if height == "compact" else "")

    def visit(self, appointment_id: UUID) -> str:
        """The same day with a visit's details."""
        return self._here(visit=appointment_id)

    def step(self, appointment_id: UUID) -> str:
        """Where the next step is posted."""
        return link("desk.take_step", appointment_id=appointment_id)

    def undo_step(self, appointment_id: UUID) -> str:
        """Where the last step is taken back."""
        return link("desk.undo_step", appointment_id=appointment_id)

    def discharge(self, appointment_id: UUID) -> str:
        """Where it is said what was given."""
        return link("desk.discharge", appointment_id=appointment_id)

    def move(self, appointment_id: UUID) -> str:
        """Where a visit is moved."""
        return link("desk.move", appointment_id=appointment_id)

    def cancel(self, appointment_id: UUID) -> str:
        """Where a visit is cancelled."""
        return link("desk.cancel", appointment_id=appointment_id)

    def no_show(self, appointment_id: UUID) -> str:
        """Where it is noted that a patient did not come."""
        return link("desk.no_show", appointment_id=appointment_id)

    def patient(self, patient_id: UUID) -> str:
        """The patient's page."""
        return link("desk.patient", patient_id=patient_id)
