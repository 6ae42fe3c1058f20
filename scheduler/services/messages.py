"""Sending what is owed: claim, look again, send, record; a failing message never blocks the next."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from scheduler.domain.ids import MessageId
from scheduler.domain.last_check import HOLD_BACK_FOR, VoidReason, next_try
from scheduler.domain.messages import Lead, MessageKind, MessageStatus
from scheduler.domain.people import AddressStatus, TaskKind
from scheduler.domain.roles import WORKER
from scheduler.domain.timing import Instant, local_day
from scheduler.messaging.compose import PrivateWordError
from scheduler.messaging.mailer import Line, Mailer, Outcome, PermanentFailure, Sent
from scheduler.persistence import messages
from scheduler.persistence.models import Message, MessageAttempt
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.contacts import mark_address
from scheduler.services.message_facts import policy_of, told_facts
from scheduler.services.owing import Subject, call
from scheduler.services.tasks import NewTask, raise_task
from scheduler.services.telling import note_told
from scheduler.services.writing import Gathered, Prepared, gather, refusal, waits, write

CLAIM_FOR = timedelta(minutes=5)
BATCH = 50

NewUnitOfWork = Callable[[], UnitOfWork]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How messages of one organization leave.

    Args:
        new_uow: Opens a transaction of the organization.
        mailer: Hands mails on.
        base_url: How patients reach the web server.
        worker: Who claims.
    """

    new_uow: NewUnitOfWork
    mailer: Mailer
    base_url: str
    worker: str = "worker"


@dataclass(slots=True)
class Tally:
    """What a pass did: counts by the words of the log."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, result: str) -> None:
        """Count one."""
        self.counts[result] = self.counts.get(result, 0) + 1

    @property
    def sent(self) -> int:
        """How many were sent."""
        return self.counts.get(MessageStatus.SENT.value, 0)


def send_due(sending: Sending, *, now: Instant, limit: int = 500) -> Tally:
    """Send what is due, one batch a connection, until nothing is or ``limit`` is reached."""
    tally, taken = Tally(), 0
    while taken < limit:
        claimed = claim_due(sending, now=now, limit=min(BATCH, limit - taken))
        if not claimed:
            return tally
        taken += len(claimed)
        with sending.mailer.batch() as line:
            for message_id in claimed:
                tally.add(_send_or_postpone(sending, line, message_id, now=now))
    return tally


def claim_due(sending: Sending, *, now: Instant, limit: int = BATCH) -> tuple[MessageId, ...]:
    """Claim due messages in the name of the worker; another worker's are left alone until they lapse."""
    with sending.new_uow() as uow:
        messages.release_lapsed(uow, now=now)
        rows = messages.due(uow, now=now, limit=limit)
        for row in rows:
            row.status = MessageStatus.CLAIMED.value
            row.claimed_by, row.claimed_until = sending.worker, now + CLAIM_FOR
        uow.commit()
        return tuple(row.id for row in rows)


def release_claims(uow: UnitOfWork, *, keep: str) -> int:
    """Release the claims of every worker but one: it has the lease, the others are gone."""
    with uow:
        count = messages.release_all_but(uow, keep)
        uow.commit()
        return count


def _send_or_postpone(sending: Sending, line: Line, message_id: MessageId, *, now: Instant) -> str:
    """Send one; a fault of ours postpones it, is logged by id, and the next one is sent all the same."""
    try:
        return send_message(sending, line, message_id, now=now)
    except Exception as error:  # noqa: BLE001 - the edge: one bad message must not hold up the others
        return _postpone(sending, message_id, type(error).__name__, now=now)


def _postpone(sending: Sending, message_id: MessageId, fault: str, *, now: Instant) -> str:
    with sending.new_uow() as uow:
        row = messages.message(uow, message_id)
        row.attempts += 1
        _attempt(uow, row, "error", fault, now=now)
        if row.status == MessageStatus.CLAIMED.value:
            _again(row, now=now, why=f"error: {fault}")
        uow.commit()
    return "error"


def send_message(sending: Sending, line: Line, message_id: MessageId, *, now: Instant) -> str:
    """Send one claimed message and return what became of it, in the log's words.

    No transaction is open while the mail server is talked to. The bytes are stored before they leave, so
    that a retry sends the same.
    """
    with sending.new_uow() as uow:
        prepared = _prepare(uow, message_id, sending, now=now)
        uow.commit()
    if isinstance(prepared, str):
        return prepared
    outcome = line.send(prepared.mail, prepared.envelope)
    with sending.new_uow() as uow:
        result = _record(uow, message_id, outcome, sending, now=now)
        uow.commit()
    return result


def _prepare(
    uow: UnitOfWork, message_id: MessageId, sending: Sending, *, now: Instant
) -> Prepared | str:
    row = messages.message(uow, message_id)
    if row.status != MessageStatus.CLAIMED.value or row.claimed_by != sending.worker:
        return row.status
    found = gather(uow, row, leaves=sending.mailer.leaves, now=now)
    why = refusal(found, now=now)
    if why is not None:
        return _void(uow, found, why, now=now)
    if waits(found):
        return _hold_back(uow, found, now=now)
    try:
        return write(uow, found, base_url=sending.base_url, now=now)
    except PrivateWordError as error:
        return _fail(uow, found, str(error), now=now)


def _void(uow: UnitOfWork, found: Gathered, why: VoidReason, *, now: Instant) -> str:
    row = found.row
    _close(row, MessageStatus.VOID, why.value, now)
    missed = why is VoidReason.TOO_LATE and row.attempts > 0
    if why.needs_call or missed:
        _call(uow, found, now=now)
    return row.status


def _hold_back(uow: UnitOfWork, found: Gathered, *, now: Instant) -> str:
    """Let a reminder wait an hour, and tell the desk that the patient is not ready to be treated."""
    row, dose = found.row, found.dose
    row.status, row.claimed_by, row.claimed_until = MessageStatus.OWED.value, None, None
    row.send_after, row.outcome = now + HOLD_BACK_FOR, VoidReason.NOT_READY.value
    if dose is not None:
        task = NewTask(
            center_id=row.center_id,
            patient_id=row.patient_id,
            kind=TaskKind.NOT_READY,
            subject_id=dose.dose_id,
            due_on=local_day(now, policy_of(found.center).zone),
            detail="The reminder waits: a requirement of this visit is not met.",
            appointment_id=row.appointment_id,
            dose_id=dose.dose_id,
            plan_id=dose.plan_id,
        )
        raise_task(uow, task, now=now)
    return "held back"


def _fail(uow: UnitOfWork, found: Gathered, why: str, *, now: Instant) -> str:
    _attempt(uow, found.row, "refused here", why, now=now)
    _close(found.row, MessageStatus.FAILED, "not sent: it would have said too much", now)
    _call(uow, found, now=now)
    return found.row.status


def _record(
    uow: UnitOfWork, message_id: MessageId, outcome: Outcome, sending: Sending, *, now: Instant
) -> str:
    row = messages.message(uow, message_id)
    row.attempts += 1
    if isinstance(outcome, Sent):
        _attempt(uow, row, "sent", outcome.detail, now=now)
        _close(row, MessageStatus.SENT, "sent", now)
        note_told(uow, row, now=now)
        return row.status
    code, text = outcome.code, outcome.detail
    if isinstance(outcome, PermanentFailure):
        _attempt(uow, row, "permanent failure", text, code=code, now=now)
        _undeliverable(uow, row, f"returned: {code}", sending, now=now)
        return row.status
    _attempt(uow, row, "temporary failure", text, code=code, now=now)
    if row.status == MessageStatus.CLAIMED.value:
        _again(row, now=now, why=f"will be tried again: {code}")
    return "temporary failure"


def _undeliverable(
    uow: UnitOfWork, row: Message, why: str, sending: Sending, *, now: Instant
) -> None:
    """Close a message that cannot arrive: the address is in doubt, and a person phones."""
    _close(row, MessageStatus.FAILED, why, now)
    found = gather(uow, row, leaves=sending.mailer.leaves, now=now)
    mark_address(uow, row.contact_id, AddressStatus.SUSPECT, now=now, actor=WORKER)
    _call(uow, found, now=now)
    task = NewTask(
        center_id=row.center_id,
        patient_id=row.patient_id,
        kind=TaskKind.UNDELIVERABLE,
        subject_id=row.contact_id,
        due_on=local_day(now, policy_of(found.center).zone),
        detail="A mail came back. Ask for the right address.",
        contact_id=row.contact_id,
    )
    raise_task(uow, task, now=now)


def _call(uow: UnitOfWork, found: Gathered, *, now: Instant) -> None:
    if not found.visits:
        return
    visit = found.visits[0]
    subject = Subject(
        visit=visit,
        center=found.center,
        dose=found.dose,
        facts=told_facts(visit, found.center, found.dose),
        subject_kind=found.row.subject_kind,
        subject_id=found.row.subject_id,
    )
    kind, lead = MessageKind(found.row.kind), Lead(found.row.lead)
    call(uow, subject, kind, lead, found.contact, now=now)


def _attempt(
    uow: UnitOfWork, row: Message, result: str, detail: str, *, now: Instant, code: str = ""
) -> None:
    uow.add(MessageAttempt(message_id=row.id, at=now, result=result, code=code, detail=detail))


def _close(row: Message, status: MessageStatus, why: str, now: Instant) -> None:
    row.status, row.outcome, row.closed_at = status.value, why, now
    row.claimed_by, row.claimed_until = None, None


def _again(row: Message, *, now: Instant, why: str) -> None:
    row.status, row.outcome = MessageStatus.OWED.value, why
    row.claimed_by, row.claimed_until = None, None
    row.send_after = next_try(row.attempts, now=now)
