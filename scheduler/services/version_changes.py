"""What a version of a regimen would change for the patients under another one, accepted patient by patient or together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scheduler.domain.counting import counted
from scheduler.domain.errors import (
    InvalidError,
    NotApprovedError,
    NotFoundError,
    UndoExpiredError,
)
from scheduler.domain.ids import PatientId, PlanId, RegimenVersionId
from scheduler.domain.plans import ApprovalState, DoseState
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
from scheduler.services.plan_events import add_event
from scheduler.services.plans import course_of, series_of
from scheduler.services.recalculating import RecalculationLine, changed_lines, follow
from scheduler.services.regimens import regimen_of
from scheduler.services.requirements import add_requirement
from scheduler.services.undoing import CHANGED_SINCE, Doing

ACCEPTED, TAKEN_BACK = "version accepted", "version taken back"


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


def why_not_accepted(uow: UnitOfWork, version_id: RegimenVersionId) -> str:
    """Return why no plan goes on under a version, as the end of a sentence; empty when it is signed here."""
    word = versions.approvals(uow).get(version_id)
    if word is None or word.state is ApprovalState.DRAFT:
        return "not signed yet: a pharmacist of this organization signs it first."
    return "retired: it takes no plan." if word.state is ApprovalState.RETIRED else ""


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
        NotApprovedError: the version is not signed here, in a demonstration neither.
        InvalidError: no plan was chosen.
        NotFoundError: one of them is not under another version of this regimen.
    """
    actor.require(Permission.APPROVE_REGIMEN)
    if not request.plan_ids:
        raise InvalidError("Choose at least one patient.", field="plan")
    with uow:
        rule = regimen_of(uow, request.version_id)
        if why := why_not_accepted(uow, request.version_id):
            raise NotApprovedError(f"Version {rule.version} is {why}")
        plans = lock_plans(uow, request.plan_ids)
        known = {plan.id for plan in _others(uow, request.version_id)}
        if set(request.plan_ids) - known:
            raise NotFoundError("plan")
        before: list[Kept] = []
        asking = 0
        for plan in plans:
            one: Kept = {"plan": plan.id.hex, "old": plan.regimen_version_id.hex}
            one["note"] = _go_under(uow, plan, request.version_id, now=now, actor=actor).hex
            asking += _follow_new(uow, plan, now=now, actor=actor)
            before.append(one)
        for one in before:
            one["new"] = request.version_id.hex
        words = f"{counted(len(before), 'plan')} under version {rule.version}."
        note_change(uow, "version", words, before, now=now, actor=actor)
        uow.commit()
        return asking


def _go_under(
    uow: UnitOfWork,
    plan: LockedPlan,
    version_id: RegimenVersionId,
    *,
    now: Instant,
    actor: Actor,
) -> PlanId:
    """Put a plan under a version with what that requires; return the note in the plan's history."""
    old, new = regimen_of(uow, plan.regimen_version_id), regimen_of(uow, version_id)
    if old.ingredient != new.ingredient:
        raise InvalidError("A plan keeps its ingredient: enter a new order for another one.")
    plan.regimen_version_id = version_id
    known = {row.code for row in records.requirements_of(uow, [plan.id])}
    for rule in new.requirements:
        if rule.id not in known:
            add_requirement(uow, plan, rule, now=now)
    said = f"{new.title}, version {new.version}; before: {old.title}, version {old.version}"
    noted = add_event(uow, plan, ACCEPTED, reason=said, after=said, now=now, actor=actor)
    uow.session.flush()
    return noted


def _follow_new(uow: UnitOfWork, plan: LockedPlan, *, now: Instant, actor: Actor) -> bool:
    """Let the doses follow the plan's new version; say whether a person has to decide about visits."""
    version = regimen_of(uow, plan.regimen_version_id).version
    cause = f"version {version} of the regimen"
    return follow(uow, plan, cause=cause, now=now, actor=actor).recalculation_id is not None


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
        add_event(
            uow,
            plan,
            TAKEN_BACK,
            reason="",
            corrects=PlanId(id_of(one["note"])),
            now=doing.now,
            actor=doing.actor,
        )
        uow.session.flush()
        follow(uow, plan, cause="taken back", now=doing.now, actor=doing.actor)
