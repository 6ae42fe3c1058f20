"""A pharmacist's word on a regimen: approved, retired, and how its ambiguous values are read."""

from dataclasses import dataclass

from scheduler.domain.errors import InvalidError, NotApprovedError
from scheduler.domain.ids import RegimenVersionId, StaffId
from scheduler.domain.plans import ApprovalState
from scheduler.domain.regimen import Regimen
from scheduler.domain.roles import Actor, ActorKind, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import formulary as stored
from scheduler.persistence.models import RegimenApproval, RegimenChoice
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.regimens import regimen_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveRegimen:
    """A pharmacist's word on a version: approved with a document, retired, or a draft again."""

    version_id: RegimenVersionId
    state: ApprovalState = ApprovalState.APPROVED
    document: str = ""


def approve(uow: UnitOfWork, request: ApproveRegimen, *, now: Instant, actor: Actor) -> None:
    """Approve or retire a regimen version for the organization.

    Raises:
        NotApprovedError: an ambiguous value is still open.
        InvalidError: no document is named.
    """
    actor.require(Permission.APPROVE_REGIMEN)
    with uow:
        rule = regimen_of(uow, request.version_id)
        if request.state is ApprovalState.APPROVED:
            _check_approval(uow, rule, request)
        uow.add(
            RegimenApproval(
                regimen_version_id=request.version_id,
                state=request.state,
                at=now,
                staff_id=_staff(actor),
                document=request.document.strip(),
            )
        )
        uow.audit(
            actor,
            request.state.value,
            "regimen",
            request.version_id,
            at=now,
            after=f"{rule.id} version {rule.version}: {request.document}",
        )
        uow.commit()


def _check_approval(uow: UnitOfWork, rule: Regimen, request: ApproveRegimen) -> None:
    made = stored.choices(uow)
    still_open = [c.id for c in rule.choices if (rule.id, c.id) not in made]
    if still_open:
        raise NotApprovedError(f"Choose first how to read: {', '.join(still_open)}.")
    if not request.document.strip():
        raise InvalidError("Name the document that you checked it against.", field="document")


def _staff(actor: Actor) -> StaffId | None:
    return StaffId(actor.id) if actor.kind is ActorKind.STAFF and actor.id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseReading:
    """How the organization reads an ambiguous value of a regimen."""

    version_id: RegimenVersionId
    name: str
    value: str


def choose(uow: UnitOfWork, request: ChooseReading, *, now: Instant, actor: Actor) -> None:
    """Choose one of the readings of an ambiguous value.

    Raises:
        InvalidError: the regimen has no such choice, or not that option.
    """
    actor.require(Permission.APPROVE_REGIMEN)
    with uow:
        rule = regimen_of(uow, request.version_id)
        options = {choice.id: choice.options for choice in rule.choices}
        if request.value not in options.get(request.name, ()):
            raise InvalidError("Choose one of the readings.", field=request.name)
        row = stored.choices(uow).get((rule.id, request.name))
        before = row.value if row else ""
        if row is None:
            row = RegimenChoice(regimen=rule.id, name=request.name)
            uow.add(row)
        row.value, row.at, row.staff_id = request.value, now, _staff(actor)
        uow.audit(
            actor,
            "chose",
            "regimen",
            request.version_id,
            at=now,
            before=before,
            after=f"{request.name} = {request.value}",
        )
        uow.commit()
