"""What a nurse may do beyond the ordinary, and which visits ask for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

FIRST_DOSE, PORT, CHEMOTHERAPY, PEDIATRIC = "first_dose", "port", "chemotherapy", "pediatric"
WORDS = {
    FIRST_DOSE: "First doses",
    PORT: "Ports",
    CHEMOTHERAPY: "Chemotherapy",
    PEDIATRIC: "Children",
}
"""Every competency that is counted, in the order of a day's measures, and its words."""

HAZARDOUS = frozenset({"cyclophosphamide", "methotrexate", "mitoxantrone"})
"""Antineoplastic ingredients: NIOSH List of Hazardous Drugs in Healthcare Settings 2024, table 1."""

ADULT_YEARS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """What decides which competencies a visit asks for.

    Args:
        ordinal: The dose's place in its plan; 1 is a first dose.
        ingredient: Of the drug.
        iv_access: As the patient's record says it, "port, right chest".
        birth_date: Of the patient.
    """

    ordinal: int
    ingredient: str
    iv_access: str
    birth_date: date

    def asks_for(self, day: date) -> frozenset[str]:
        """Return the competencies that a visit on a day asks for."""
        wanted = {
            FIRST_DOSE: self.ordinal == 1,
            PORT: "port" in self.iv_access.casefold(),
            CHEMOTHERAPY: self.ingredient in HAZARDOUS,
            PEDIATRIC: day < self.birth_date + relativedelta(years=ADULT_YEARS),
        }
        return frozenset(code for code, is_so in wanted.items() if is_so)


def codes_in(text: str) -> tuple[str, ...]:
    """Return the competencies that a center's setting names, in the order of a day's measures."""
    named = {code.strip() for code in text.split(",")}
    return tuple(code for code in WORDS if code in named)


def code_text(codes: Iterable[str]) -> str:
    """Return competencies as a center's setting keeps them."""
    wanted = set(codes)
    return ",".join(code for code in WORDS if code in wanted)
