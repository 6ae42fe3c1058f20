"""What a version of a regimen would change for the patients under another one, accepted patient by patient or together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scheduler.domain.counting import counted
from scheduler.domain.errors import InvalidError, NotFoundError, UndoExpiredError
from scheduler.domain.ids import PatientId, PlanId, RegimenVersionId
from scheduler.domain.plans import DoseState
from scheduler.domain.regimen import Regimen
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import formulary as versions
from scheduler.persistence import patients
from scheduler.persistence import plans as stored
from scheduler.persistence import requirements as records
from scheduler.persistence.locked_plans import LockedPlan, lock_plans
from scheduler.persistence.models import PlannedDose, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.changes import Kept, id_of, note_change
from scheduler.services.plans import course_of, series_of
from scheduler.services.recalculating import RecalculationLine, changed_lines, follow
from scheduler.services.regimens import regimen_of, require_orderable
from scheduler.services.requirements import add_requirement
from scheduler.services.undoing import CHANGED_SINCE, Doing


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountLine:
    """A dose to come whose amount or chair time would be another one; minutes from arrival to leaving."""

    ordinal: int
    old: Decimal | None
    new: Decimal | None
    unit: str
    old_minutes: int
    new_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanUnderOther:
    """A patient's plan under another version, and what accepting the new one would change.

    Args:
        from_version: The version it is under, in words.
        dates: Doses whose dates would change.
        amounts: Doses whose amount or chair time would change.
        asks: How many visits would no longer fit.
    """

    plan_id: PlanId
    patient_id: PatientId
    patient: str
    from_version: str
    dates: tuple[RecalculationLine, ...]
    amounts: tuple[AmountLine, ...]

    @property
    def asks(self) -> int:
        """How many booked visits would no longer fit."""
        return sum(line.asks for line in self.dates)


def plans_under_others(uow: UnitOfWork, version_id: RegimenVersionId) -> tuple[PlanUnderOther, ...]:
    """Return the running plans under other versions of a regimen, with what this one would change; saves nothing.

    A local regimen also asks for those under the version that it was copied from.

    Raises:
        NotFoundError: there is no such version here.
    """
    with uow:
        rule = regimen_of(uow, version_id)
        found = [_under(uow, plan, rule) for plan in _others(uow, version_id)]
        return tuple(sorted(found, key=lambda one: one.patient))


def note_look(
    uow: UnitOfWork, version_id: RegimenVersionId, count: int, *, now: Instant, actor: Actor
) -> None:
    """Note in the audit that somebody looked at the patients under other versions; a short write of its own."""
    with uow:
        after = counted(count, "plan")
        uow.audit(actor, "viewed", "regimen patients", version_id, at=now, after=after)
        uow.commit()


def _others(uow: UnitOfWork, version_id: RegimenVersionId) -> list[TreatmentPlan]:
    row = versions.version(uow, version_id)
    same = [one.id for one in versions.versions(uow) if one.regimen == row.regimen]
    earlier = [one for one in (*same, row.copied_from) if one and one != version_id]
    return versions.running_under(uow, earlier)


def _under(uow: UnitOfWork, plan: TreatmentPlan, rule: Regimen) -> PlanUnderOther:
    old = regimen_of(uow, plan.regimen_version_id)
    rows = stored.doses_of(uow, plan.id)
    series = series_of(uow, replace(course_of(uow, plan, rows), regimen=rule))
    by_ordinal = {row.ordinal: row for row in rows}
    booked = stored.booked_doses(uow, [plan.id])
    return PlanUnderOther(
        plan_id=plan.id,
        patient_id=plan.patient_id,
        patient=patients.patient(uow, plan.patient_id).name,
        from_version=f"{old.title}, version {old.version}",
        dates=tuple(changed_lines(uow, plan, by_ordinal, series, booked)),
        amounts=tuple(
            AmountLine(
                ordinal=row.ordinal,
                old=row.amount,
                new=dose.amount,
                unit=dose.unit,
                old_minutes=row.patient_minutes,
                new_minutes=dose.minutes.patient_minutes,
            )
            for row in _to_come(rows)
            if (dose := series.dose(row.ordinal))
            and (dose.amount, dose.minutes.patient_minutes) != (row.amount, row.patient_minutes)
        ),
    )


def _to_come(rows: Iterable[PlannedDose]) -> list[PlannedDose]:
    return [row for row in rows if row.state is DoseState.PLANNED]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptVersion:
    """Plans that go on under another version of their regimen."""

    version_id: RegimenVersionId
    plan_ids: tuple[PlanId, ...]


def accept_version(uow: UnitOfWork, request: AcceptVersion, *, now: Instant, actor: Actor) -> int:
    """Let plans go on under a version: unbooked doses follow at once, visits that no longer fit ask a person.

    Returns:
        How many plans have visits to decide about.

    Raises:
        NotApprovedError: the version takes no orders, so no plan goes on under it.
        InvalidError: no plan was chosen.
        NotFoundError: one of them is not under another version of this regimen.
    """
    actor.require(Permission.APPROVE_REGIMEN)
    if not request.plan_ids:
        raise InvalidError("Choose at least one patient.", field="plan")
    with uow:
        rule = require_orderable(uow, request.version_id)
        plans = lock_plans(uow, request.plan_ids)
        known = {plan.id for plan in _others(uow, request.version_id)}
        if set(request.plan_ids) - known:
            raise NotFoundError("plan")
        before: list[Kept] = []
        asking = 0
        for plan in plans:
            before.append({"plan": plan.id.hex, "old": plan.regimen_version_id.hex})
            asking += _go_on(uow, plan, request.version_id, now=now, actor=actor)
        for one in before:
            one["new"] = request.version_id.hex
        words = f"{counted(len(before), 'plan')} under version {rule.version}."
        note_change(uow, "version", words, before, now=now, actor=actor)
        uow.commit()
        return asking


def _go_on(
    uow: UnitOfWork,
    plan: LockedPlan,
    version_id: RegimenVersionId,
    *,
    now: Instant,
    actor: Actor,
) -> bool:
    old, new = regimen_of(uow, plan.regimen_version_id), regimen_of(uow, version_id)
    if old.ingredient != new.ingredient:
        raise InvalidError("A plan keeps its ingredient: enter a new order for another one.")
    plan.regimen_version_id = version_id
    known = {row.code for row in records.requirements_of(uow, [plan.id])}
    for rule in new.requirements:
        if rule.id not in known:
            add_requirement(uow, plan, rule, now=now)
    uow.session.flush()
    cause = f"version {new.version} of the regimen"
    followed = follow(uow, plan, cause=cause, now=now, actor=actor)
    uow.audit(
        actor,
        "accepted version",
        "treatment plan",
        plan.id,
        at=now,
        patient_id=plan.patient_id,
        before=f"{old.id} version {old.version}",
        after=f"{new.id} version {new.version}",
    )
    return followed.recalculation_id is not None


def back_to_old_version(uow: UnitOfWork, before: Sequence[Kept], doing: Doing) -> None:
    """Put plans back under the version they were under before.

    Raises:
        UndoExpiredError: somebody accepted another one since.
    """
    plans = {
        plan.id: plan for plan in lock_plans(uow, [PlanId(id_of(each["plan"])) for each in before])
    }
    for one in before:
        plan = plans[PlanId(id_of(one["plan"]))]
        if plan.regimen_version_id != id_of(one["new"]):
            raise UndoExpiredError(CHANGED_SINCE)
        plan.regimen_version_id = RegimenVersionId(id_of(one["old"]))
        uow.session.flush()
        follow(uow, plan, cause="taken back", now=doing.now, actor=doing.actor)
