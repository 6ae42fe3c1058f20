"""The message log: what is owed, what was sent, what was not and why; and each mail as it left."""

from uuid import UUID

from flask import Response, request
from markupsafe import escape

from scheduler.domain.ids import MessageId
from scheduler.services.message_log import message_log, read_mail
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.fragments import page

STATES = (
    ("", "All"),
    ("owed", "Waiting"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("void", "Not sent"),
)


@desk.get("/messages")
def messages() -> Response:
    """Show the newest messages."""
    status = request.args.get("state", "")
    known = status if status in dict(STATES) else ""
    lines = message_log(context.read_uow(), context.center_id(), status=known, now=context.now())
    return page("desk/messages.html", lines=lines, states=STATES, state=known, zone=context.zone())


@desk.get("/messages/<uuid:message_id>")
def outbox(message_id: UUID) -> Response:
    """Show a mail as the patient sees it."""
    mail = read_mail(context.read_uow(), MessageId(message_id))
    return page("desk/outbox.html", mail=mail, message_id=message_id)


@desk.get("/messages/<uuid:message_id>/body")
def mail_body(message_id: UUID) -> Response:
    """Return a mail's HTML alone, for the frame that shows it; nothing in it runs or loads.

    Who opens it without its page has looked at the patient's record too.
    """
    mail = read_mail(context.read_uow(), MessageId(message_id))
    answer = Response(mail.html or f"<pre>{escape(mail.text)}</pre>", mimetype="text/html")
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
    )
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer
