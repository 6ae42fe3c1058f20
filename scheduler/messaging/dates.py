"""Days, times and lengths of visits as patients read them."""

import math
from datetime import date

from babel.dates import format_date, format_datetime

from scheduler.domain.timing import Instant, local
from scheduler.messaging.facts import Sender
from scheduler.messaging.words import MailWords

HOUR = 60
LONG_AHEAD = 300
DAY = {"en": "EEEE, MMMM d", "es": "EEEE d 'de' MMMM"}
DAY_AND_YEAR = {"en": "EEEE, MMMM d, y", "es": "EEEE d 'de' MMMM 'de' y"}


def day_words(day: date, words: MailWords, *, written_on: date) -> str:
    """Return "Tuesday, March 24"; with the year when that could be mistaken."""
    pattern = DAY if abs((day - written_on).days) < LONG_AHEAD else DAY_AND_YEAR
    return format_date(day, pattern[words.language], locale=words.language)


def time_words(at: Instant, sender: Sender) -> str:
    """Return "10:30 am" on the center's clock."""
    return format_datetime(local(at, sender.zone), "h:mm a", locale="en_US").lower()


def when_words(at: Instant, words: MailWords, sender: Sender, *, written_on: date) -> str:
    """Return "Tuesday, March 24, 10:30 am"."""
    day = day_words(local(at, sender.zone).date(), words, written_on=written_on)
    return f"{day}, {time_words(at, sender)}"


def stay_words(minutes: int, words: MailWords) -> str:
    """Return "about 4½ hours", rounded up to half hours; under an hour, to ten minutes."""
    if minutes <= HOUR - 10:
        return words.about_minutes.format(count=math.ceil(minutes / 10) * 10)
    halves = math.ceil(minutes / 30)
    if halves <= 2:  # noqa: PLR2004 - two halves are an hour
        return words.about_hour
    return words.about_hours.format(count=f"{halves // 2}{'½' if halves % 2 else ''}")
