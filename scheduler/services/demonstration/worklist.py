"""The staff of the demonstration work their list: calls made, plans decided; a little is always left."""

from datetime import date, timedelta

from scheduler.domain.errors import DomainError
from scheduler.domain.people import CallOutcome, TaskKind
from scheduler.persistence import plans, tasks
from scheduler.persistence.models import Task
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.deciding import apply_recalculation
from scheduler.services.demonstration.simulation import Simulation, at
from scheduler.services.tasks import LogCall, log_call

REACHED = 0.7
DECIDED = 0.5
LEFT_WORD = 0.6
CALLED = (TaskKind.PHONE, TaskKind.CALL_BACK)


def work_list(uow: UnitOfWork, sim: Simulation, day: date) -> None:
    """Phone whom no mail reaches, and decide what waits for an answer."""
    for number, (task, *_) in enumerate(tasks.open_tasks(uow, sim.center_id)):
        if task.kind in CALLED:
            _phone(uow, sim, task, day, minute=number % 60)
        elif task.kind is TaskKind.REBOOK and (task.next_try_on or task.due_on) <= day:
            _try(uow, sim, task, day, minute=number % 60)
        elif task.kind is TaskKind.REVIEW and task.plan_id and sim.dice.random() < DECIDED:
            _decide(uow, sim, task, day, minute=number % 60)


def _phone(uow: UnitOfWork, sim: Simulation, task: Task, day: date, *, minute: int) -> None:
    reached = sim.dice.random() < REACHED
    call = LogCall(
        task_id=task.id,
        outcome=CallOutcome.REACHED if reached else CallOutcome.NO_ANSWER,
        spoke_with="the patient" if reached else "",
        next_try_on=None if reached else day + timedelta(days=1),
    )
    log_call(uow, call, today=day, now=at(day, 14, minute), actor=sim.cast.desk)


def _try(uow: UnitOfWork, sim: Simulation, task: Task, day: date, *, minute: int) -> None:
    """Call somebody who lost a visit and cannot be reached so far."""
    left = sim.dice.random() < LEFT_WORD
    call = LogCall(
        task_id=task.id,
        outcome=CallOutcome.LEFT_WORD if left else CallOutcome.NO_ANSWER,
        note="Asked to call back for a new day." if left else "",
        next_try_on=day + timedelta(days=sim.dice.randint(2, 9)),
    )
    log_call(uow, call, today=day, now=at(day, 13, minute), actor=sim.cast.desk)


def _decide(uow: UnitOfWork, sim: Simulation, task: Task, day: date, *, minute: int) -> None:
    for row in plans.open_recalculations(uow, [task.plan_id] if task.plan_id else []):
        try:
            apply_recalculation(uow, row.id, now=at(day, 15, minute), actor=sim.cast.pharmacist)
        except DomainError:
            return  # newer facts have overtaken it
