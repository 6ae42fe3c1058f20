"""Refusals as named facts: each carries its data, a sentence and the status it answers with."""

from datetime import date
from typing import ClassVar


class DomainError(Exception):
    """A refusal that a person can read.

    ``str()`` is a sentence that says what to do. ``field`` names the form or API field it is about,
    ``status`` is 409 when the facts stand in the way, 422 when the input is wrong, ``offers`` the next
    times where a place was refused.
    """

    status: ClassVar[int] = 409
    field: str | None = None
    offers: tuple[object, ...] = ()

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        if field is not None:
            self.field = field

    @property
    def code(self) -> str:
        """The error's stable name in the API: ``TooEarlyError`` is ``too_early``."""
        name = type(self).__name__.removesuffix("Error")
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class InvalidError(DomainError):
    """The input itself is wrong, whatever the facts are."""

    status = 422


class NotFoundError(DomainError):
    """Nothing of this organization has that id; other organizations' ids answer the same."""

    status = 404

    def __init__(self, noun: str = "page") -> None:
        super().__init__(f"There is no such {noun}.")


class NotAllowedError(DomainError):
    """The person's roles do not allow this."""

    status = 403


class NeedsConfirmationError(InvalidError):
    """The value is unusual: a person has to confirm it (a weight of 7 or 700 kg, a likely double)."""


class StaleError(DomainError):
    """Somebody else changed it since the form was opened."""


class JustTakenError(DomainError):
    """The place was taken between the offer and the booking; nothing was booked."""


class ChairTakenError(JustTakenError):
    """The database refused two visits in one chair; nothing was booked."""


class NoCapacityError(DomainError):
    """Hours, chairs, IV starts, nurse load or mixing refuse the start."""


class AlreadyBookedError(DomainError):
    """The dose is on a live appointment already, or the patient is elsewhere at that time."""


class TooEarlyError(DomainError):
    """Before the dose's not-before day (hard)."""

    def __init__(self, sentence: str, *, not_before: date) -> None:
        super().__init__(sentence, field="day")
        self.not_before = not_before


class OutsideWindowError(DomainError):
    """Outside earliest .. latest: needs a role and a reason."""


class NotApprovedError(DomainError):
    """The regimen is a draft, or a choice is open: it takes no order outside a demonstration."""

    field = "regimen"


class UndoExpiredError(DomainError):
    """The 30 seconds are over, or something has changed since."""
