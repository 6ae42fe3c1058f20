"""Renewals of REMS enrolments as tasks: patient, prescriber and site, each once, three weeks ahead."""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.authorizations import spoken_day
from scheduler.domain.counting import counted
from scheduler.domain.dates import due
from scheduler.domain.ids import CenterId
from scheduler.domain.people import TaskKind
from scheduler.domain.programs import Subject
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import formulary, tasks
from scheduler.persistence import requirements as records
from scheduler.persistence.models import Center, Order, RemsEnrolment, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.allotting import same_name
from scheduler.services.regimens import regimen_of
from scheduler.services.tasks import NewTask, raise_task

AHEAD = timedelta(days=21)
LEAD = "rems"

PlansOfOrders = list[tuple[TreatmentPlan, Order]]


def raise_renewals(uow: UnitOfWork, centers: dict[CenterId, Center], now: Instant) -> int:
    """Raise a task for each enrolment that ends within three weeks or has ended; the caller commits.

    Of a prescriber or a site it stands on the page of the first patient it concerns, and says how many there are.

    Returns:
        How many tasks are new.
    """
    rows = _last_ones(records.all_enrolments(uow))
    plans = records.running_with_orders(uow, _products(uow)) if rows and centers else []
    if not plans:
        return 0
    known = tasks.known(uow, TaskKind.REVIEW, [row.id for row in rows])
    count = 0
    for row in rows:
        mine = [(plan, order) for plan, order in plans if _concerns(uow, row, plan, order)]
        if not mine or (row.id, LEAD) in known:
            continue
        plan, _ = mine[0]
        ends = _ends(uow, row, plan)
        today = local_day(now, ZoneInfo(centers[plan.center_id].zone))
        if ends is None or ends > today + AHEAD:
            continue
        raise_task(uow, _task(row, plan, ends, len(mine)), now=now)
        count += 1
    return count


def _products(uow: UnitOfWork) -> set[str]:
    """Return the names of the products that have a program."""
    rules = [regimen_of(uow, row.id) for row in formulary.versions(uow)]
    return {product.name for rule in rules for product in rule.products if product.rems_program}


def _last_ones(rows: Iterable[RemsEnrolment]) -> list[RemsEnrolment]:
    """Return the last enrolment of each patient, prescriber and site in each program."""
    last = {
        (row.program, row.subject, row.patient_id, row.center_id, row.prescriber.casefold()): row
        for row in rows
    }
    return list(last.values())


def _concerns(uow: UnitOfWork, row: RemsEnrolment, plan: TreatmentPlan, order: Order) -> bool:
    product = regimen_of(uow, plan.regimen_version_id).product(order.product)
    if product is None or product.rems_program != row.program:
        return False
    if row.subject == Subject.PRESCRIBER:
        return same_name(row.prescriber, order.prescriber)
    if row.subject == Subject.SITE:
        return row.center_id == plan.center_id
    return row.patient_id == plan.patient_id


def _ends(uow: UnitOfWork, row: RemsEnrolment, plan: TreatmentPlan) -> date | None:
    ends = [row.valid_until] if row.valid_until else []
    if row.subject == Subject.PATIENT:
        rules = regimen_of(uow, plan.regimen_version_id).requirements
        spans = [rule.valid_for for rule in rules if "rems" in rule.id and rule.valid_for]
        ends += [due(row.enrolled_on, span, 1) for span in spans]
    return min(ends, default=None)


def _task(row: RemsEnrolment, plan: TreatmentPlan, ends: date, count: int) -> NewTask:
    whose = f"The {row.subject}'s enrolment in {row.program} ends on {spoken_day(ends)}: renew it."
    shared = f" It concerns {counted(count, 'patient')}." if row.subject != Subject.PATIENT else ""
    return NewTask(
        center_id=plan.center_id,
        patient_id=plan.patient_id,
        kind=TaskKind.REVIEW,
        subject_id=row.id,
        lead=LEAD,
        due_on=ends,
        detail=f"{whose}{shared}",
        plan_id=plan.id,
    )
