"""A plan that ends leaves the visits it shared: they are as long as what remains, and the patient is told."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.errors import NoCapacityError
from scheduler.domain.ids import AppointmentId, DoseId
from scheduler.domain.messages import Lead
from scheduler.domain.plan_life import PlanChangeKind
from scheduler.domain.told import read
from scheduler.persistence import plans
from scheduler.persistence.database import Database
from scheduler.persistence.models import Appointment, AppointmentItem, Center, Change, Message
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.check import CHECKS, differences
from scheduler.services.closures import AddClosure, add_closure
from scheduler.services.contacts import AddContact, ContactFacts, add_contact
from scheduler.services.message_facts import dose_of, sections_for, told_facts
from scheduler.services.plan_changes import PlanChange, change_plan, plan_change_preview
from scheduler.services.plan_undo import KIND
from scheduler.services.telling import note_told
from scheduler.services.undo import undo
from tests.factories.center import CenterMade, PlanMade, book, make_treatment, make_world, visits_of
from tests.factories.people import NOW, make_actor
from tests.factories.told import LATER

MONDAY = date(2026, 3, 23)
EVERYBODY = make_actor()


@dataclass(frozen=True, kw_only=True)
class Shared:
    """A visit that two plans share; the patient was told of it by mail."""

    uow: UnitOfWork
    first: PlanMade
    second: PlanMade
    visit: AppointmentId

    def stop(self, plan: PlanMade, kind: PlanChangeKind = PlanChangeKind.STOP) -> PlanChange:
        review = date(2026, 4, 30) if kind is PlanChangeKind.HOLD else None
        return PlanChange(plan_id=plan.id, kind=kind, reason="Other drug", review_on=review)

    def minutes(self) -> int:
        row = next(row for row in visits_of(self.uow) if row.id == self.visit)
        return int((row.ends_at - row.starts_at).total_seconds() // 60)

    def mails(self) -> list[tuple[str, str]]:
        with self.uow:
            rows = self.uow.session.scalars(
                select(Message).order_by(Message.created_at, Message.id)
            )
            return [(row.kind, row.status) for row in rows]


@pytest.fixture
def shared(database: Database, uow: UnitOfWork) -> Shared:
    return make_shared(uow, make_world(database, uow))


def make_shared(uow: UnitOfWork, center: CenterMade) -> Shared:
    first = make_treatment(uow, center.id)
    second = make_treatment(
        uow, center.id, patient_id=first.patient_id, regimen="ocrelizumab-iv", second_plan=True
    )
    told = AddContact(patient_id=first.patient_id, contact=ContactFacts(email="ann@example.org"))
    add_contact(uow, told, now=NOW, actor=EVERYBODY)
    visit = book(uow, first.dose(), MONDAY, "09:00", together=(second.dose(),))
    return Shared(uow=uow, first=first, second=second, visit=visit)


def put_back(shared: Shared) -> None:
    """Undo what was done to the plan."""
    with shared.uow as uow:
        change_id = uow.session.scalars(select(Change.id).where(Change.kind == KIND)).one()
    undo(shared.uow, change_id, now=LATER + timedelta(seconds=20), actor=EVERYBODY)


def told(shared: Shared) -> None:
    """Let the mails that are owed have been sent."""
    with shared.uow as uow:
        for row in uow.session.scalars(select(Message)):
            row.status, row.outcome = "sent", "sent"
            note_told(uow, row, now=NOW)
        uow.commit()


def wrong(shared: Shared) -> list[str]:
    """Return what a check of everything that is derived finds."""
    return [each.what for check in CHECKS.values() for each in differences(shared.uow, check)]


def alone(shared: Shared, plan: PlanMade) -> int:
    """Return how long a dose takes by itself."""
    with shared.uow as uow:
        return plans.dose(uow, plan.dose()).patient_minutes


@pytest.mark.parametrize("kind", [PlanChangeKind.STOP, PlanChangeKind.HOLD])
def test_a_visit_of_which_a_plan_ends_is_as_long_as_the_other_dose(
    shared: Shared, kind: PlanChangeKind
) -> None:
    before, left = shared.minutes(), alone(shared, shared.first)
    assert left < before

    shown = plan_change_preview(shared.uow, shared.stop(shared.second, kind), now=NOW)
    change_plan(shared.uow, shared.stop(shared.second, kind), now=NOW, actor=EVERYBODY)

    (line,) = shown.visits
    assert (line.whole, line.minutes, line.left) == (False, before, left)
    assert shared.minutes() == left
    assert wrong(shared) == []


def test_a_patient_who_knows_of_the_visit_is_told_its_new_end_and_nobody_else_twice(
    shared: Shared,
) -> None:
    assert shared.mails() == [("confirmation", "owed")]
    told(shared)

    change_plan(shared.uow, shared.stop(shared.second), now=LATER, actor=EVERYBODY)

    assert shared.mails() == [("confirmation", "sent"), ("moved", "owed")]


def test_a_visit_keeps_its_time_on_a_day_that_takes_no_other(shared: Shared) -> None:
    before = shared.minutes()
    with shared.uow as uow:
        center = uow.session.get_one(Appointment, shared.visit).center_id
    closure = AddClosure(center_id=center, first_day=MONDAY, last_day=MONDAY, reason="Storm")
    add_closure(shared.uow, closure, now=NOW, actor=EVERYBODY)

    change_plan(shared.uow, shared.stop(shared.second), now=NOW, actor=EVERYBODY)

    assert shared.minutes() == before
    assert differences(shared.uow, CHECKS["Days"]) == ()


@pytest.mark.parametrize("kind", [PlanChangeKind.STOP, PlanChangeKind.HOLD])
def test_a_plan_that_is_put_back_has_its_part_of_the_visit_again(
    shared: Shared, kind: PlanChangeKind
) -> None:
    before = shared.minutes()
    told(shared)
    change_plan(shared.uow, shared.stop(shared.second, kind), now=LATER, actor=EVERYBODY)

    put_back(shared)

    assert shared.minutes() == before
    assert booked_doses(shared) == {shared.first.dose(), shared.second.dose()}
    assert shared.mails() == [("confirmation", "sent"), ("moved", "void")]
    assert wrong(shared) == []


def test_a_plan_is_not_put_back_when_the_time_it_gave_up_is_taken(
    database: Database, uow: UnitOfWork
) -> None:
    center = make_world(database, uow, chairs=1)
    shared = make_shared(uow, center)
    before = shared.minutes()
    change_plan(uow, shared.stop(shared.second), now=LATER, actor=EVERYBODY)
    left = shared.minutes()
    other = make_treatment(uow, center.id)
    book(uow, other.dose(), MONDAY, f"{9 + (left + 59) // 60}:00", now=LATER)

    with pytest.raises(NoCapacityError, match="Mar 23, 9:00"):
        put_back(shared)

    assert left < before
    assert shared.minutes() == left
    assert booked_doses(shared) == {shared.first.dose(), other.dose()}
    assert wrong(shared) == []


def booked_doses(shared: Shared) -> set[DoseId]:
    """Return the doses that are on a live visit."""
    items = select(AppointmentItem).where(
        AppointmentItem.live, AppointmentItem.dropped_at.is_(None)
    )
    with shared.uow as uow:
        return {item.dose_id for item in uow.session.scalars(items) if item.dose_id}


def test_a_visit_of_two_drugs_is_told_and_prepared_for_by_both(shared: Shared) -> None:
    with shared.uow as uow:
        visit = uow.session.get_one(Appointment, shared.visit)
        dose = dose_of(uow, visit)
        assert dose is not None
        doses = [each.dose_id for each in dose.together]
        both = told_facts(visit, uow.session.get_one(Center, visit.center_id), dose)
        (mail,) = uow.session.scalars(select(Message))
        assert read(mail.facts) == both

    assert doses == [shared.first.dose(), shared.second.dose()]
    documents = {section.document for section in sections_for(dose, Lead.THREE_DAYS, "en")}
    assert "ocrelizumab" in documents
