"""Each review on the worklist leads to the page on which it is settled."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from scheduler.domain.ids import DoseId, OrganizationId, PatientId, PlanId
from scheduler.domain.people import TaskKind
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorization_renewals import LEAD as AUTHORIZATION
from scheduler.services.check import organizations_here
from scheduler.services.page_lines import DoseLine, PlanLine
from scheduler.services.patient_page import page_of_plan
from scheduler.services.renewals import LEAD as RENEWAL
from scheduler.services.tasks import NewTask, raise_task
from tests.web.desk_person import Desk

FIRST = "left out 1"
ABOUT_A_DOSE = ("", FIRST)


def about(patient: str, plan: PlanLine, dose: DoseLine, lead: str) -> NewTask:
    """Return a review as the worker raises it."""
    visit = dose.booked.appointment_id if dose.booked and lead == FIRST else None
    return NewTask(
        center_id=plan.center_id,
        patient_id=PatientId(UUID(patient)),
        kind=TaskKind.REVIEW,
        subject_id=uuid4(),
        due_on=date(2026, 4, 6),
        detail="Somebody is asked.",
        lead=lead,
        plan_id=plan.id,
        dose_id=DoseId(dose.id) if lead in ABOUT_A_DOSE else None,
        appointment_id=visit,
    )


def booked_plan(desk: Desk, database: Database) -> tuple[UnitOfWork, str, PlanLine]:
    """Book a patient's doses of the coming weeks; return the patient and the plan as its page shows it."""
    patient, plan_id = desk.plan()
    desk.post(f"/plans/{plan_id}/book", mode="all", until="2026-04-30")
    ((organization_id, _),) = organizations_here(database.system())
    uow = database.write(OrganizationId(organization_id))
    return uow, patient, page_of_plan(uow, PlanId(UUID(plan_id)))[1]


@pytest.mark.parametrize(
    ("lead", "address"),
    [
        pytest.param(RENEWAL, "/plans/{plan}/requirements", id="an enrolment to renew"),
        pytest.param(
            AUTHORIZATION, "/plans/{plan}/requirements", id="a prior authorization to renew"
        ),
        pytest.param("order", "/patients/{patient}#plan-{plan.hex}", id="an order that ends"),
        pytest.param("recalculation", "/plans/{plan}/recalculation", id="new dates"),
        pytest.param("", "/doses/{dose}", id="a dose"),
        pytest.param(FIRST, "/day?day=2026-04-06&visit={visit}", id="a visit"),
    ],
)
def test_a_review_leads_to_where_it_is_settled(
    desk: Desk, database: Database, lead: str, address: str
) -> None:
    uow, patient, plan = booked_plan(desk, database)
    dose = plan.doses[0]
    raise_task(uow, about(patient, plan, dose, lead), now=desk.clock())

    text = desk.get("/worklist?queue=review")

    visit = dose.booked.appointment_id if dose.booked else None
    seen = address.format(patient=patient, plan=plan.id, dose=dose.id, visit=visit)
    assert f'href="{seen}"' in text


def test_a_dose_to_be_booked_anew_is_moved_while_its_visit_stands(
    desk: Desk, database: Database
) -> None:
    uow, patient, plan = booked_plan(desk, database)
    dose = plan.doses[0]
    assert dose.booked
    visit = dose.booked.appointment_id
    new = replace(about(patient, plan, dose, FIRST), kind=TaskKind.REBOOK)
    raise_task(uow, new, now=desk.clock())

    standing = desk.get("/worklist?queue=rebook")
    desk.send(f"/visits/{visit}/cancel", reason="patient")
    gone = desk.get("/worklist?queue=rebook")

    move, find = f'href="/visits/{visit}/move"', f'href="/doses/{dose.id}/times"'
    assert (move in standing, find in standing) == (True, False)
    assert (move in gone, find in gone) == (False, True)
