"""The form of the drug for a dose, or for all doses of a plan."""

from typing import Any
from uuid import UUID

from wtforms import HiddenField, StringField
from wtforms.validators import Optional

from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.supply import ROUTES, STATES
from scheduler.services.page_lines import PlanLine
from scheduler.services.record_lines import SupplyLine
from scheduler.services.supplies import RecordSupply
from scheduler.web.forms import AmountField, DayField, Form, choice, id_typed, named
from scheduler.web.stale import compare, version_typed

SAME = (
    "version",
    "route",
    "expected_on",
    "received_on",
    "received_amount",
    "allocated_amount",
    "lot",
)


class SupplyForm(Form):
    """Drug for a dose, or for all doses of the plan; version 0 when nothing is recorded yet."""

    dose_id = HiddenField()
    version = HiddenField()
    route = choice("From", [(key, words.capitalize()) for key, words in ROUTES.items()])
    stands = choice("It is", [(each, each.replace("_", " ").capitalize()) for each in STATES])
    expected_on = DayField("Expected on")
    received_on = DayField("Received on")
    received_amount = AmountField("Received amount", [Optional()])
    allocated_amount = AmountField("Allocated to this dose", [Optional()])
    lot = StringField("Lot")

    def request(self, plan_id: PlanId) -> RecordSupply:
        """Return what was typed."""
        known = self.dose_id.data
        return RecordSupply(
            plan_id=plan_id,
            dose_id=DoseId(id_typed(known, "dose")) if known else None,
            route=self.route.data,
            status=self.stands.data,
            expected_on=self.expected_on.data,
            received_on=self.received_on.data,
            received_amount=self.received_amount.data,
            allocated_amount=self.allocated_amount.data,
            lot=(self.lot.data or "").strip(),
            version=version_typed(self.version.data),
        )


def supply_form(plan: PlanLine, dose_id: UUID | None, refused: Form | None) -> Form:
    """Return the form of the drug for one dose, or for the plan."""
    key = dose_id.hex if dose_id else ""
    mine = isinstance(refused, SupplyForm) and (refused.dose_id.data or "") == key
    line = next((each for each in plan.supplies if each.dose_id == dose_id), None)
    if refused is not None and mine:
        compare(refused, _stored(line) if line else {"version": 0})
        return named(refused, key or "plan")
    start = line or next((each for each in plan.supplies if each.dose_id is None), None)
    stored = _stored(line) if line else {"version": 0}
    values = {"route": start.route if start else None} | stored
    return named(SupplyForm(formdata=None, dose_id=key, **values), key or "plan")


def _stored(line: SupplyLine) -> dict[str, Any]:
    """Return what is recorded of the drug, by the names of the fields of its form."""
    return {name: getattr(line, name) for name in SAME} | {"stands": line.status}
