"""What to say on the phone when somebody is told by call instead of mail; for the desk, in English."""

from datetime import date

from scheduler.domain.guidance import GuidanceSection
from scheduler.domain.messages import MessageKind
from scheduler.domain.timing import local_day
from scheduler.messaging.dates import stay_words, when_words
from scheduler.messaging.facts import Sender, VisitTime
from scheduler.messaging.texts import plain
from scheduler.messaging.words import ENGLISH

SAY = {
    MessageKind.CONFIRMATION: "Confirm the visit on {when}. Plan {stay}.",
    MessageKind.PREPARATION: "Remind of the visit on {when} and how to get ready. Plan {stay}.",
    MessageKind.REMINDER: "Remind of the visit on {when}. Plan {stay}.",
    MessageKind.MOVED: "The visit has moved: it is now on {when}. Plan {stay}.",
    MessageKind.CANCELLED: "The visit on {when} is cancelled; find another day.",
    MessageKind.SERIES_SUMMARY: "Tell the dates of the next visits, the first on {when}.",
    MessageKind.COURSE: "Tell the days of the course, the first on {when}.",
}
ILL = "Ask about fever or feeling ill; if so, a nurse decides before they come."


def what_to_say(
    kind: MessageKind,
    visit: VisitTime,
    sender: Sender,
    *,
    today: date,
    sections: tuple[GuidanceSection, ...] = (),
) -> str:
    """Return what a person tells the patient on the phone."""
    when = when_words(visit.starts_at, ENGLISH, sender, written_on=today)
    lines = [SAY[kind].format(when=when, stay=stay_words(visit.minutes, ENGLISH))]
    lines += [plain(section.neutral) for section in sections]
    if kind is not MessageKind.CANCELLED:
        lines.append(ILL)
    return "\n".join(lines)


def call_day(visit: VisitTime, sender: Sender) -> date:
    """Return the visit's day on the center's calendar."""
    return local_day(visit.starts_at, sender.zone)
