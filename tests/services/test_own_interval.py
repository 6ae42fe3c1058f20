"""An order's own interval is kept and counted in the unit in which it was written."""

from decimal import Decimal
from typing import Any

import pytest

from scheduler.domain.dates import Interval, due
from scheduler.domain.errors import InvalidError
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.services.orders import enter_order, preview_order
from scheduler.services.plan_facts import Overrides, read_overrides
from tests.factories.people import NOW, make_actor, order_for
from tests.services.test_orders import prepared


@pytest.mark.parametrize(
    "own", [Interval(days=42, weeks_written=True), Interval(months=1), Interval(days=42)]
)
def test_an_orders_own_interval_stays_weeks_or_months_as_the_prescriber_wrote_it(
    database: Database, own: Interval
) -> None:
    uow, patient_id, center_id = prepared(database)
    wanted = {"regimen": "infliximab-iv", "product": "Remicade"}
    order = order_for(uow, patient_id, center_id, **wanted, overrides=Overrides(interval=own))
    shown = preview_order(uow, order, now=NOW)
    plan_id = enter_order(uow, order, now=NOW, actor=make_actor())

    third = shown.doses[2].due_on
    assert [str(dose.due_on) for dose in shown.doses[3:6]] == [
        str(due(third, own, n)) for n in (1, 2, 3)
    ]
    with uow:
        row = stored.order(uow, stored.plan(uow, plan_id).order_id)
        kept = read_overrides(row.overrides).interval
    assert kept == own


def test_an_order_from_before_weeks_could_be_written_keeps_its_days() -> None:
    assert read_overrides('{"interval_days": 42}').interval == Interval(days=42)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"overrides": Overrides(interval=Interval(days=70))}, "interval"),
        ({"amount": Decimal(12)}, "amount"),
    ],
)
def test_what_an_order_names_outside_the_regimens_range_is_refused_with_the_range(
    database: Database, changed: dict[str, Any], field: str
) -> None:
    uow, patient_id, center_id = prepared(database)
    wanted = {"regimen": "infliximab-iv", "product": "Remicade", **changed}

    with pytest.raises(InvalidError, match="every 4 to 8 weeks and 3 to 10 mg/kg") as refused:
        preview_order(uow, order_for(uow, patient_id, center_id, **wanted), now=NOW)

    assert refused.value.field == field
