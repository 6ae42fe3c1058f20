"""An order, its series before it is saved, and the plan it becomes."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from scheduler.domain.dose_reasons import paragraph
from scheduler.domain.errors import InvalidError, NeedsConfirmationError, NotApprovedError
from scheduler.domain.ids import CenterId, PatientId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.plans import GivenSource, OrderKind
from scheduler.persistence import given as given_rows
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.measures import MeasureKind, RecordMeasure, record_measure
from scheduler.services.orders import EarlierDose, EnterOrder, enter_order, preview_order
from scheduler.services.plan_facts import Overrides
from scheduler.services.plans import resolve_plan
from tests.factories.people import (
    NOW,
    make_actor,
    make_hours,
    make_organization,
    make_patient,
    make_plain_center,
    make_regimens,
    order_for,
)


def prepared(
    database: Database, mode: OrganizationMode = OrganizationMode.DEMONSTRATION
) -> tuple[UnitOfWork, PatientId, CenterId]:
    """Return an organization's unit of work with a patient and a center that is open on weekdays."""
    make_regimens(database)
    uow = database.write(make_organization(database, mode=mode))
    center_id = make_plain_center(uow)
    make_hours(uow, center_id)
    return uow, make_patient(uow), center_id


def test_a_preview_saves_nothing(database: Database) -> None:
    uow, patient_id, center_id = prepared(database)

    preview = preview_order(uow, order_for(uow, patient_id, center_id), now=NOW)

    assert len(preview.doses) == 26
    first = preview.doses[0]
    assert (first.due_on, first.amount, first.minutes.infusion) == (
        date(2026, 3, 23),
        Decimal(300),
        60,
    )
    assert "first day" in paragraph(first.reasons)
    with uow:
        assert stored.plans_of(uow, patient_id) == []


def test_a_saved_order_is_a_plan_with_the_doses_that_were_shown(database: Database) -> None:
    uow, patient_id, center_id = prepared(database)
    request = order_for(uow, patient_id, center_id)
    shown = preview_order(uow, request, now=NOW)

    plan_id = enter_order(uow, request, now=NOW, actor=make_actor())

    with uow:
        rows = stored.doses_of(uow, plan_id)
        assert [(row.ordinal, row.due_on, row.planned_on) for row in rows] == [
            (dose.ordinal, dose.due_on, dose.planned_on) for dose in shown.doses
        ]
        again = resolve_plan(uow, stored.plan(uow, plan_id))
        assert [dose.planned for dose in again.doses] == [row.planned_on for row in rows]


def test_planned_days_lean_towards_the_wished_weekday(database: Database) -> None:
    uow, patient_id, center_id = prepared(database)
    request = order_for(uow, patient_id, center_id)

    preview = preview_order(
        uow, replace(request, wished_weekdays=frozenset({2}), wished_time=time(9)), now=NOW
    )

    planned = [dose.planned_on for dose in preview.doses]
    assert {day.weekday() for day in planned if day} == {2}
    assert [dose.due_on.weekday() for dose in preview.doses] == [0] * 26


def test_a_patient_on_treatment_gets_no_loading_doses_again(database: Database) -> None:
    uow, patient_id, center_id = prepared(database)
    earlier = (
        EarlierDose(day=date(2025, 9, 29), amount=Decimal(600), place="City Hospital"),
        EarlierDose(day=date(2025, 3, 31), amount=Decimal(600), place="City Hospital"),
    )
    request = order_for(
        uow,
        patient_id,
        center_id,
        regimen="ocrelizumab-iv",
        kind=OrderKind.CONTINUING,
        earlier=earlier,
    )

    plan_id = enter_order(uow, request, now=NOW, actor=make_actor())

    with uow:
        rows = stored.doses_of(uow, plan_id)
        facts = given_rows.given_to(uow, patient_id, "ocrelizumab")
        assert {row.phase for row in rows} == {"maintenance"}
        assert rows[0].due_on == date(2026, 3, 29)
        assert rows[0].not_before == date(2026, 3, 1)
        assert {row.source for row in facts} == {GivenSource.ELSEWHERE}


def test_a_patient_on_treatment_is_not_planned_before_the_first_day_here(
    database: Database,
) -> None:
    uow, patient_id, center_id = prepared(database)
    request = order_for(
        uow,
        patient_id,
        center_id,
        regimen="ocrelizumab-iv",
        kind=OrderKind.CONTINUING,
        earlier=(EarlierDose(day=date(2025, 9, 9), amount=Decimal(600)),),
    )

    plain = preview_order(uow, request, now=NOW).doses
    later = preview_order(uow, replace(request, first_day=date(2026, 4, 11)), now=NOW).doses

    assert (plain[0].due_on, plain[0].planned_on) == (date(2026, 3, 9), date(2026, 3, 23))
    assert plain[0].earliest == date(2026, 3, 23)
    assert (later[0].due_on, later[0].planned_on) == (date(2026, 3, 9), date(2026, 4, 13))
    assert later[0].latest == date(2026, 4, 13)
    assert "not here before Sat, Apr 11, 2026" in paragraph(later[0].reasons)
    assert later[1].due_on == plain[1].due_on == date(2026, 9, 9)


def on_immune_globulin(
    uow: UnitOfWork, patient_id: PatientId, center_id: CenterId, first_day: date, days: int
) -> EnterOrder:
    """Return the order of a patient who is on treatment: last given on March 2, next due on March 23."""
    order = order_for(
        uow,
        patient_id,
        center_id,
        regimen="ivig-cidp",
        kind=OrderKind.CONTINUING,
        earlier=(EarlierDose(day=date(2026, 3, 2), amount=Decimal(70)),),
        first_day=first_day,
    )
    return replace(order, product="Privigen", overrides=Overrides(run_days=days))


@pytest.mark.parametrize("days", [1, 2])
def test_a_course_of_a_patient_on_treatment_is_not_planned_before_the_first_day_here(
    database: Database, days: int
) -> None:
    uow, patient_id, center_id = prepared(database)
    request = on_immune_globulin(uow, patient_id, center_id, date(2026, 4, 2), days)

    shown = preview_order(uow, request, now=NOW).doses

    assert [dose.due_on for dose in shown[:days]] == [date(2026, 3, 23), date(2026, 3, 24)][:days]
    assert [dose.planned_on for dose in shown[:days]] == [date(2026, 4, 2), date(2026, 4, 3)][:days]
    assert all(dose.earliest >= date(2026, 4, 2) for dose in shown)
    assert "not here before Thu, Apr 2, 2026" in paragraph(shown[0].reasons)
    assert shown[days].due_on == date(2026, 4, 13)


def test_a_course_that_has_to_begin_later_leaves_closed_days_out_as_its_phase_allows(
    database: Database,
) -> None:
    uow, patient_id, center_id = prepared(database)
    request = on_immune_globulin(uow, patient_id, center_id, date(2026, 4, 3), 2)

    shown = preview_order(uow, request, now=NOW).doses

    assert [dose.planned_on for dose in shown[:2]] == [date(2026, 4, 3), date(2026, 4, 6)]
    assert shown[1].latest >= date(2026, 4, 6)


def test_a_wished_weekday_is_named_among_the_reasons(database: Database) -> None:
    uow, patient_id, center_id = prepared(database)
    request = replace(
        order_for(uow, patient_id, center_id), wished_weekdays=frozenset({2}), wished_time=time(9)
    )

    doses = preview_order(uow, request, now=NOW).doses

    assert "planned on Wed, Apr 22, 2026, a wished weekday" in paragraph(doses[1].reasons)


def test_an_amount_by_weight_follows_the_last_weight(database: Database) -> None:
    uow, patient_id, center_id = prepared(database)
    request = order_for(uow, patient_id, center_id, regimen="infliximab-iv")
    request = replace(request, indication="", product=request.product or "Remicade")
    without = preview_order(uow, request, now=NOW).doses[0].amount
    weight = RecordMeasure(
        patient_id=patient_id,
        kind=MeasureKind.WEIGHT,
        value=Decimal(80),
        measured_on=NOW.date(),
    )
    record_measure(uow, weight, now=NOW, actor=make_actor())

    assert without is None
    assert preview_order(uow, request, now=NOW).doses[0].amount == Decimal(400)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"prescriber": " "}, "prescriber"),
        ({"signed_on": date(2026, 3, 20)}, "signed_on"),
        ({"valid_until": date(2026, 3, 1)}, "valid_until"),
        ({"valid_until": date(2026, 3, 16)}, "valid_until"),
        ({"first_day": date(2026, 3, 16)}, "first_day"),
        ({"first_day": date(2028, 3, 16)}, "first_day"),
        ({"product": "Aspirin"}, "product"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"earlier": (EarlierDose(day=date(2026, 4, 1)),)}, "earlier"),
    ],
)
def test_a_wrong_field_is_named(database: Database, changed: dict[str, object], field: str) -> None:
    uow, patient_id, center_id = prepared(database)
    request = replace(order_for(uow, patient_id, center_id), **changed)  # type: ignore[arg-type]

    with pytest.raises(InvalidError) as refusal:
        enter_order(uow, request, now=NOW, actor=make_actor())

    assert refusal.value.field == field


def test_a_second_plan_with_the_same_drug_is_confirmed(database: Database) -> None:
    uow, patient_id, center_id = prepared(database)
    request = order_for(uow, patient_id, center_id)
    enter_order(uow, request, now=NOW, actor=make_actor())

    assert preview_order(uow, request, now=NOW).warnings
    with pytest.raises(NeedsConfirmationError, match="running already"):
        enter_order(uow, request, now=NOW, actor=make_actor())
    enter_order(uow, replace(request, second_plan=True), now=NOW, actor=make_actor())


def test_a_draft_takes_no_order_in_a_live_organization(database: Database) -> None:
    uow, patient_id, center_id = prepared(database, OrganizationMode.LIVE)

    with pytest.raises(NotApprovedError) as refusal:
        preview_order(uow, order_for(uow, patient_id, center_id), now=NOW)

    assert refusal.value.field == "regimen"


def test_no_dose_is_planned_on_a_closed_day(database: Database) -> None:
    uow, patient_id, center_id = prepared(database)

    preview = preview_order(
        uow,
        order_for(uow, patient_id, center_id, first_day=NOW.date() + timedelta(days=4)),
        now=NOW,
    )

    assert all(dose.planned_on and dose.planned_on.weekday() < 5 for dose in preview.doses)


def test_a_new_weight_changes_the_amounts_of_doses_to_come(database: Database) -> None:
    uow, patient_id, center_id = prepared(database)
    request = order_for(uow, patient_id, center_id, regimen="infliximab-iv", product="Remicade")
    plan_id = enter_order(uow, request, now=NOW, actor=make_actor())

    weight = RecordMeasure(
        patient_id=patient_id, kind=MeasureKind.WEIGHT, value=Decimal(60), measured_on=NOW.date()
    )
    record_measure(uow, weight, now=NOW, actor=make_actor())

    with uow:
        assert {row.amount for row in stored.doses_of(uow, plan_id)} == {Decimal(300)}
