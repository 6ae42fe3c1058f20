"""Drug for a dose: whether enough of it is here, and where it comes from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

STOCK = "stock"
ROUTES = {
    STOCK: "our stock",
    "specialty_pharmacy": "the specialty pharmacy",
    "assistance": "the assistance program",
}
STATES = ("needed", "ordered", "received", "allocated", "in_stock")
IN_HAND = frozenset({"received", "allocated", "in_stock"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyFact:
    """What is known of the drug for a dose, or of the plan's as a whole.

    Args:
        route: stock, specialty_pharmacy or assistance.
        status: needed, ordered, received, allocated, in_stock.
        amount: What was allocated, else received, in the dose's unit.
        of_plan: Recorded for the plan as a whole, not for this dose.
    """

    route: str = STOCK
    status: str = "needed"
    amount: Decimal | None = None
    expected_on: date | None = None
    of_plan: bool = False


def supply_sentence(fact: SupplyFact, amount: Decimal | None, unit: str) -> str:
    """Return what is wrong with the drug for a dose; nothing when enough is here.

    What a pharmacy sends for this patient is recorded dose by dose: one delivery is not all of them.

    Args:
        fact: What is recorded.
        amount: What the dose takes; None when it is not known yet.
        unit: Its unit.
    """
    if fact.of_plan and fact.route != STOCK:
        return f"Drug from {ROUTES[fact.route]}: none received for this dose yet"
    if fact.status not in IN_HAND:
        day = fact.expected_on
        expected = f", expected {day:%B} {day.day}" if day else ""
        return f"The drug is not here yet{expected}"
    if fact.amount is not None and amount is not None and fact.amount < amount:
        return f"{fact.amount.normalize():f} {unit} are here for a dose of {amount.normalize():f} {unit}"
    return ""
