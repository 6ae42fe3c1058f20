"""What differs between two versions of a regimen, as values and in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.regimen_numbers import RuleNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenChange:
    """What became of a part of a regimen between two versions; empty words: it is not there."""

    name: str
    old: str
    new: str

    @property
    def sentence(self) -> str:
        """The change in words."""
        if not self.old:
            return f"{self.name}: new, {self.new}."
        if not self.new:
            return f"{self.name}: gone, it was {self.old}."
        return f"{self.name}: {self.new} instead of {self.old}."


def changes_between(
    old: Sequence[RuleNumber], new: Sequence[RuleNumber]
) -> tuple[RegimenChange, ...]:
    """Return the numbers that differ between two versions."""
    before, after = ({number.item: number for number in numbers} for numbers in (old, new))
    found = []
    for item in dict.fromkeys([*before, *after]):
        b, a = before.get(item), after.get(item)
        was, now = b.value if b else "", a.value if a else ""
        named = b or a
        if named is not None and was != now:
            found.append(RegimenChange(name=f"{named.group}, {named.name}", old=was, new=now))
    return tuple(found)
