"""What may be named at each privacy level, and the search for words that may not, in all bytes of a mail."""

import email
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from email import policy
from email.message import EmailMessage

from scheduler.domain.people import PrivacyLevel
from scheduler.domain.private_words import ABBREVIATIONS, BRANDS, DIAGNOSES, DRUGS, PRIVATE

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
TAG = re.compile(r"<[^>]*>")
FOLDED_LINE = re.compile(r"\r?\n[ \t]")
RECIPIENT_HEADERS = ("to", "cc")

FORBIDDEN = {
    PrivacyLevel.MINIMAL: PRIVATE,
    PrivacyLevel.STANDARD: DRUGS | BRANDS | DIAGNOSES,
    PrivacyLevel.FULL: frozenset[str](),
}
"""Minimal: neutral texts, no name. Standard: the name, "treatment", no drug or diagnosis. Full: everything."""


def decoded(text: str) -> str:
    """Return text as an eye reads it: entities and compatibility forms resolved, invisible marks gone."""
    plain = INVISIBLE.sub("", html.unescape(html.unescape(text)))
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", plain))


def folded(text: str) -> str:
    """Return decoded text in lower case without accents, for comparing words."""
    split = unicodedata.normalize("NFD", decoded(text).casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")


_WORDS = {level: _pattern(words) for level, words in FORBIDDEN.items() if words}
_SHORT = _pattern(ABBREVIATIONS)


def private_words(text: str, level: PrivacyLevel = PrivacyLevel.MINIMAL) -> tuple[str, ...]:
    """Return the words of a text that the level forbids, as whole words after decoding."""
    pattern = _WORDS.get(level)
    if pattern is None:
        return ()
    found = set(pattern.findall(folded(text)))
    if level is PrivacyLevel.MINIMAL:
        found.update(_SHORT.findall(decoded(text)))
    return tuple(sorted(found))


def words_that_leave(raw: bytes, level: PrivacyLevel = PrivacyLevel.MINIMAL) -> tuple[str, ...]:
    """Return the forbidden words in a complete outgoing mail: every header, every part, every file name.

    The recipient's own address is left out: it is theirs, whatever it says.
    """
    message = email.message_from_bytes(raw, policy=policy.default)
    found = {word for text in _texts(message) for word in private_words(text, level)}
    return tuple(sorted(found))


def _texts(message: EmailMessage) -> Iterator[str]:
    for part in message.walk():
        for name, value in part.items():
            if name.lower() not in RECIPIENT_HEADERS:
                yield f"{name}: {value}"
        yield part.get_filename() or ""
        if not part.is_multipart():
            yield from _readings(_content(part))


def _content(part: email.message.Message) -> str:
    payload = part.get_payload(decode=True)
    body = payload if isinstance(payload, bytes) else b""
    return body.decode(part.get_content_charset() or "utf-8", "replace")


def _readings(text: str) -> Iterator[str]:
    """Yield the text as it stands, unfolded as a calendar reads it, and as HTML shows it."""
    yield text
    yield FOLDED_LINE.sub("", text).replace("\\n", " ").replace("\\", "")
    yield TAG.sub("", text)
    yield TAG.sub(" ", text)
