"""Finding a patient by name, birth date or record number in one box, and likely doubles."""

from dataclasses import dataclass
from datetime import date

from scheduler.domain.ids import PatientId
from scheduler.domain.names import (
    LONGEST_PREFIX,
    SHORTEST_PREFIX,
    day_typed,
    folded,
    terms_of,
    words_of,
)
from scheduler.persistence import patients as stored
from scheduler.persistence.models import Patient
from scheduler.persistence.unit_of_work import UnitOfWork

ALIKE_LETTERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFound:
    """A patient as a list shows one."""

    id: PatientId
    name: str
    name_to_use: str
    birth_date: date
    mrn: str
    deceased_on: date | None


def found(row: Patient) -> PatientFound:
    """Return a patient as a list shows one."""
    return PatientFound(
        id=row.id,
        name=row.name,
        name_to_use=row.name_to_use,
        birth_date=row.birth_date,
        mrn=row.mrn,
        deceased_on=row.deceased_on,
    )


def find_patients(uow: UnitOfWork, text: str, *, limit: int = 20) -> tuple[PatientFound, ...]:
    """Return patients for what was typed: parts of names, a birth date, a record number, in any order.

    Every word must fit; accents, case and apostrophes do not matter. Ordered by family name.
    """
    with uow:
        tokens = [token for token in text.split() if terms_of(token)]
        if not tokens:
            return ()
        whole = stored.found_by(uow, [[stored.number_hash(text)]]) if len(tokens) > 1 else []
        # the index begins at two letters: a lone initial beside a longer word is looked at when opened
        long = [token for token in tokens if len(token) >= SHORTEST_PREFIX] or tokens
        rows = stored.found_by(uow, [_hashes(token) for token in long])
        fitting = [row for row in rows if all(_fits(row, token) for token in tokens)]
        unique = {row.id: row for row in [*whole, *fitting]}
        return tuple(found(row) for row in sorted(unique.values(), key=_by_name)[:limit])


def _hashes(token: str) -> list[bytes]:
    day = day_typed(token)
    if day is not None:
        return [stored.birth_hash(day)]
    number = [stored.number_hash(token)]
    return number + [stored.name_hash(term[:LONGEST_PREFIX]) for term in terms_of(token)]


def _fits(row: Patient, token: str) -> bool:
    """Look at the opened row: a hash knows only ten letters, and one of several words."""
    day = day_typed(token)
    if day is not None:
        return row.birth_date == day
    if row.mrn and stored.number_hash(token) == stored.number_hash(row.mrn):
        return True
    words = words_of(f"{row.given_name} {row.family_name} {row.name_to_use}")
    return all(any(word.startswith(term) for word in words) for term in terms_of(token))


def _by_name(row: Patient) -> tuple[str, str, date]:
    return folded(row.family_name), folded(row.given_name), row.birth_date


def likely_doubles(
    uow: UnitOfWork,
    *,
    given_name: str,
    family_name: str,
    birth_date: date,
    but: PatientId | None = None,
) -> tuple[PatientFound, ...]:
    """Return patients who may be this one: born that day with a name alike, or the same name."""
    born = stored.found_by(uow, [[stored.birth_hash(birth_date)]])
    alike = [row for row in born if _alike(row, given_name, family_name)]
    names = [*terms_of(given_name), *terms_of(family_name)]
    hashes = [[stored.name_hash(term[:LONGEST_PREFIX])] for term in names]
    wanted = folded(f"{given_name} {family_name}")
    same = [row for row in stored.found_by(uow, hashes) if hashes and folded(row.name) == wanted]
    unique = {row.id: row for row in [*alike, *same] if row.id != but}
    return tuple(found(row) for row in sorted(unique.values(), key=_by_name))


def _alike(row: Patient, given_name: str, family_name: str) -> bool:
    return any(
        folded(mine)[:ALIKE_LETTERS] == folded(theirs)[:ALIKE_LETTERS]
        for mine, theirs in ((row.given_name, given_name), (row.family_name, family_name))
    )
