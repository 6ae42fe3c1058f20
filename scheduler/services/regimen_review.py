"""What a pharmacist reads before signing: numbers and what was confirmed, signatures, other versions."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler.domain.ids import RegimenVersionId, StaffId
from scheduler.domain.plans import ApprovalState
from scheduler.domain.regimen_numbers import RuleNumber, numbers_of
from scheduler.domain.timing import Instant
from scheduler.persistence import formulary as stored
from scheduler.persistence import organizations
from scheduler.persistence.models import RegimenApproval, RegimenVersion
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.regimens import regimen_of

SOMEBODY = "the command line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who said something, when, against which document."""

    who: str
    at: Instant
    document: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """Another version of the same regimen."""

    id: RegimenVersionId
    version: int
    state: ApprovalState


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenReview:
    """A version as a pharmacist signs it.

    Args:
        confirmed: By item, for numbers that read as they were confirmed.
        chosen: By the choice's name: the reading, and who chose it.
        history: Signatures, oldest first.
        signatures: Those that hold now: of an approval one or both, of a draft the first of two.
        first_signer: Who gave the first of two signatures while the second is missing.
        waits_for_second: The first of two signatures is there.
    """

    state: ApprovalState
    numbers: tuple[RuleNumber, ...]
    confirmed: dict[str, Signed]
    chosen: dict[str, tuple[str, Signed]]
    history: tuple[Signed, ...]
    versions: tuple[VersionLine, ...]
    second_wanted: bool
    waits_for_second: bool
    signatures: tuple[Signed, ...]
    first_signer: StaffId | None

    @property
    def unconfirmed(self) -> tuple[RuleNumber, ...]:
        """The numbers that somebody has to confirm."""
        return tuple(n for n in self.numbers if n.to_confirm and n.item not in self.confirmed)

    @property
    def read_as(self) -> str:
        """How ambiguous values are read now, as a signature names it."""
        return read_as({name: value for name, (value, _) in self.chosen.items()})


def read_as(chosen: Mapping[str, str]) -> str:
    """Return readings by their names as one text, the same for the same readings."""
    return ", ".join(f"{name} = {value}" for name, value in sorted(chosen.items()))


def numbers_in(uow: UnitOfWork, version_id: RegimenVersionId) -> tuple[RuleNumber, ...]:
    """Return the numbers of a version, each with basis and source.

    Raises:
        NotFoundError: there is no such version here.
    """
    row = stored.version(uow, version_id)
    cited = tomllib.loads(row.body).get("source", {})
    return numbers_of(regimen_of(uow, version_id), cited)


def still_unconfirmed(uow: UnitOfWork, version_id: RegimenVersionId) -> tuple[RuleNumber, ...]:
    """Return the numbers of a version that a pharmacist has still to confirm."""
    regimen = stored.version(uow, version_id).regimen
    known = {(row.item, row.value) for row in stored.confirmations(uow, regimen)}
    numbers = numbers_in(uow, version_id)
    return tuple(n for n in numbers if n.to_confirm and (n.item, n.value) not in known)


def first_signature(uow: UnitOfWork, version_id: RegimenVersionId) -> RegimenApproval | None:
    """Return the first of two signatures, if that is the last word on the version."""
    rows = stored.approvals_of(uow, version_id)
    return rows[-1] if rows and _signed_once(rows[-1]) else None


def is_signed(row: RegimenApproval) -> bool:
    """Say whether a word on a version is an approval, or the first signature of one."""
    return row.state is ApprovalState.APPROVED or _signed_once(row)


def _signed_once(row: RegimenApproval) -> bool:
    return row.state is ApprovalState.DRAFT and bool(row.document)


def review(uow: UnitOfWork, version_id: RegimenVersionId) -> RegimenReview:
    """Return what a pharmacist reads of a version, in a fixed number of queries.

    Raises:
        NotFoundError: there is no such version here.
    """
    with uow:
        row, names = stored.version(uow, version_id), stored.names(uow)
        approvals, words = stored.approvals(uow), stored.approvals_of(uow, version_id)
        once = words[-1] if words and _signed_once(words[-1]) else None
        numbers = numbers_in(uow, version_id)
        return RegimenReview(
            state=words[-1].state if words else ApprovalState.DRAFT,
            numbers=numbers,
            confirmed=_confirmed(uow, row.regimen, numbers, names),
            chosen=_chosen(uow, row.regimen, names),
            history=tuple(_word(each, names) for each in words),
            versions=tuple(
                _version(each, approvals.get(each.id))
                for each in stored.versions(uow)
                if each.regimen == row.regimen and each.id != row.id
            ),
            second_wanted=organizations.organization(uow).second_approval,
            waits_for_second=once is not None,
            signatures=_signatures(words, names),
            first_signer=once.staff_id if once else None,
        )


def _signatures(words: Sequence[RegimenApproval], names: dict[StaffId, str]) -> tuple[Signed, ...]:
    """Return whose signatures hold now, in the order in which they were given."""
    if not words or not is_signed(words[-1]):
        return ()
    last = words[-1]
    before = [row for row in words[:-1] if _signed_once(row)] if last.second_staff_id else []
    return tuple(_word(row, names) for row in (*before[-1:], last))


def _name(names: dict[StaffId, str], staff_id: StaffId | None) -> str:
    return names.get(staff_id, SOMEBODY) if staff_id else SOMEBODY


def _confirmed(
    uow: UnitOfWork, regimen: str, numbers: tuple[RuleNumber, ...], names: dict[StaffId, str]
) -> dict[str, Signed]:
    reads = {number.item: number.value for number in numbers}
    return {
        row.item: Signed(who=_name(names, row.staff_id), at=row.at, document=row.document)
        for row in stored.confirmations(uow, regimen)
        if reads.get(row.item) == row.value
    }


def _chosen(
    uow: UnitOfWork, regimen: str, names: dict[StaffId, str]
) -> dict[str, tuple[str, Signed]]:
    return {
        name: (row.value, Signed(who=_name(names, row.staff_id), at=row.at))
        for (of, name), row in stored.choices(uow).items()
        if of == regimen
    }


def _word(row: RegimenApproval, names: dict[StaffId, str]) -> Signed:
    who = _name(names, row.second_staff_id or row.staff_id)
    return Signed(who=who, at=row.at, document=row.document, what=_said(row))


def _said(row: RegimenApproval) -> str:
    if _signed_once(row):
        return "signed first"
    if row.second_staff_id:
        return "signed second, approved"
    return "made it a draft again" if row.state is ApprovalState.DRAFT else row.state.value


def _version(row: RegimenVersion, approval: RegimenApproval | None) -> VersionLine:
    state = approval.state if approval else ApprovalState.DRAFT
    return VersionLine(id=row.id, version=row.version, state=state)
