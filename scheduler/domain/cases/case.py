"""A worked case as a row: what is known, what is asked, what is expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


class CaseError(ValueError):
    """A case that cannot be answered: a key or form that nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row.

    Args:
        inputs: ``key=value`` pairs, separated by semicolons.
        expect: What the answer must be, parts separated by bars.
        earliest, latest: Bounds of the dose asked about; empty: not compared.
    """

    id: str
    regimen: str
    region: str
    inputs: str
    ask: str
    expect: str
    earliest: str = ""
    latest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the engine says: parts in order, and the bounds of the dose asked about."""

    parts: tuple[str, ...] = ()
    earliest: date | None = None
    latest: date | None = None

    @property
    def text(self) -> str:
        """The parts as a case writes them."""
        return "|".join(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A case and what is wrong with the answer; empty when it holds."""

    case: Case
    faults: tuple[str, ...] = ()


class Inputs:
    """The pairs of a case; each is taken once, and what is left over is refused."""

    def __init__(self, text: str) -> None:
        pairs = [pair.split("=", 1) for pair in text.split(";") if pair]
        if any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004 - key and value
            raise CaseError(f"{text!r} is not a list of key=value")
        self._values: dict[str, str] = {key.strip(): value.strip() for key, value in pairs}

    def take(self, key: str, default: str = "") -> str:
        """Take a value."""
        return self._values.pop(key, default)

    def copy(self, **more: str) -> "Inputs":
        """Return the pairs that are left, and some more."""
        made = Inputs("")
        made._values = {**self._values, **more}
        return made

    def need(self, key: str) -> str:
        """Take a value that must be there.

        Raises:
            CaseError: it is missing.
        """
        if key not in self._values:
            raise CaseError(f"{key} is missing")
        return self._values.pop(key)

    def has(self, key: str) -> bool:
        """Say whether a value waits to be taken."""
        return key in self._values

    def rest(self) -> Mapping[str, str]:
        """Take everything that is left, in order."""
        left, self._values = self._values, {}
        return left

    def starting(self, prefix: str) -> Mapping[str, str]:
        """Take the values whose key begins so, by what follows."""
        found = {key: value for key, value in self._values.items() if key.startswith(prefix)}
        for key in found:
            del self._values[key]
        return {key.removeprefix(prefix): value for key, value in found.items()}

    def numbered(self, name: str, after: str = "") -> Mapping[int, str]:
        """Take the values of name1, name2 ... by their number, in order."""
        found = {}
        for key in list(self._values):
            number = key.removeprefix(name).removesuffix(after)
            if key == f"{name}{number}{after}" and number.isdigit():
                found[int(number)] = self._values.pop(key)
        return dict(sorted(found.items()))

    def done(self) -> None:
        """Refuse keys that nobody took.

        Raises:
            CaseError: names them.
        """
        if self._values:
            raise CaseError(f"nobody knows {', '.join(self._values)}")
