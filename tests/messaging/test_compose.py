"""What a mail says, what it never says, and that the same facts give the same bytes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import product

import pytest

from scheduler.domain.guidance import GuidanceWanted, choose
from scheduler.domain.messages import LEAD_OF, Lead, MessageKind
from scheduler.domain.people import CalendarMode, PrivacyLevel
from scheduler.domain.privacy import words_that_leave
from scheduler.messaging.compose import PrivateWordError, compose
from scheduler.messaging.facts import MailFacts
from scheduler.services.guidance import starter_sections
from tests.factories.mail import SENDER, make_mail, make_visit_time

DRUGS = (
    "ocrelizumab",
    "natalizumab",
    "ublituximab",
    "alemtuzumab",
    "mitoxantrone",
    "methylprednisolone",
    "other",
)
ABOUT_ONE_VISIT = [k for k in MessageKind if k is not MessageKind.SERIES_SUMMARY]


def with_guidance(
    mail: MailFacts, drug: str, lead: Lead = Lead.THREE_DAYS, *, first: bool = True
) -> MailFacts:
    wanted = GuidanceWanted(
        drug=drug, phase="induction", first=first, lead=lead, language=mail.language
    )
    return replace(mail, sections=choose(starter_sections(), wanted))


def part(mail: EmailMessage, subtype: str) -> str:
    body = mail.get_body((subtype,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def sent(mail: MailFacts) -> EmailMessage:
    return message_from_bytes(compose(mail).as_bytes(), policy=default)


@pytest.mark.family
@pytest.mark.parametrize("kind", list(MessageKind))
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("drug", DRUGS)
def test_no_byte_of_a_minimal_mail_says_what_it_is_for(
    kind: MessageKind, language: str, drug: str
) -> None:
    mail = make_mail(kind=kind, language=language, calendar=CalendarMode.INVITATION)

    for first in (True, False):
        raw = compose(with_guidance(mail, drug, Lead.PAGE, first=first)).as_bytes()
        assert words_that_leave(raw) == ()
        assert b"Theo" not in raw


@pytest.mark.slow
@pytest.mark.family
@pytest.mark.parametrize("drug", DRUGS)
def test_no_lead_of_any_drug_says_too_much(drug: str) -> None:
    for lead, language in product(Lead, ("en", "es")):
        raw = compose(with_guidance(make_mail(language=language), drug, lead)).as_bytes()
        assert words_that_leave(raw) == ()


def test_the_scan_finds_a_word_in_every_corner_of_a_mail() -> None:
    for corner in corners():
        assert words_that_leave(corner.as_bytes()) == ("infusion",), corner.as_string()


def corners() -> Iterator[EmailMessage]:
    plain = make_mail()
    yield changed(plain, lambda m: m.replace_header("Subject", "Your infusion"))
    yield changed(plain, lambda m: m.replace_header("From", "Infusión <a@b.example>"))
    yield changed(plain, lambda m: m.add_header("Reply-To", "infusion@lakeside.example"))
    yield changed(plain, lambda m: m.replace_header("Message-ID", "<1@infusion.example>"))
    yield changed(plain, lambda m: m.add_attachment("x", filename="infusion.ics"))
    yield changed(plain, lambda m: m.add_attachment(b"infusion", maintype="a", subtype="b"))
    yield changed(plain, lambda m: m.add_attachment("<b>in</b>fusion", subtype="html"))
    yield changed(plain, lambda m: m.add_attachment("SUMMARY:infu\r\n sion", subtype="calendar"))
    yield changed(plain, lambda m: m.add_attachment("infusi&#243;n", subtype="html"))


def changed(mail: MailFacts, change: object) -> EmailMessage:
    message = compose(mail)
    assert callable(change)
    change(message)
    return message


def test_a_mail_that_would_say_too_much_is_not_made() -> None:
    named = replace(SENDER, name="Lakeside Infusion Center")

    with pytest.raises(PrivateWordError, match="infusion"):
        compose(make_mail(sender=named))


def test_an_address_that_says_too_much_is_left_out_of_minimal_mails() -> None:
    place = replace(SENDER, place="Infusion Suite\n220 Orchard Street")

    assert "Orchard" not in part(sent(make_mail(sender=place)), "plain")
    standard = make_mail(sender=place, level=PrivacyLevel.STANDARD)
    assert "Infusion Suite, 220 Orchard Street" in part(sent(standard), "plain")


@pytest.mark.parametrize("kind", ABOUT_ONE_VISIT)
def test_the_first_line_of_every_visit_mail_is_day_and_time(kind: MessageKind) -> None:
    mail = sent(make_mail(kind=kind))

    assert part(mail, "plain").splitlines()[0] == "Tuesday, March 24, 10:30 am"
    assert '<div class="preview"' in part(mail, "html")


@pytest.mark.parametrize("kind", [k for k in MessageKind if k is not MessageKind.CANCELLED])
@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_every_mail_asks_the_ill_to_call_first(kind: MessageKind, subtype: str) -> None:
    english, spanish = (sent(make_mail(kind=kind, language=each)) for each in ("en", "es"))

    assert "If you have a fever or feel ill, call us before you come:" in part(english, subtype)
    assert "Si tiene fiebre o se siente mal, llámenos antes de venir:" in part(spanish, subtype)


def test_a_preparation_mail_says_how_to_get_ready() -> None:
    text = part(
        sent(with_guidance(make_mail(kind=MessageKind.PREPARATION), "natalizumab")), "plain"
    )

    assert "- Plan to stay about 4 hours." in text
    assert "- Drink plenty of water the day before, and eat breakfast." in text
    assert "- Ask someone to drive you home. You may feel sleepy." in text
    assert "https://visits.cedarhollow.example/v/abc" in text


def test_a_spanish_mail_is_spanish_throughout() -> None:
    mail = sent(
        with_guidance(make_mail(kind=MessageKind.REMINDER, language="es"), "x", Lead.ONE_DAY)
    )
    text = part(mail, "plain")

    assert mail["Subject"] == "Recordatorio: su visita del martes 24 de marzo"
    assert text.startswith("martes 24 de marzo, 10:30 am\n\nHola,")
    assert "- Beba mucha agua el día antes y desayune." in text
    assert '<html lang="es"' in part(mail, "html")


def test_each_level_says_more() -> None:
    mail = with_guidance(make_mail(kind=MessageKind.PREPARATION), "natalizumab")
    minimal, standard, full = (
        part(sent(replace(mail, level=level)), "plain") for level in PrivacyLevel
    )

    assert "Hello,\n" in minimal
    assert "Hello Theo,\n" in standard
    assert "infusion" not in minimal + standard
    assert "Before each infusion we ask you a list of questions." in full


def test_a_series_lists_its_visits_and_has_no_calendar_file() -> None:
    second = make_visit_time(
        starts_at=make_visit_time().starts_at + timedelta(days=364),
        ends_at=make_visit_time().ends_at + timedelta(days=364),
    )
    mail = sent(make_mail(kind=MessageKind.SERIES_SUMMARY, visits=(make_visit_time(), second)))

    assert mail["Subject"] == "Your next 2 visits"
    assert "- Tuesday, March 24, 10:30 am, about 4 hours" in part(mail, "plain")
    assert "- Tuesday, March 23, 2027, 10:30 am, about 4 hours" in part(mail, "plain")
    assert list(mail.iter_attachments()) == []


def test_the_same_facts_give_the_same_bytes() -> None:
    mail = with_guidance(make_mail(kind=MessageKind.PREPARATION), "ocrelizumab")

    assert compose(mail).as_bytes() == compose(mail).as_bytes()
    assert compose(mail)["Message-ID"] == (
        "<0000000000000000000000000000004d@visits.cedarhollow.example>"
    )
    assert compose(replace(mail, edition=1))["Message-ID"] != compose(mail)["Message-ID"]


def test_a_mail_loads_nothing_from_outside() -> None:
    html = part(sent(with_guidance(make_mail(level=PrivacyLevel.FULL), "alemtuzumab")), "html")

    for word in ("<img", "<script", "<link", "src=", "@import", "url(", "<table"):
        assert word not in html
    assert "prefers-color-scheme: dark" in html


def test_html_inside_guidance_is_shown_and_not_obeyed() -> None:
    mail = with_guidance(make_mail(), "x")
    section = replace(mail.sections[0], neutral="- <script>alert(1)</script> & more")

    html = part(sent(replace(mail, sections=(section,))), "html")

    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_every_lead_of_a_message_has_guidance() -> None:
    for lead in set(LEAD_OF.values()):
        assert with_guidance(make_mail(), "x", lead).sections
