"""A field for a span as a prescriber writes it."""

from typing import Any

from wtforms import StringField

from scheduler.domain.dates import Interval, read_interval
from scheduler.domain.rule_numbers import spoken_interval


class SpanField(StringField):
    """A span of days, weeks or months; ``data`` is an ``Interval`` or None, weeks and months as they were written."""

    data: Interval | None  # type: ignore[assignment]  # the field's value, not what was typed

    def _value(self) -> str:
        """Return what was typed, else the span in words."""
        if self.raw_data:
            return str(self.raw_data[0])
        return spoken_interval(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the span.

        Raises:
            ValueError: it is none.
        """
        text = str(valuelist[0]).strip() if valuelist else ""
        try:
            self.data = read_interval(text) if text else None
        except ValueError:
            raise ValueError("Write it as 4 weeks, 6 months or 28 days.") from None
