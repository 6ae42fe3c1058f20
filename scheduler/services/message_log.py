"""The message log of a center, and a mail as it left: what the desk looks at."""

from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import CenterId, MessageId, PatientId
from scheduler.domain.timing import Instant
from scheduler.persistence import message_log as stored
from scheduler.persistence import messages
from scheduler.persistence.unit_of_work import UnitOfWork

AHEAD = timedelta(days=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A message: to whom, what, when, and what became of it."""

    id: MessageId
    patient_id: PatientId
    patient: str
    to: str
    kind: str
    lead: str
    language: str
    send_after: Instant
    closed_at: Instant | None
    status: str
    outcome: str
    has_mail: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRead:
    """A mail as it left, taken apart.

    Args:
        headers: From, to, subject, date.
        files: Names of attached files.
    """

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    files: tuple[str, ...]
    patient_id: PatientId


def message_log(
    uow: UnitOfWork, center_id: CenterId, *, status: str = "", now: Instant
) -> tuple[LogLine, ...]:
    """Return the newest messages of a center, optionally of one status."""
    with uow:
        rows = stored.newest(uow, center_id, status=status, before=now + AHEAD)
        return tuple(
            LogLine(
                id=row.id,
                patient_id=row.patient_id,
                patient=patient.name,
                to=contact.email or contact.phone or "–",
                kind=row.kind,
                lead=row.lead,
                language=row.language,
                send_after=row.send_after,
                closed_at=row.closed_at,
                status=row.status,
                outcome=row.outcome,
                has_mail=row.rendered_sealed is not None,
            )
            for row, patient, contact in rows
        )


def read_mail(uow: UnitOfWork, message_id: MessageId) -> MailRead:
    """Return a mail as it left.

    Raises:
        NotFoundError: there is no such message here, or it never became a mail.
    """
    with uow:
        row = messages.message(uow, message_id)
        if not row.rendered:
            raise NotFoundError("mail")
        mail = message_from_bytes(row.rendered.encode("utf-8", "surrogateescape"), policy=default)
        assert isinstance(mail, EmailMessage)  # noqa: S101 - the policy makes it one
        return MailRead(
            headers=tuple(
                (name, str(mail[name])) for name in ("From", "To", "Subject", "Date") if mail[name]
            ),
            text=_part(mail, "plain"),
            html=_part(mail, "html"),
            files=tuple(part.get_filename() or "file" for part in mail.iter_attachments()),
            patient_id=row.patient_id,
        )


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""
