"""Sending by SMTP: one connection a batch, time-outs, and answers instead of exceptions."""

import ipaddress
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scheduler.domain.privacy import private_words
from scheduler.messaging.mailer import (
    Envelope,
    Mailer,
    NullMailer,
    Outcome,
    PermanentFailure,
    Sent,
    TemporaryFailure,
)
from scheduler.messaging.outbox import OutboxMailer

TIMEOUT_SECONDS = 20.0
PERMANENT = 500
SMTP_PORT = 25
SUBMISSION_TLS_PORT = 465
IPV6 = 6
NAMELESS = "[127.0.0.1]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server: ``smtps`` speaks TLS from the start, ``smtp`` changes to it where it is offered.

    ``greeting`` is how we name ourselves: it ends up in the mail's first Received header.
    """

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = ""
    timeout: float = TIMEOUT_SECONDS
    greeting: str = NAMELESS


class SmtpMailer:
    """Hands mails to a server."""

    leaves = True

    def __init__(self, server: Server) -> None:
        self._server = server

    @contextmanager
    def batch(self) -> Iterator["SmtpLine"]:
        """Open a line; it connects at the first mail and again after a broken connection.

        A server that cannot be reached is asked once a batch: each try may take its whole time-out.
        """
        line = SmtpLine(self._server)
        try:
            yield line
        finally:
            line.close()


class SmtpLine:
    """One connection, kept for a batch."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client: smtplib.SMTP | None = None
        self._down: TemporaryFailure | None = None

    def send(self, mail: bytes, envelope: Envelope) -> Outcome:
        """Send one mail.

        A refusal of the recipient or of the mail itself (5xx) is permanent; everything else, the
        server's own refusals to talk to us too, is temporary.
        """
        if self._down is not None:
            return self._down
        try:
            client = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            self._down = TemporaryFailure(code="connect", detail=_words(error))
            return self._down
        try:
            return self._handed_on(client, mail, envelope)
        finally:
            if (
                client.sock is None
            ):  # the server hung up; the next mail gets a connection of its own
                self._client = None

    def _handed_on(self, client: smtplib.SMTP, mail: bytes, envelope: Envelope) -> Outcome:
        try:
            client.sendmail(envelope.sender, [envelope.recipient], mail)
        except smtplib.SMTPRecipientsRefused as error:
            return _answer(*error.recipients[envelope.recipient])
        except smtplib.SMTPDataError as error:
            return _answer(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return TemporaryFailure(code="connection", detail=_words(error))
        return Sent()

    def _connected(self) -> smtplib.SMTP:
        if self._client is None:
            self._client = _open(self._server)
        return self._client

    def close(self) -> None:
        """Say goodbye, if anybody still listens."""
        if self._client is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._client.quit()
            self._client = None


def _open(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.tls:
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, server.greeting, timeout=server.timeout, context=context
        )
    else:
        client = smtplib.SMTP(server.host, server.port, server.greeting, timeout=server.timeout)
        client.ehlo()
        if client.has_extn("starttls"):
            client.starttls(context=context)
    if server.user:
        client.login(server.user, server.password)
    return client


def _answer(code: int, text: bytes | str) -> Outcome:
    detail = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    kind = PermanentFailure if code >= PERMANENT else TemporaryFailure
    return kind(code=str(code), detail=detail[:200])


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def greeting_of(public_url: str) -> str:
    """Return how we name ourselves to a mail server: the links' host, unless it says too much.

    The machine's own name, which is usual, may say what the center does, and would leave with every mail.
    """
    host = urlsplit(public_url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host if "." in host and not private_words(host) else NAMELESS
    return f"[IPv6:{address}]" if address.version == IPV6 else f"[{address}]"


def mailer_from(mail_url: str, public_url: str = "") -> Mailer:
    """Return the mailer of ``file:///folder``, ``smtp://user:password@host:25``, ``smtps://`` or ``null:``.

    Args:
        mail_url: Where mails go.
        public_url: How patients reach the web server; its host is how we greet the mail server.

    Raises:
        ValueError: not one of these.
    """
    parts = urlsplit(mail_url)
    if parts.scheme == "null":
        return NullMailer()
    if parts.scheme == "file":
        return OutboxMailer(Path(unquote(parts.path)))
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("MAIL_URL: give file:///folder, smtp://host:25, smtps://host:465 or null:")
    tls = parts.scheme == "smtps"
    return SmtpMailer(
        Server(
            host=parts.hostname,
            port=parts.port or (SUBMISSION_TLS_PORT if tls else SMTP_PORT),
            tls=tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            greeting=greeting_of(public_url),
        )
    )
