"""What no regimen file may hold, whatever the key: numbers, spans and texts beyond every use."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from scheduler.domain.dates import Interval, parse_interval
from scheduler.domain.grammar_lines import Path
from scheduler.domain.grammar_spans import most
from scheduler.domain.grammar_table import GrammarError
from scheduler.domain.names import unwritable

LONGEST_FILE = 100_000
"""Characters; fifty times the usual file."""

LONGEST_VALUE = 1_000
LARGEST_NUMBER = 1_000_000
LONGEST_SPAN = 366 * 100
DEEPEST = 12

MOST_DOTS = 50
"""In a line; a key of thousands of parts takes a parser a minute."""


def require_readable(text: str, *, file: str) -> None:
    """Refuse a text that would only keep the parser busy.

    Raises:
        GrammarError: says which line.
    """
    if len(text) > LONGEST_FILE:
        sentence = f"it is too long; at most {LONGEST_FILE:,} characters"
        raise GrammarError(file, "", sentence, line=1)
    for number, line in enumerate(text.splitlines(), 1):
        if line.count(".") > MOST_DOTS:
            raise GrammarError(file, "", f"more than {MOST_DOTS} dots in one line", line=number)


def require_bounded(document: Any, *, file: str) -> None:
    """Refuse a document with a value that nothing could be computed, stored or shown with.

    Raises:
        GrammarError: names the place and what is wrong.
    """
    for path, sentence in _faults(document, ()):
        place = ".".join(str(part)[:40] for part in path[:DEEPEST])
        raise GrammarError(file, place, sentence, path=path)


def _faults(value: Any, path: Path, depth: int = 0) -> Iterator[tuple[Path, str]]:
    if depth > DEEPEST:
        yield path[:1], "it is nested too deeply"
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _in_text(key, path)
            yield from _faults(inner, (*path, key), depth + 1)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            # a value in a list has no line and no field of its own: the list has
            at = (*path, n) if isinstance(inner, dict) else path
            yield from _faults(inner, at, depth + 1)
    elif isinstance(value, str):
        yield from _in_text(value, path)
    elif isinstance(value, int | float):
        yield from _in_number(value, path)


def _in_text(text: str, path: Path) -> Iterator[tuple[Path, str]]:
    if wrong := unwritable(text, longest=LONGEST_VALUE):
        yield path, f"it {wrong.rstrip('.')}"
        return
    try:
        span = parse_interval(text)
    except ValueError:
        return
    if most(Interval(months=abs(span.months), days=abs(span.days))) > LONGEST_SPAN:
        yield path, "it is longer than a hundred years"


def _in_number(number: float, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(number, float) and not isfinite(number):
        yield path, "it is no number to calculate with"
    elif number < 0:
        yield path, "it is below 0"
    elif number > LARGEST_NUMBER:
        yield path, f"it is too large; at most {LARGEST_NUMBER:,}"
