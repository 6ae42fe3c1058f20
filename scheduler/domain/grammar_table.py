"""One table of a regimen file: keys are taken one by one, and what is left over is refused."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn, TypeVar, cast

Value = TypeVar("Value")
Made = TypeVar("Made")


class Missing:
    """Stands for "there is no default"."""


MISSING = Missing()


class GrammarError(ValueError):
    """A regimen file that cannot be read: which file, where in it, and what to do."""

    def __init__(self, file: str, place: str, sentence: str) -> None:
        super().__init__(f"{file}: {place + ': ' if place else ''}{sentence}.")
        self.file = file
        self.place = place


class Table:
    """A table of the file and the place where it stands, for refusals."""

    def __init__(self, values: Mapping[str, Any], file: str, place: str) -> None:
        self._values = dict(values)
        self._file = file
        self._place = place

    def refuse(self, key: str, sentence: str) -> NoReturn:
        """Refuse a value.

        Raises:
            GrammarError: always.
        """
        raise GrammarError(self._file, ".".join(filter(None, (self._place, key))), sentence)

    def has(self, key: str) -> bool:
        """Say whether the key is there and not yet taken."""
        return key in self._values

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
        if not isinstance(value, kind):
            self.refuse(key, f"{value!r} is not of the right kind")
        return value

    def optional(self, key: str, parse: Callable[[str], Value]) -> Value | None:
        """Take a text and parse it; None when it is missing."""
        text = self.taken(key, str, None)
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.refuse(key, str(error))

    def decimal(self, key: str) -> Decimal | None:
        """Take a number; None when it is missing."""
        value = self.taken(key, (int, float), None)
        return None if value is None else Decimal(str(value))

    def one_of(self, key: str, allowed: Sequence[str], default: Any = MISSING) -> str:
        """Take one of some words."""
        word = self.taken(key, str, default)
        if word not in allowed:
            self.refuse(key, f"{word!r} is none of {', '.join(map(str, allowed))}")
        return cast(str, word)

    def sub(self, key: str) -> "Table | None":
        """Take a table inside this one; None when it is missing."""
        value = self.taken(key, dict, None)
        return (
            None if value is None else Table(value, self._file, f"{self._place}.{key}".lstrip("."))
        )

    def tables(self, key: str) -> list["Table"]:
        """Take a list of tables."""
        rows = self.taken(key, list, [])
        named = [f"{key} {row.get('id') or row.get('name') or n + 1}" for n, row in enumerate(rows)]
        places = [f"{self._place}.{name}".lstrip(".") for name in named]
        return [Table(row, self._file, place) for row, place in zip(rows, places, strict=True)]

    def done(self) -> None:
        """Refuse keys that nobody took."""
        for key in self._values:
            self.refuse(key, "nobody knows this key")

    def finish(self, made: Made) -> Made:
        """Return what was made of the table, once nothing is left over."""
        self.done()
        return made
