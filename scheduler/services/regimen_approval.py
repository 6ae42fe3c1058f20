"""A pharmacist's word on a regimen: numbers confirmed, readings chosen, approved, retired."""

from dataclasses import dataclass

from scheduler.domain.errors import (
    InvalidError,
    NotAllowedError,
    NotApprovedError,
    NotFoundError,
    StaleError,
)
from scheduler.domain.ids import RegimenVersionId, StaffId
from scheduler.domain.names import require_writable
from scheduler.domain.plans import ApprovalState
from scheduler.domain.regimen import Regimen
from scheduler.domain.roles import Actor, ActorKind, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import formulary as stored
from scheduler.persistence import organizations
from scheduler.persistence.models import RegimenApproval, RegimenChoice, RegimenConfirmation
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.regimen_review import (
    first_signature,
    is_signed,
    numbers_in,
    read_as,
    still_unconfirmed,
)
from scheduler.services.regimens import regimen_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveRegimen:
    """A pharmacist's word on a version: approved with a document, retired, or a draft again.

    Args:
        read_as: The readings that the pharmacist saw, as ``RegimenReview.read_as``; None when it is not known.
    """

    version_id: RegimenVersionId
    state: ApprovalState = ApprovalState.APPROVED
    document: str = ""
    read_as: str | None = None


def approve(uow: UnitOfWork, request: ApproveRegimen, *, now: Instant, actor: Actor) -> None:
    """Approve or retire a regimen version for the organization.

    Where the organization wants a second pharmacist, the first signature leaves it a draft.

    Raises:
        NotApprovedError: an ambiguous value or a number to confirm is still open.
        NotAllowedError: the same person signs twice.
        InvalidError: no document is named.
        StaleError: it is approved already, or is read another way than the pharmacist saw.
    """
    actor.require(Permission.APPROVE_REGIMEN)
    document = require_writable(request.document, field="document")
    with uow:
        organizations.lock_signing(uow)
        rule = regimen_of(uow, request.version_id)
        row = RegimenApproval(
            regimen_version_id=request.version_id,
            state=request.state,
            at=now,
            staff_id=_staff(actor),
            document=document,
        )
        if request.state is ApprovalState.APPROVED:
            _check_approval(uow, rule, request)
            _sign(uow, row, actor)
        uow.add(row)
        signed_once = request.state is ApprovalState.APPROVED and row.state is ApprovalState.DRAFT
        uow.audit(
            actor,
            "signed first" if signed_once else request.state.value,
            "regimen",
            request.version_id,
            at=now,
            after=f"{rule.id} version {rule.version}: {document}",
        )
        uow.commit()


def _check_approval(uow: UnitOfWork, rule: Regimen, request: ApproveRegimen) -> None:
    _require_as_seen(uow, rule, request)
    made = stored.choices(uow)
    still_open = [c.id for c in rule.choices if (rule.id, c.id) not in made]
    if still_open:
        raise NotApprovedError(f"Choose first how to read: {', '.join(still_open)}.")
    waiting = still_unconfirmed(uow, request.version_id)
    if waiting:
        named = "; ".join(f"{one.group}, {one.name}" for one in waiting[:3])
        more = f" and {len(waiting) - 3} more" if len(waiting) > 3 else ""  # noqa: PLR2004 - as many as are named
        raise NotApprovedError(f"Confirm these numbers first: {named}{more}.")
    if not request.document.strip():
        raise InvalidError("Name the document that you checked it against.", field="document")


def _require_as_seen(uow: UnitOfWork, rule: Regimen, request: ApproveRegimen) -> None:
    """Refuse a signature on what the pharmacist did not see: another reading, or one that stands already."""
    word = stored.approvals(uow).get(request.version_id)
    if word is not None and word.state is ApprovalState.APPROVED:
        raise StaleError(f"Version {rule.version} is approved already.")
    now_read = read_as(
        {name: row.value for (of, name), row in stored.choices(uow).items() if of == rule.id}
    )
    if request.read_as is not None and request.read_as != now_read:
        raise StaleError(
            "Another reading was chosen since this page was shown. Look at it, then sign."
        )


def _sign(uow: UnitOfWork, row: RegimenApproval, actor: Actor) -> None:
    """Make the row a first signature, or an approval by both where two are wanted."""
    if not organizations.organization(uow).second_approval:
        return
    first = first_signature(uow, row.regimen_version_id)
    if first is None:
        row.state = ApprovalState.DRAFT
    elif first.staff_id == _staff(actor):
        raise NotAllowedError("A second pharmacist has to sign: you signed first.")
    else:
        row.second_staff_id, row.staff_id = row.staff_id, first.staff_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmNumber:
    """A pharmacist has checked one number of a version against a document."""

    version_id: RegimenVersionId
    item: str
    document: str


def confirm(uow: UnitOfWork, request: ConfirmNumber, *, now: Instant, actor: Actor) -> None:
    """Confirm one number; it holds for every version in which the number reads the same.

    Raises:
        NotFoundError: the regimen has no such number.
        InvalidError: no document is named.
    """
    actor.require(Permission.APPROVE_REGIMEN)
    document = require_writable(request.document, field="document")
    if not document:
        raise InvalidError("Name the document that says so.", field="document")
    with uow:
        rule = regimen_of(uow, request.version_id)
        known = {number.item: number for number in numbers_in(uow, request.version_id)}
        number = known.get(request.item)
        if number is None:
            raise NotFoundError("number")
        uow.add(
            RegimenConfirmation(
                regimen=rule.id,
                item=number.item,
                value=number.value,
                document=document,
                at=now,
                staff_id=_staff(actor),
            )
        )
        after = f"{number.item}: {number.value}; {document}"
        uow.audit(actor, "confirmed", "regimen", request.version_id, at=now, after=after)
        uow.commit()


def _staff(actor: Actor) -> StaffId | None:
    return StaffId(actor.id) if actor.kind is ActorKind.STAFF and actor.id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseReading:
    """How the organization reads an ambiguous value of a regimen."""

    version_id: RegimenVersionId
    name: str
    value: str


def choose(uow: UnitOfWork, request: ChooseReading, *, now: Instant, actor: Actor) -> bool:
    """Choose one of the readings of an ambiguous value; say whether that took signatures back.

    A signature holds for the reading that the pharmacist saw: with another one it is a draft again.

    Raises:
        InvalidError: the regimen has no such choice, or not that option.
    """
    actor.require(Permission.APPROVE_REGIMEN)
    with uow:
        organizations.lock_signing(uow)
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
        taken_back = before != request.value and _take_back(uow, rule.id, now, actor)
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
    return taken_back


def _take_back(uow: UnitOfWork, regimen: str, now: Instant, actor: Actor) -> bool:
    """Make every signed version of a regimen a draft again."""
    words = stored.approvals(uow)
    signed = [
        version.id
        for version in stored.versions(uow)
        if version.regimen == regimen and version.id in words and is_signed(words[version.id])
    ]
    for version_id in signed:
        draft = RegimenApproval(
            regimen_version_id=version_id,
            state=ApprovalState.DRAFT,
            at=now,
            staff_id=_staff(actor),
        )
        uow.add(draft)
        uow.audit(actor, "draft", "regimen", version_id, at=now, after="read another way")
    return bool(signed)
