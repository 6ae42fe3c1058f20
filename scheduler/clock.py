"""The system's clock as a value; nothing else asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime

from scheduler.domain.timing import Instant

Clock = Callable[[], Instant]


def system_clock() -> Instant:
    """Return the present instant."""
    return datetime.now(UTC)
