"""What a patient was told of a visit, and whether a change has to be told."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.timing import Instant, local

END_TOLERANCE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a patient is told of a visit; the chair is never part of it.

    Args:
        day: On the center's calendar.
        start: Wall time.
        minutes: How long to plan.
        place: The address.
        instructions: Digest of the guidance texts that apply.
    """

    day: date
    start: time
    minutes: int
    place: str = ""
    instructions: str = ""


def told(
    starts_at: Instant, ends_at: Instant, zone: ZoneInfo, *, place: str, instructions: str
) -> Told:
    """Return what a patient is told of a visit with these UTC instants."""
    start = local(starts_at, zone)
    return Told(
        day=start.date(),
        start=start.time().replace(tzinfo=None, fold=0),
        minutes=int((ends_at - starts_at).total_seconds() // 60),
        place=place,
        instructions=instructions,
    )


def digest(texts: Iterable[str]) -> str:
    """Return a short fingerprint of instruction texts, so that a changed text counts as a change."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def changed(old: Told, new: Told) -> bool:
    """Say whether a patient told ``old`` has to be told ``new``.

    Day, start, place and instructions count always, the end only from 15 minutes on.
    """
    if (old.day, old.start, old.place, old.instructions) != (
        new.day,
        new.start,
        new.place,
        new.instructions,
    ):
        return True
    return timedelta(minutes=abs(new.minutes - old.minutes)) >= END_TOLERANCE


def next_revision(revision: int, last: Told | None, new: Told) -> int:
    """Return the notice revision after a change: it rises only if what was told changes, and never falls."""
    return revision if last is not None and not changed(last, new) else revision + 1


def written(facts: Told) -> str:
    """Return the facts as the text that is stored with a message."""
    values = asdict(facts) | {"day": facts.day.isoformat(), "start": f"{facts.start:%H:%M}"}
    return json.dumps(values, sort_keys=True)


def read(text: str) -> Told | None:
    """Return the facts that ``written`` stored; None for an empty text."""
    if not text:
        return None
    values = json.loads(text)
    day, start = date.fromisoformat(values.pop("day")), time.fromisoformat(values.pop("start"))
    return Told(day=day, start=start, **values)
