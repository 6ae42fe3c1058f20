"""What differs between two versions of a regimen, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.regimen_numbers import RuleNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChange:
    """What became of a number between two versions; empty words: it is not there."""

    name: str
    old: str
    new: str


def changes_between(
    old: Sequence[RuleNumber], new: Sequence[RuleNumber]
) -> tuple[NumberChange, ...]:
    """Return the numbers that differ between two versions, in words."""
    before, after = ({number.item: number for number in numbers} for numbers in (old, new))
    items = dict.fromkeys([*before, *after])
    pairs = [(before.get(item), after.get(item)) for item in items]
    return tuple(
        NumberChange(
            name=f"{(b or a).group}, {(b or a).name}",  # type: ignore[union-attr]  # one is there
            old=b.value if b else "",
            new=a.value if a else "",
        )
        for b, a in pairs
        if (b and b.value) != (a and a.value)
    )
