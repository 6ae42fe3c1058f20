"""What a new center is made of, as somebody answers it, and what is wrong with the answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scheduler.domain.errors import InvalidError
from scheduler.domain.names import require_address, require_phone
from scheduler.domain.people import ChairKind, MailMode, OrganizationMode
from scheduler.domain.privacy import private_words
from scheduler.domain.roles import Role

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """Wall times of one weekday (0 = Monday); a weekday that is not named is closed."""

    weekday: int
    opens: time
    closes: time
    mixing_from: time | None = None
    mixing_until: time | None = None
    last_drug_end: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChair:
    """A chair, bed or room."""

    name: str
    kind: ChairKind = ChairKind.CHAIR
    near_nurses: bool = False
    lift: bool = False
    isolation: bool = False
    pod: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person of the center.

    Args:
        email: Empty: cannot sign in until somebody enters one.
        password_hash: Known beforehand only in a demonstration; otherwise a link is drawn.
        competencies: Code and last day, or None without end.
        on_shift: Counts as a nurse during the opening hours.
        lunch: From and until, of a person on shift.
        language: Of the pages: en or es.
    """

    name: str
    email: str = ""
    roles: frozenset[Role]
    password_hash: str = ""
    competencies: tuple[tuple[str, date | None], ...] = ()
    on_shift: bool = False
    lunch: tuple[time, time] | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What nurses and starts allow; minutes of the steps that are the same for every visit."""

    nurse_rule: str = "S"
    patients_per_nurse: int = 3
    starts_per_nurse: int = 1
    starts_per_slot: int | None = None
    mixing_per_slot: int | None = None
    intake_minutes: int = 15
    iv_minutes: int = 10
    discharge_minutes: int = 5
    turnover_minutes: int = 15
    publish_at: time = time(15)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClosure:
    """A day or span without infusions; with ``open_until`` or ``open_from`` a half day."""

    first_day: date
    last_day: date
    reason: str
    from_time: time | None = None
    until_time: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupCenter:
    """An organization and its first center.

    Args:
        neutral_name: What mails say; must not say infusion.
        zone: Such as America/New_York.
        people: At least one of them an admin with an address.
        send_at: Wall time at which the messages of a day are due.
        effective_from: The day from which hours and limits hold; the center's today when None.
        clock_offset_seconds: Of a demonstration.
    """

    organization: str
    center: str
    neutral_name: str
    zone: str
    hours: tuple[OpeningHours, ...]
    chairs: tuple[NewChair, ...]
    people: tuple[NewPerson, ...]
    limits: Limits = Limits()
    closures: tuple[NewClosure, ...] = ()
    address: str = ""
    phone_open: str = ""
    phone_closed: str = ""
    phone_emergency: str = "911"
    mail_from: str = ""
    mail_host: str = ""
    mail_mode: MailMode = MailMode.OUTBOX
    send_at: time = time(9)
    mode: OrganizationMode = OrganizationMode.LIVE
    effective_from: date | None = None
    clock_offset_seconds: int = 0
    demonstration_seed: int | None = None
    second_approval: bool = False


def require_sound(request: SetupCenter) -> None:
    """Refuse answers that make no center.

    Raises:
        InvalidError: names the field.
    """
    for field in ("organization", "center", "neutral_name"):
        _require_name(getattr(request, field), field)
    require_neutral(request.neutral_name)
    require_zone(request.zone)
    _require_hours(request.hours)
    _require_distinct([chair.name for chair in request.chairs], "chairs")
    _require_people(request.people)
    if request.phone_open:
        require_phone(request.phone_open)


def _require_name(text: str, field: str) -> None:
    if not text.strip() or len(text) > LONGEST_NAME:
        raise InvalidError(f"Enter the {field.replace('_', ' ')}.", field=field)


def require_neutral(name: str) -> None:
    """Refuse a name for mails that says what people come for.

    Raises:
        InvalidError: it holds such a word.
    """
    if said := private_words(name):
        raise InvalidError(
            f"The name for mails says “{said[0]}”; choose one that does not say what people come for.",
            field="neutral_name",
        )


def require_zone(zone: str) -> ZoneInfo:
    """Return the zone of that name.

    Raises:
        InvalidError: there is none.
    """
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidError(
            f"“{zone}” is not a time zone; write one such as America/New_York.", field="zone"
        ) from None


def _require_hours(hours: tuple[OpeningHours, ...]) -> None:
    if not hours:
        raise InvalidError("The center has to be open on at least one weekday.", field="hours")
    for day in hours:
        if day.closes <= day.opens:
            raise InvalidError(
                f"{WEEKDAYS[day.weekday]}: it has to close after it opens.", field="hours"
            )


def _require_distinct(names: Iterable[str], field: str) -> None:
    listed = [name.strip().casefold() for name in names]
    if not listed or len(set(listed)) < len(listed) or "" in listed:
        raise InvalidError(f"Give the {field} names that differ; at least one.", field=field)


def _require_people(people: tuple[NewPerson, ...]) -> None:
    for person in people:
        _require_name(person.name, "name")
        if person.email:
            require_address(person.email)
    if not any(Role.ADMIN in person.roles and person.email for person in people):
        raise InvalidError("Somebody has to be admin, with an e-mail address.", field="admin")
