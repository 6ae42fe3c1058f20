"""One number of a regimen as a pharmacist signs it: in words, with basis and source."""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.domain.dates import Interval
from scheduler.domain.dose_reasons import spoken_span
from scheduler.domain.regimen import Basis

MEMORY = "M"
CENTER = "center"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNumber:
    """One number of a regimen.

    Args:
        item: Its stable name, such as ``maintenance.window``.
        group: Under which heading it stands.
        name: What it is.
        words: The number, in words.
        basis: Where it comes from.
        source: A key of the regimen's sources, ``M`` (from memory, verify) or ``center``.
    """

    item: str
    group: str
    name: str
    words: str
    basis: Basis
    source: str

    @property
    def from_memory(self) -> bool:
        """Whether nobody has named a source yet."""
        return self.source == MEMORY

    @property
    def to_confirm(self) -> bool:
        """Whether a pharmacist confirms it by itself before the regimen is approved."""
        return self.from_memory or self.basis in (Basis.POLICY, Basis.PRACTICE)

    @property
    def value(self) -> str:
        """What a confirmation holds for: the same number, basis and source."""
        return f"{self.words} [{self.basis.value}, {self.source}]"


def spoken_interval(span: Interval) -> str:
    """Return "6 months", "24 weeks" or "14 days", as the label writes it."""
    if span.months:
        return spoken_span(span.months, "months")
    if span.weeks_written and span.days % 7 == 0:
        return spoken_span(span.days // 7, "weeks")
    return spoken_span(span.days, "days")


def cite(cited: Mapping[str, str], *keys: str) -> str:
    """Return the source of the first of some names that is cited, else the schedule's."""
    return next((cited[key] for key in keys if key in cited), cited.get("schedule", MEMORY))


def own_source(cited: Mapping[str, str], basis: Basis, *keys: str) -> str:
    """Return the source of a number by its basis: a policy is the center's own where nothing else is cited."""
    named = next((cited[key] for key in keys if key in cited), "")
    return named or (CENTER if basis is Basis.POLICY else cite(cited))
