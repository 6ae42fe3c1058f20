"""One table of a regimen file: keys are taken one by one, and what is left over is refused."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn, TypeVar, cast

from scheduler.domain.dates import Interval, parse_interval
from scheduler.domain.grammar_lines import Path

Value = TypeVar("Value")
Made = TypeVar("Made")
NUMBER = (int, float)


class Missing:
    """Stands for "there is no default"."""


MISSING = Missing()


class GrammarError(ValueError):
    """A regimen file that cannot be read: which file and line, where in it, and what to do.

    Args:
        path: The keys that lead to the place, rows of arrays by their number.
        line: Where it stands in the file; 0 while only the parsed document is known.
    """

    def __init__(
        self, file: str, place: str, sentence: str, *, path: Path = (), line: int = 0
    ) -> None:
        where = f"{file}, line {line}" if line else file
        super().__init__(f"{where}: {place + ': ' if place else ''}{sentence}.")
        self.file = file
        self.place = place
        self.sentence = sentence
        self.path = path
        self.line = line

    def at(self, line: int) -> "GrammarError":
        """Return the refusal with the line it is about."""
        return GrammarError(self.file, self.place, self.sentence, path=self.path, line=line)


class Table:
    """A table of the file and the place where it stands, for refusals."""

    def __init__(
        self, values: Mapping[str, Any], file: str, place: str = "", path: Path = ()
    ) -> None:
        self._values = dict(values)
        self._file = file
        self._place = place
        self._path = path

    @property
    def file(self) -> str:
        """The file's name."""
        return self._file

    def refuse(self, key: str, sentence: str) -> NoReturn:
        """Refuse a value.

        Raises:
            GrammarError: always.
        """
        place = ".".join(filter(None, (self._place, key)))
        raise GrammarError(self._file, place, sentence, path=(*self._path, *filter(None, (key,))))

    def names(self) -> tuple[str, ...]:
        """Return the keys that nobody has taken yet."""
        return tuple(self._values)

    def taken(self, key: str, kind: Any, default: Any = MISSING) -> Any:
        """Take a value of a kind; a missing one without a default is refused."""
        if key not in self._values:
            if default is MISSING:
                self.refuse(key, "it is missing")
            return default
        value = self._values.pop(key)
        wrong_flag = isinstance(value, bool) and kind is not bool
        if wrong_flag or not isinstance(value, kind):
            self.refuse(key, f"{value!r} is not of the right kind")
        return value

    def flag(self, key: str) -> bool:
        """Take true or false; false when it is missing."""
        return bool(self.taken(key, bool, default=False))

    def optional(self, key: str, parse: Callable[[str], Value]) -> Value | None:
        """Take a text and parse it; None when it is missing."""
        text = self.taken(key, str, None)
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.refuse(key, str(error))

    def span(self, key: str) -> Interval | None:
        """Take a span such as P6M; None when it is missing."""
        return self.optional(key, parse_interval)

    def needed_span(self, key: str) -> Interval:
        """Take a span that must be there."""
        found = self.span(key)
        return self.refuse(key, "it is missing") if found is None else found

    def spans(self, key: str) -> tuple[Interval, ...]:
        """Take a list of spans; empty when it is missing."""
        try:
            return tuple(parse_interval(text) for text in self.texts(key))
        except ValueError as error:
            self.refuse(key, str(error))

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts; empty when it is missing."""
        found: tuple[str, ...] = self._all(key, str)
        return found

    def counts(self, key: str) -> tuple[int, ...]:
        """Take a list of whole numbers from 1 on; empty when it is missing."""
        found: tuple[int, ...] = self._all(key, int)
        if any(each < 1 for each in found):
            self.refuse(key, "count from 1")
        return found

    def decimals(self, key: str) -> tuple[Decimal, ...]:
        """Take a list of numbers; empty when it is missing."""
        return tuple(Decimal(str(each)) for each in self._all(key, NUMBER))

    def _all(self, key: str, kind: Any) -> Any:
        found = self.taken(key, list, [])
        if not all(isinstance(each, kind) and not isinstance(each, bool) for each in found):
            self.refuse(key, f"{found!r} has something in it that is not of the right kind")
        return tuple(found)

    def decimal(self, key: str) -> Decimal | None:
        """Take a number; None when it is missing."""
        value = self.taken(key, NUMBER, None)
        return None if value is None else Decimal(str(value))

    def needed_decimal(self, key: str) -> Decimal:
        """Take a number that must be there."""
        return Decimal(str(self.taken(key, NUMBER)))

    def one_of(self, key: str, allowed: Sequence[str], default: Any = MISSING) -> str:
        """Take one of some words."""
        word = self.taken(key, str, default)
        if word not in allowed:
            self.refuse(key, f"{word!r} is none of {', '.join(map(str, allowed))}")
        return cast(str, word)

    def sub(self, key: str) -> "Table | None":
        """Take a table inside this one; None when it is missing."""
        value = self.taken(key, dict, None)
        return None if value is None else self._below(value, key, (key,))

    def needed_sub(self, key: str) -> "Table":
        """Take a table that must be there."""
        found = self.sub(key)
        return self.refuse(key, "it is missing") if found is None else found

    def tables(self, key: str) -> "Sequence[Table]":
        """Take a list of tables."""
        rows = self.taken(key, list, [])
        if not all(isinstance(row, dict) for row in rows):
            self.refuse(key, "each of them must be a table")
        named = [f"{key} {row.get('id') or row.get('name') or n + 1}" for n, row in enumerate(rows)]
        return [self._below(row, named[n], (key, n)) for n, row in enumerate(rows)]

    def mapping(self, key: str, kind: Any, *, needed: bool = False) -> Mapping[str, Any]:
        """Take a table whose keys are free and whose values are all of a kind."""
        found = self.needed_sub(key) if needed else self.sub(key)
        return {} if found is None else {name: found.taken(name, kind) for name in found.names()}

    def _below(self, values: Mapping[str, Any], name: str, path: Path) -> "Table":
        place = f"{self._place}.{name}".lstrip(".")
        return Table(values, self._file, place, (*self._path, *path))

    def done(self) -> None:
        """Refuse keys that nobody took."""
        for key in self._values:
            self.refuse(key, "nobody knows this key")

    def finish(self, made: Made) -> Made:
        """Return what was made of the table, once nothing is left over."""
        self.done()
        return made
