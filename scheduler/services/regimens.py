"""The regimens of an organization: loaded versions, approvals, choices, and what can be ordered."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from scheduler.domain.errors import NotApprovedError
from scheduler.domain.grammar import regimen_from_text, stored_regimen
from scheduler.domain.ids import RegimenVersionId
from scheduler.domain.indications import in_full
from scheduler.domain.names import terms_of, words_of
from scheduler.domain.plans import ApprovalState
from scheduler.domain.regimen import Regimen
from scheduler.domain.timing import Instant
from scheduler.persistence import formulary as stored
from scheduler.persistence import organizations
from scheduler.persistence.models import RegimenApproval, RegimenVersion
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.formulary_files import SHIPPED, regimen_in

# versions never change once loaded, so each process parses one once
_parsed: dict[RegimenVersionId, tuple[Regimen, UUID | None]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenChoiceLine:
    """A regimen as the order form lists it.

    Args:
        version_id: The newest version here.
        open_choices: Ambiguous values that nobody has chosen yet.
        why_not: Why it takes no order; empty when it does.
    """

    version_id: RegimenVersionId
    id: str
    title: str
    ingredient: str
    route: str
    products: tuple[str, ...]
    indications: tuple[str, ...]
    regions: tuple[str, ...]
    state: ApprovalState
    open_choices: tuple[str, ...]
    why_not: str

    @property
    def orderable(self) -> bool:
        """Whether an order can be entered now."""
        return not self.why_not


def shipped_regimens() -> tuple[Regimen, ...]:
    """Return the regimens that this release ships.

    Raises:
        GrammarError: a file is no regimen.
    """
    return tuple(regimen_in(path) for path in sorted(SHIPPED.glob("*.toml")))


def sync_formulary(uow: UnitOfWork, *, now: Instant) -> int:
    """Load the shipped regimen files that are not loaded yet, across organizations; return how many.

    A file that changed becomes a further row: plans keep the version that they began under.

    Raises:
        GrammarError: a file is no regimen; nothing is loaded.
    """
    with uow:
        known, added = stored.shipped_digests(uow), 0
        for path in sorted(SHIPPED.glob("*.toml")):
            body = path.read_text(encoding="utf-8")
            digest = hashlib.sha256(body.encode()).hexdigest()
            if digest not in known:
                regimen = regimen_from_text(body, file=path.name)
                uow.session.add(_row(regimen, digest, body, now))
                added += 1
        uow.commit()
        return added


def _row(regimen: Regimen, digest: str, body: str, now: Instant) -> RegimenVersion:
    return RegimenVersion(
        regimen=regimen.id, version=regimen.version, digest=digest, body=body, loaded_at=now
    )


def regimen_of(uow: UnitOfWork, version_id: RegimenVersionId) -> Regimen:
    """Return the dosing rule of a version; one that this process knows already costs no query.

    Raises:
        NotFoundError: there is none of that id here.
    """
    rule, owner_id = _parsed.get(version_id, (None, None))
    if rule is not None and owner_id in (None, uow.organization_id):
        return rule
    return _rule(stored.version(uow, version_id))


def _rule(row: RegimenVersion) -> Regimen:
    if row.id not in _parsed:
        rule = stored_regimen(row.body, file=f"{row.regimen}.toml")
        _parsed[row.id] = (rule, row.owner_id)
    return _parsed[row.id][0]


def stored_versions(uow: UnitOfWork) -> Mapping[str, Regimen]:
    """Return the rules of all versions that the organization can see, by ``ID@VERSION``; of equals the last loaded."""
    with uow:
        return {f"{row.regimen}@{row.version}": _rule(row) for row in stored.versions(uow)}


def choices_of(uow: UnitOfWork, regimen: Regimen) -> Mapping[str, str]:
    """Return how the organization reads the regimen's ambiguous values.

    A demonstration reads what nobody has chosen as the first option.
    """
    made = stored.choices(uow) if regimen.choices else {}
    demonstration = bool(regimen.choices) and organizations.is_demonstration(uow)
    read: dict[str, str] = {}
    for choice in regimen.choices:
        row = made.get((regimen.id, choice.id))
        if row is not None:
            read[choice.id] = row.value
        elif demonstration:
            read[choice.id] = choice.options[0]
    return MappingProxyType(read)


def orderable(uow: UnitOfWork, text: str = "") -> tuple[RegimenChoiceLine, ...]:
    """Return the regimens for the order form, found by drug, brand, indication or title.

    Those that take no order now are listed too, with the reason; retired ones are not.
    """
    with uow:
        newest = {row.regimen: row for row in stored.versions(uow)}
        approvals, made = stored.approvals(uow), stored.choices(uow)
        demonstration = organizations.is_demonstration(uow)
        lines = [
            _line(row, approvals.get(row.id), set(made), demonstration=demonstration)
            for row in newest.values()
        ]
        fitting = [line for line in lines if line.state is not ApprovalState.RETIRED]
        return tuple(sorted((x for x in fitting if _fits(x, text)), key=lambda x: x.title))


def _line(
    row: RegimenVersion,
    approval: RegimenApproval | None,
    made: set[tuple[str, str]],
    *,
    demonstration: bool,
) -> RegimenChoiceLine:
    rule = _rule(row)
    state = approval.state if approval else ApprovalState.DRAFT
    still_open = tuple(c.id for c in rule.choices if (rule.id, c.id) not in made)
    return RegimenChoiceLine(
        version_id=row.id,
        id=rule.id,
        title=rule.title,
        ingredient=rule.ingredient,
        route=rule.route,
        products=rule.brands,
        indications=rule.indications,
        regions=rule.regions,
        state=state,
        open_choices=still_open,
        why_not=_why_not(rule.title, state, still_open, demonstration=demonstration),
    )


def _why_not(
    title: str, state: ApprovalState, still_open: tuple[str, ...], *, demonstration: bool
) -> str:
    if state is ApprovalState.RETIRED:
        return f"{title} is retired; choose the regimen that follows it."
    if demonstration:
        return ""
    if still_open:
        return f"{title} has an open choice ({', '.join(still_open)}): a pharmacist makes it first."
    if state is ApprovalState.DRAFT:
        return f"{title} is a draft: a pharmacist of this organization approves it first."
    return ""


def _fits(line: RegimenChoiceLine, text: str) -> bool:
    full = (in_full(name) for name in line.indications)
    spoken = (line.title, line.ingredient, *line.products, *full, line.route)
    words = words_of(" ".join(spoken).replace("-", " "))
    return all(any(word.startswith(term) for word in words) for term in terms_of(text))


def require_orderable(uow: UnitOfWork, version_id: RegimenVersionId) -> Regimen:
    """Return the rule of a version that takes orders now.

    Raises:
        NotApprovedError: it is a draft or retired, or a choice is open.
        NotFoundError: there is none of that id here.
    """
    row = stored.version(uow, version_id)
    line = _line(
        row,
        stored.approvals(uow).get(version_id),
        set(stored.choices(uow)),
        demonstration=organizations.is_demonstration(uow),
    )
    if not line.orderable:
        raise NotApprovedError(line.why_not)
    return _rule(row)
