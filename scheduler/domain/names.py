"""How names, record numbers and addresses are compared: accents, case and punctuation folded away."""

import re
import unicodedata
from datetime import date

from scheduler.domain.errors import InvalidError

LONGEST_TEXT = 10_000
LONGEST_WORD = 80
SHORTEST_PREFIX = 2
LONGEST_PREFIX = 10
LONGEST_ADDRESS = 254
FEWEST_DIGITS = 7
FIRST_YEAR, LAST_YEAR = 1850, 2199

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
APOSTROPHES = re.compile(r"['’‘`´ʼ]")
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
NO_ADDRESS = re.compile(r"[\s,;<>()\[\]\\\":\x00-\x1f\x7f]|\.\.|^\.|\.@|@\.|\.$")
US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def folded(text: str) -> str:
    """Return text without case and accents: "Müller" and "MULLER" are one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(LETTERS)


def words_of(text: str) -> frozenset[str]:
    """Return the folded words under which a name is found.

    "O'Brien" is obrien and brien, "Garcia-Lopez" garcia and lopez, "Müller" muller and mueller.
    """
    spellings = {text, unicodedata.normalize("NFC", text.casefold()).translate(UMLAUTS)}
    found: set[str] = set()
    for spelling in spellings:
        plain = folded(spelling)
        found.update(_split(APOSTROPHES.sub("", plain)))
        found.update(_split(APOSTROPHES.sub(" ", plain)))
    return frozenset(found)


def terms_of(text: str) -> tuple[str, ...]:
    """Return the folded words of what somebody typed, in order."""
    return tuple(_split(APOSTROPHES.sub("", folded(text))))


def _split(plain: str) -> list[str]:
    return [word for word in re.split(r"[^\w]+|_", plain) if word]


def prefixes(word: str) -> tuple[str, ...]:
    """Return the prefixes of 2 to 10 letters of a folded word; of a single letter, itself."""
    if len(word) < SHORTEST_PREFIX:
        return (word,)
    return tuple(word[:n] for n in range(SHORTEST_PREFIX, min(len(word), LONGEST_PREFIX) + 1))


def folded_number(mrn: str) -> str:
    """Return a record number as it is compared: letters and digits alone, in capitals."""
    return "".join(c for c in mrn.upper() if c.isalnum())


def unwritable(text: str, *, longest: int = LONGEST_TEXT) -> str:
    """Return what keeps a typed text from being stored, as the end of a sentence; nothing when it can be.

    Control characters but tab and line ends, halves of a character and marks that turn the direction of
    the text around are no writing: they come from broken programs, or are there to deceive.
    """
    if len(text) > longest:
        return f"is too long; at most {longest} characters."
    if any(_is_no_writing(c) for c in text):
        return "holds a character that is no writing; type it anew."
    return ""


def require_writable(text: str, *, field: str) -> str:
    """Return a typed text without space around it.

    Raises:
        InvalidError: it cannot be stored; names the field.
    """
    clean = text.strip()
    if wrong := unwritable(clean):
        raise InvalidError(f"{field.replace('_', ' ').capitalize()} {wrong}", field=field)
    return clean


def _is_no_writing(c: str) -> bool:
    return (unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\r\n") or c in TURNS


def day_typed(text: str) -> date | None:
    """Return the day that somebody typed as 1980-03-01 or 3/1/1980; None when it is no day of the calendar."""
    if found := ISO_DAY.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := US_DAY.fullmatch(text):
        month, day, year = (int(part) for part in found.groups())
    else:
        return None
    try:
        found_day = date(year, month, day)
    except ValueError:
        return None
    return found_day if in_calendar(found_day) else None


def in_calendar(day: date) -> bool:
    """Say whether a day can be calculated with: what is centuries away overflows somewhere."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def require_address(email: str) -> str:
    """Return an e-mail address without surrounding space.

    Raises:
        InvalidError: it cannot be one.
    """
    address = email.strip()
    name, _, host = address.partition("@")
    wrong = not name or "." not in host.strip(".") or "@" in host or re.search(NO_ADDRESS, address)
    if not wrong and not address.isascii():
        raise InvalidError(
            f"“{address}” has letters that mail servers do not all carry; ask for an address in plain"
            " letters (a to z).",
            field="email",
        )
    if wrong or len(address) > LONGEST_ADDRESS:
        raise InvalidError(
            f"“{address}” is not an e-mail address; it needs a name, an @ and a host"
            " such as ann@example.org.",
            field="email",
        )
    return address


def require_phone(phone: str) -> str:
    """Return a phone number without surrounding space.

    Raises:
        InvalidError: it has fewer than seven digits.
    """
    number = phone.strip()
    if sum(c.isdigit() for c in number) < FEWEST_DIGITS:
        raise InvalidError("The phone number needs at least seven digits.", field="phone")
    return number
