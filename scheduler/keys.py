"""The key files in ``instance/keys``: made once, readable by their owner alone."""

import base64
import os
import secrets
from pathlib import Path

from scheduler.persistence.encryption import Keyring

KEY_BYTES = 32
LARGEST_ID = 255
SECRET_KEY = "secret_key"  # noqa: S105 - a file's name
SCHEDULER_KEYS = "scheduler_keys"


def stored(instance: Path, name: str) -> str | None:
    """Return what a key file holds; None when there is no such file."""
    path = instance / "keys" / name
    return path.read_text(encoding="utf-8", errors="replace").strip() if path.is_file() else None


def missing(instance: Path) -> list[str]:
    """Return the names of the key files that are not there."""
    return [name for name in (SECRET_KEY, SCHEDULER_KEYS) if stored(instance, name) is None]


def make_missing(instance: Path) -> None:
    """Make the key files that are not there (0600, in a folder of 0700)."""
    folder = instance / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in missing(instance):
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(fresh(name) + "\n")


def fresh(name: str) -> str:
    """Return a new key, as its file holds it."""
    if name == SECRET_KEY:
        return secrets.token_urlsafe(48)
    key, search = (base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() for _ in range(2))
    return f"1:{key},search:{search}"


def parse(text: str) -> Keyring:
    """Return the keys of ``1:<base64>,2:<base64>,search:<base64>``; the highest id seals.

    Raises:
        ValueError: not of that form, a key that is not 32 bytes, or an id that is not one byte.
    """
    pairs = dict(part.strip().split(":", 1) for part in text.strip().split(","))
    keys = {name: base64.b64decode(key, validate=True) for name, key in pairs.items()}
    if any(len(key) != KEY_BYTES for key in keys.values()):
        raise ValueError("a key is 32 bytes")
    search = keys.pop("search", None)
    numbered = {int(name): key for name, key in keys.items()}
    if search is None or not numbered:
        raise ValueError("one key has a number, and one is named search")
    if not all(0 <= number <= LARGEST_ID for number in numbered):
        raise ValueError("a key's id is 0 to 255")
    return Keyring(keys=numbered, current=max(numbered), search=search)
