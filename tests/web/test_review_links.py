"""Each review on the worklist leads to the page on which it is settled."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from scheduler.domain.ids import DoseId, OrganizationId, PatientId, PlanId
from scheduler.domain.people import TaskKind
from scheduler.persistence.database import Database
from scheduler.services.check import organizations_here
from scheduler.services.patient_page import page_of_plan
from scheduler.services.renewals import LEAD as RENEWAL
from scheduler.services.tasks import NewTask, raise_task
from tests.web.desk_person import Desk


@pytest.mark.parametrize(
    ("lead", "words"),
    [
        pytest.param(RENEWAL, "/plans/{plan}/requirements", id="an enrolment to renew"),
        pytest.param("recalculation", "/plans/{plan}/recalculation", id="new dates"),
        pytest.param("", "/doses/{dose}", id="a dose"),
        pytest.param("left out 1", "/day?day=2026-04-06&visit={visit}", id="a visit"),
    ],
)
def test_a_review_leads_to_where_it_is_settled(
    desk: Desk, database: Database, lead: str, words: str
) -> None:
    patient, plan = desk.plan()
    desk.post(f"/plans/{plan}/book", mode="all", until="2026-04-30")
    ((organization_id, _),) = organizations_here(database.system())
    uow = database.write(OrganizationId(organization_id))
    with uow:
        read = page_of_plan(uow, PlanId(UUID(plan)))[1]
    first = read.doses[0]
    assert first.booked is not None
    about_dose = lead in ("", "left out 1")
    task = NewTask(
        center_id=read.center_id,
        patient_id=PatientId(UUID(patient)),
        kind=TaskKind.REVIEW,
        subject_id=uuid4(),
        due_on=date(2026, 4, 6),
        detail="Somebody is asked.",
        lead=lead,
        plan_id=PlanId(UUID(plan)),
        dose_id=DoseId(first.id) if about_dose else None,
        appointment_id=first.booked.appointment_id if lead == "left out 1" else None,
    )
    raise_task(uow, task, now=desk.clock())

    text = desk.get("/worklist?queue=review")

    seen = words.format(plan=plan, dose=first.id, visit=first.booked.appointment_id)
    assert f'href="{seen}"' in text
