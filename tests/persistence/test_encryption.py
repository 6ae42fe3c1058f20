"""Sealed columns: text that opens only where it was put."""

import pytest
from cryptography.exceptions import InvalidTag

from scheduler.persistence.base import new_id
from scheduler.persistence.encryption import KeyMissingError, Keyring

RING = Keyring(keys={1: b"a" * 32, 2: b"b" * 32}, current=2, search=b"s" * 32)


def test_a_sealed_text_opens_in_its_own_place() -> None:
    row = new_id()

    sealed = RING.seal("Müller", place="patient.family_name", id=row)

    assert b"M\xc3\xbcller" not in sealed
    assert RING.unseal(sealed, place="patient.family_name", id=row) == "Müller"


@pytest.mark.parametrize("place", ["patient.given_name", "contact.name"])
def test_a_sealed_text_copied_to_another_column_does_not_open(place: str) -> None:
    row = new_id()
    sealed = RING.seal("Müller", place="patient.family_name", id=row)

    with pytest.raises(InvalidTag):
        RING.unseal(sealed, place=place, id=row)


def test_a_sealed_text_copied_to_another_row_does_not_open() -> None:
    sealed = RING.seal("Müller", place="patient.family_name", id=new_id())

    with pytest.raises(InvalidTag):
        RING.unseal(sealed, place="patient.family_name", id=new_id())


def test_what_an_old_key_sealed_still_opens_after_a_new_one_came() -> None:
    row = new_id()
    old = Keyring(keys={1: b"a" * 32}, current=1, search=b"s" * 32)

    assert RING.unseal(old.seal("x", place="p", id=row), place="p", id=row) == "x"


def test_a_missing_key_is_named() -> None:
    row = new_id()
    other = Keyring(keys={9: b"z" * 32}, current=9, search=b"s" * 32)

    with pytest.raises(KeyMissingError, match="Key 9"):
        RING.unseal(other.seal("x", place="p", id=row), place="p", id=row)
