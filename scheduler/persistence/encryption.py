"""Sealing columns with AES-GCM and folding search words into keyed hashes."""

import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Any, overload
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class KeyMissingError(RuntimeError):
    """No key, or not the one that a column was sealed with."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of this installation: sealed bytes name theirs, so keys can be rotated.

    Args:
        keys: 32-byte keys by their id (0 to 255).
        current: The id that seals new values.
        search: Key of the blind indexes; it cannot be rotated without re-indexing.
    """

    keys: dict[int, bytes]
    current: int
    search: bytes

    def seal(self, text: str, *, place: str, id: UUID) -> bytes:
        """Encrypt text for one place of one row: moved elsewhere it does not open."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, text.encode(), _bound(place, id))
        return bytes([self.current]) + nonce + sealed

    def unseal(self, sealed: bytes, *, place: str, id: UUID) -> str:
        """Decrypt what ``seal`` made for this place and row.

        Raises:
            KeyMissingError: the key named in the first byte is not here.
        """
        key = self.keys.get(sealed[0])
        if key is None:
            raise KeyMissingError(f"Key {sealed[0]} is not in the key file.")
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        return AESGCM(key).decrypt(nonce, body, _bound(place, id)).decode()

    def blind(self, purpose: str, text: str) -> bytes:
        """Return the keyed hash under which a word can be found without being stored."""
        return hmac.new(self.search, f"{purpose}\0{text}".encode(), hashlib.sha256).digest()[:16]


def _bound(place: str, id: UUID) -> bytes:
    return place.encode() + b"\0" + id.bytes


_ring: Keyring | None = None


def use(ring: Keyring) -> None:
    """Give this process its keys; called once by ``Database``."""
    global _ring  # noqa: PLW0603 - columns are opened deep inside the mapper, where no argument reaches
    _ring = ring


def keyring() -> Keyring:
    """Return this process's keys.

    Raises:
        KeyMissingError: ``use`` was not called.
    """
    if _ring is None:
        raise KeyMissingError("No keys are loaded.")
    return _ring


class SealedText:
    """A text attribute of a model kept encrypted in the column ``<name>_sealed``.

    Bound to table, column and row id, so a value copied into another row does not open.

    Args:
        open_before: The column in which earlier releases kept it in the clear; it is read where nothing is
            sealed, and emptied when something is.
    """

    def __init__(self, *, open_before: str = "") -> None:
        self.open_before = open_before

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, row: None, owner: type) -> "SealedText": ...
    @overload
    def __get__(self, row: object, owner: type) -> str: ...
    def __get__(self, row: Any, owner: type) -> "SealedText | str":
        """Return the text; an empty one when nothing is stored."""
        if row is None:
            return self
        sealed = getattr(row, f"{self.name}_sealed")
        if sealed is not None:
            return keyring().unseal(sealed, place=self._place(row), id=row.id)
        return (getattr(row, self.open_before) or "") if self.open_before else ""

    def __set__(self, row: Any, text: str | None) -> None:
        sealed = keyring().seal(text, place=self._place(row), id=row.id) if text else None
        setattr(row, f"{self.name}_sealed", sealed)
        if self.open_before:
            setattr(row, self.open_before, "")

    def _place(self, row: Any) -> str:
        return f"{row.__tablename__}.{self.name}"


def unseal(sealed: bytes | None, *, table: str, column: str, id: UUID) -> str:
    """Open a sealed column that was read as a bare row, without the model."""
    return "" if sealed is None else keyring().unseal(sealed, place=f"{table}.{column}", id=id)


def seal(text: str, *, table: str, column: str, id: UUID) -> bytes | None:
    """Seal a column of a row that is written without the model; None for an empty text."""
    return keyring().seal(text, place=f"{table}.{column}", id=id) if text else None
