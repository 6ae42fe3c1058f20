"""The append-only audit: one hash chain per organization over what is stored."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from scheduler.domain.ids import OrganizationId, PatientId
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence.base import new_id
from scheduler.persistence.encryption import seal
from scheduler.persistence.models.record import Audit, AuditHead
from scheduler.persistence.organization_session import kept

START = b"\0" * 32
HEAD = kept(
    select(AuditHead.sequence, AuditHead.hash)
    .where(AuditHead.organization_id == bindparam("organization"))
    .with_for_update()
)
HEADS = AuditHead.metadata.tables["audit_head"]
MOVE = update(HEADS).where(HEADS.c.organization_id == bindparam("organization"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry before it has its place in the chain."""

    actor: Actor
    action: str
    entity: str
    entity_id: UUID | None
    at: Instant
    patient_id: PatientId | None
    before: str
    after: str
    reason: str


def append(session: Session, entries: list[Entry], organization_id: OrganizationId | None) -> None:
    """Chain entries after the last one, whose row is locked until the transaction ends."""
    if not entries:
        return
    if organization_id is None:
        raise RuntimeError("an audit entry belongs to an organization")
    head = session.execute(HEAD, {"organization": organization_id}).one_or_none()
    if head is None:
        session.execute(insert(AuditHead), {"organization_id": organization_id, "hash": START})
    last, previous = (head.sequence, head.hash) if head else (0, START)
    rows = []
    for sequence, entry in enumerate(entries, last + 1):
        rows.append(_values(entry, organization_id, sequence, previous))
        previous = rows[-1]["hash"]
    session.execute(insert(Audit), rows)
    last += len(entries)
    session.execute(MOVE, {"organization": organization_id, "sequence": last, "hash": previous})


def _values(
    entry: Entry, organization_id: OrganizationId, sequence: int, previous: bytes
) -> dict[str, Any]:
    own = new_id()
    values = {
        "id": own,
        "organization_id": organization_id,
        "sequence": sequence,
        "at": entry.at,
        "actor_kind": entry.actor.kind,
        "actor_id": entry.actor.id,
        "actor_name_sealed": _seal(entry.actor.name, "actor_name", own),
        "action": entry.action,
        "entity": entry.entity,
        "entity_id": entry.entity_id,
        "patient_id": entry.patient_id,
        "before_sealed": _seal(entry.before, "before", own),
        "after_sealed": _seal(entry.after, "after", own),
        "reason_in_clear": "",
        "reason_sealed": _seal(entry.reason, "reason", own),
        "previous_hash": previous,
    }
    return {**values, "hash": link(values)}


def _seal(text: str, column: str, own: UUID) -> bytes | None:
    return seal(text, table=Audit.__tablename__, column=column, id=own)


def link(row: Mapping[str, Any]) -> bytes:
    """Return the hash of an entry as stored (ciphertext, not text), chained to the one before."""
    parts = (
        row["organization_id"].hex,
        row["sequence"],
        row["at"].timestamp(),
        row["actor_kind"].value,
        row["actor_id"].hex if row["actor_id"] else "",
        str(row["action"]),  # plain text as it is stored: the repr of an enum's member is another
        str(row["entity"]),
        row["entity_id"].hex if row["entity_id"] else "",
        row["patient_id"].hex if row["patient_id"] else "",
        row["reason_in_clear"],
    )
    digest = hashlib.sha256(row["previous_hash"] + repr(parts).encode())
    for sealed in (row["actor_name_sealed"], row["before_sealed"], row["after_sealed"]):
        digest.update(b"\0" + (sealed or b""))
    if row["reason_sealed"] is not None:  # entries without one keep the hash they have had
        digest.update(b"\0" + row["reason_sealed"])
    return digest.digest()
