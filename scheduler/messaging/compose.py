"""Composing mails: facts in, a complete message out, the same bytes for the same facts."""

import re
from dataclasses import dataclass
from datetime import date
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from functools import cache

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from scheduler.domain.messages import MessageKind
from scheduler.domain.people import PrivacyLevel
from scheduler.domain.privacy import private_words, words_that_leave
from scheduler.domain.timing import local_day
from scheduler.messaging.calendar import FILE_NAME, calendar_file
from scheduler.messaging.dates import day_words, stay_words, when_words
from scheduler.messaging.facts import MailFacts
from scheduler.messaging.texts import html_of, plain, ready_markdown
from scheduler.messaging.words import MailWords, words_of
from scheduler.paths import resource_dir

BLANK_LINES = re.compile(r"\n{3,}")
LISTS = (MessageKind.SERIES_SUMMARY, MessageKind.COURSE)


class AddressHeader(UniqueUnstructuredHeader, BaseHeader):  # type: ignore[misc]  # as the registry itself builds it
    """A header whose value is a web address: never folded or encoded, whatever its length."""

    def fold(self, *, policy: Policy) -> str:
        """Return the line as it is."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", AddressHeader)
WRITTEN = SMTP.clone(header_factory=_HEADERS)


class PrivateWordError(Exception):
    """A mail would say what its level forbids; it must not leave."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__(f"the mail would say: {', '.join(words)}")
        self.words = words


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the templates of a mail show."""

    language: str
    subject: str
    title: str
    preview: str
    center: str
    greeting: str
    opening: str
    when: str
    stay: str
    place: str
    phone: str
    phone_digits: str
    link: str
    stop_link: str
    contact: str
    visits: tuple[str, ...]
    ready_text: str
    ready_html: Markup


def compose(mail: MailFacts) -> EmailMessage:
    """Return the complete mail: text, HTML, and a calendar file where it belongs.

    Raises:
        PrivateWordError: the finished bytes hold a word that the level forbids.
    """
    words = words_of(mail.language)
    shown = _shown(mail, words)
    message = EmailMessage(policy=WRITTEN)
    _head(message, mail, shown)
    message.set_content(_text(mail, shown, words), cte="quoted-printable")
    message.add_alternative(_html(mail, shown, words), subtype="html", cte="quoted-printable")
    _attach(message, mail)
    _name_parts(message, mail)
    found = words_that_leave(message.as_bytes(), mail.level)
    if found:
        raise PrivateWordError(found)
    return message


def _head(message: EmailMessage, mail: MailFacts, shown: Shown) -> None:
    message["From"] = Address(mail.sender.name, addr_spec=mail.sender.mail_from)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = shown.subject
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = message_id(mail)
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{mail.stop_link}>"
    if mail.stop_link.startswith("https:"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def message_id(mail: MailFacts) -> str:
    """Return the Message-ID: of the message's id, so that a repeat is known as one."""
    edition = f".{mail.edition}" if mail.edition else ""
    return f"<{mail.message_id.hex}{edition}@{mail.sender.host}>"


def _text(mail: MailFacts, shown: Shown, words: MailWords) -> str:
    text = _templates().get_template(f"{mail.kind.value}/body.txt").render(m=shown, w=words)
    return BLANK_LINES.sub("\n\n", text).strip() + "\n"


def _html(mail: MailFacts, shown: Shown, words: MailWords) -> str:
    template = _templates().get_template(f"{mail.kind.value}/body.html")
    return _inliner().inline(template.render(m=shown, w=words, css=_css()))


def _attach(message: EmailMessage, mail: MailFacts) -> None:
    made = calendar_file(mail)
    if made is None:
        return
    message.add_attachment(
        made.content,
        maintype="text",
        subtype="calendar",
        filename=FILE_NAME,
        params={"method": made.method, "charset": "utf-8"},
        cte="base64",
    )


def _name_parts(message: EmailMessage, mail: MailFacts) -> None:
    """Give every multipart a boundary that depends on the message alone: a retry has identical bytes."""
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"part-{number}-{mail.message_id.hex}")


def _shown(mail: MailFacts, words: MailWords) -> Shown:
    sender = mail.sender
    written_on = local_day(mail.written_at, sender.zone)
    day = day_words(local_day(mail.visit.starts_at, sender.zone), words, written_on=written_on)
    when = when_words(mail.visit.starts_at, words, sender, written_on=written_on)
    stay = stay_words(mail.visit.minutes, words)
    was = when_words(mail.was, words, sender, written_on=written_on) if mail.was else when
    fill = {"day": day, "when": when, "was": was, "count": len(mail.visits)}
    ready = _ready(mail, words.plan_to_stay.format(stay=stay))
    return Shown(
        language=words.language,
        subject=words.subjects[mail.kind].format(**fill),
        title=words.titles[mail.kind].format(**fill),
        preview=_preview(mail, when, words.plan_about.format(stay=stay)),
        center=sender.name,
        greeting=_greeting(mail, words),
        opening=words.openings[mail.kind].format(**fill),
        when=when,
        stay=stay,
        place=_place(mail),
        phone=sender.phone_open,
        phone_digits=re.sub(r"[^\d+]", "", sender.phone_open),
        link=mail.link,
        stop_link=mail.stop_link,
        contact=_contact(mail, words),
        visits=_visit_lines(mail, words, written_on),
        ready_text=plain(ready),
        ready_html=html_of(ready),
    )


def _ready(mail: MailFacts, stay: str) -> str:
    return ready_markdown(mail.sections, mail.level, stay) if mail.sections else ""


def _preview(mail: MailFacts, when: str, plan: str) -> str:
    return when if mail.kind is MessageKind.CANCELLED else f"{when}. {plan}"


def _greeting(mail: MailFacts, words: MailWords) -> str:
    named = mail.level is not PrivacyLevel.MINIMAL and mail.name
    return f"{words.hello} {mail.name}," if named else f"{words.hello},"


def _place(mail: MailFacts) -> str:
    """Return the address as one line, or nothing if it says more than the level allows."""
    place = ", ".join(line.strip() for line in mail.sender.place.splitlines() if line.strip())
    return "" if private_words(place, mail.level) else place


def _contact(mail: MailFacts, words: MailWords) -> str:
    sender = mail.sender
    said = [words.questions.format(phone=sender.phone_open)]
    if sender.phone_closed and sender.phone_closed != sender.phone_open:
        said.append(words.closed.format(phone=sender.phone_closed))
    if sender.phone_emergency:
        said.append(words.emergency.format(phone=sender.phone_emergency))
    return " ".join(said)


def _visit_lines(mail: MailFacts, words: MailWords, written_on: date) -> tuple[str, ...]:
    if len(mail.visits) == 1 and mail.kind not in LISTS:
        return ()
    return tuple(
        f"{when_words(visit.starts_at, words, mail.sender, written_on=written_on)},"
        f" {stay_words(visit.minutes, words)}"
        for visit in mail.visits
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(resource_dir("templates") / "email"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@cache
def _css() -> Markup:
    file = resource_dir("templates") / "email" / "email.css"
    return Markup(file.read_text(encoding="utf-8"))  # noqa: S704 - our own file
