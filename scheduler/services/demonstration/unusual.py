"""What a real center also has: a caregiver, an address that bounced, plans on hold, a death, authorizations that end."""

from collections.abc import Sequence
from datetime import timedelta

from scheduler.domain.people import AddressStatus, TaskKind
from scheduler.domain.plan_life import PlanChangeKind
from scheduler.domain.plans import AuthorizationStatus, DoseState
from scheduler.domain.roles import WORKER
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence import requirements as records
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorizations import RecordAuthorization, record_authorization
from scheduler.services.contacts import AddContact, add_contact, mark_address
from scheduler.services.deceased import MarkDeceased, mark_deceased
from scheduler.services.demonstration.patients import CAREGIVER
from scheduler.services.demonstration.simulation import Enrolled, Simulation, at
from scheduler.services.plan_changes import PlanChange, change_plan
from scheduler.services.tasks import NewTask, raise_task


def make_unusual(uow: UnitOfWork, sim: Simulation) -> None:
    """Make a few of the patients unusual, early on the opening day."""
    chosen = sorted(sim.enrolled.values(), key=lambda each: str(each.plan_id))
    several = sim.dice.sample(chosen, min(8, len(chosen)))
    steps = (_caregiver, _bounced, _deceased, _on_hold, _on_hold)
    for step, patient in zip(steps, several, strict=False):
        step(uow, sim, patient)
    _ending_authorizations(uow, sim, [each for each in chosen if each not in several])


def _caregiver(uow: UnitOfWork, sim: Simulation, one: Enrolled) -> None:
    request = AddContact(patient_id=one.patient_id, contact=CAREGIVER, how="in person")
    add_contact(uow, request, now=at(sim.opening.day, 8, 10), actor=sim.cast.desk)


def _bounced(uow: UnitOfWork, sim: Simulation, one: Enrolled) -> None:
    now = at(sim.opening.day, 8, 20)
    for contact in patients.contacts_of(uow, one.patient_id)[:1]:
        mark_address(uow, contact.id, AddressStatus.DEAD, now=now, actor=WORKER)
        task = NewTask(
            center_id=sim.center_id,
            patient_id=one.patient_id,
            kind=TaskKind.UNDELIVERABLE,
            subject_id=contact.id,
            due_on=sim.opening.day,
            detail="A mail came back. Ask for the right address.",
            contact_id=contact.id,
        )
        raise_task(uow, task, now=now)


def _deceased(uow: UnitOfWork, sim: Simulation, one: Enrolled) -> None:
    day = sim.opening.day
    request = MarkDeceased(
        patient_id=one.patient_id, deceased_on=day - timedelta(days=3), told_by="The family called."
    )
    mark_deceased(uow, request, now=at(day, 8, 30), actor=sim.cast.charge)


def _on_hold(uow: UnitOfWork, sim: Simulation, one: Enrolled) -> None:
    day = sim.opening.day
    change = PlanChange(
        plan_id=one.plan_id,
        kind=PlanChangeKind.HOLD,
        reason="Infection; on antibiotics.",
        review_on=day + timedelta(days=10),
    )
    change_plan(uow, change, now=at(day, 8, 40), actor=sim.cast.charge)


def _ending_authorizations(uow: UnitOfWork, sim: Simulation, some: Sequence[Enrolled]) -> None:
    """Let two authorizations end before a dose of the coming weeks, which the worker then asks to renew."""
    soon, late = sim.opening.day + timedelta(days=10), sim.opening.day + timedelta(days=28)
    approved = {
        row.plan_id: row
        for row in records.authorizations_of(uow, [each.plan_id for each in some])
        if row.status is AuthorizationStatus.APPROVED
    }
    doses = stored.doses_of(uow, *approved)
    planned = [dose for dose in doses if dose.state is DoseState.PLANNED]
    following = {dose.plan_id: dose.planned_on for dose in reversed(planned)}
    coming = [key for key, day in following.items() if day and soon <= day <= late]
    for plan_id in sorted(coming)[:2]:
        row = approved[plan_id]
        request = RecordAuthorization(
            plan_id=plan_id,
            status=row.status,
            number=row.number,
            from_day=row.from_day,
            until_day=sim.opening.day + timedelta(days=5),
            authorization_id=row.id,
        )
        record_authorization(
            uow, request, now=at(sim.opening.day, 8, 50), actor=sim.cast.pharmacist
        )
