"""The process's settings: read once from the environment, every malformed one named."""

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from scheduler.paths import instance_dir
from scheduler.persistence.encryption import Keyring

KEY_BYTES = 32
MAIL_SCHEMES = ("file", "smtp", "smtps", "null")


class SettingsError(Exception):
    """What is wrong with the environment, one line a variable."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a process needs to know before it starts.

    Args:
        port: Of the web server.
        host: The address it listens on.
        database_url: ``sqlite:///...`` or ``postgresql+psycopg://...``.
        mail_url: ``file:///folder``, ``smtp://``, ``smtps://`` or ``null:``.
        secret_key: Signs forms.
        keyring: Opens sealed columns.
        public_url: How patients reach the web server, without a slash at the end.
        instance: The folder of the database, keys and outbox.
    """

    port: int
    host: str
    database_url: str
    mail_url: str
    secret_key: str
    keyring: Keyring
    public_url: str
    instance: Path


def from_environment(
    environment: Mapping[str, str] | None = None, *, create_keys: bool = False
) -> Settings:
    """Read the settings.

    Args:
        environment: The variables; the process's own by default.
        create_keys: Whether missing keys are made in ``instance/keys`` (0600), as ``make run`` does.

    Raises:
        SettingsError: names every variable that is malformed or missing.
    """
    given = os.environ if environment is None else environment
    instance = instance_dir()
    faults: list[str] = []
    port = _port(given, faults)
    host = given.get("HOST", "127.0.0.1")
    settings = {
        "database_url": _database_url(given, instance, faults),
        "mail_url": _mail_url(given, instance, faults),
        "secret_key": _secret_key(given, instance, faults, create_keys=create_keys),
        "public_url": given.get("PUBLIC_URL", f"http://{host}:{port}").rstrip("/"),
    }
    keyring = _keyring(given, instance, faults, create_keys=create_keys)
    if faults or keyring is None:
        raise SettingsError(faults)
    return Settings(port=port, host=host, keyring=keyring, instance=instance, **settings)


def child_environment(settings: Settings) -> dict[str, str]:
    """Return the variables for a child process: this process's, and the settings as they were read."""
    return {
        **os.environ,
        "PORT": str(settings.port),
        "HOST": settings.host,
        "DATABASE_URL": settings.database_url,
        "MAIL_URL": settings.mail_url,
        "PUBLIC_URL": settings.public_url,
    }


def _port(given: Mapping[str, str], faults: list[str]) -> int:
    text = given.get("PORT", "8000")
    if text.isdigit() and 0 < int(text) <= 65535:  # noqa: PLR2004 - ports end there
        return int(text)
    faults.append(f"PORT: {text!r} is not a port; give a number from 1 to 65535.")
    return 0


def _database_url(given: Mapping[str, str], instance: Path, faults: list[str]) -> str:
    url = given.get("DATABASE_URL", f"sqlite:///{instance / 'scheduler.db'}")
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if url.startswith(("sqlite:///", "postgresql+psycopg://")) and len(url) > len("sqlite:///"):
        return url
    faults.append("DATABASE_URL: give sqlite:////absolute/file or postgresql+psycopg://...")
    return ""


def _mail_url(given: Mapping[str, str], instance: Path, faults: list[str]) -> str:
    url = given.get("MAIL_URL", f"file://{instance / 'outbox'}")
    parts = urlsplit(url)
    usable = (
        parts.scheme == "null"
        or (parts.scheme == "file" and parts.path.startswith("/") and not parts.netloc)
        or (parts.scheme in ("smtp", "smtps") and parts.hostname)
    )
    if not usable:
        faults.append(
            "MAIL_URL: give file:///absolute/folder, smtp://host:25, smtps://host:465 or null:"
        )
    return url


def _secret_key(
    given: Mapping[str, str], instance: Path, faults: list[str], *, create_keys: bool
) -> str:
    key = given.get("SECRET_KEY") or _stored(
        instance / "keys" / "secret_key", create_keys=create_keys
    )
    if key is None:
        faults.append("SECRET_KEY: missing; set it, or run `scheduler init` to make instance/keys.")
        return ""
    if len(key) < KEY_BYTES:
        faults.append(f"SECRET_KEY: too short; give at least {KEY_BYTES} characters.")
    return key


def _keyring(
    given: Mapping[str, str], instance: Path, faults: list[str], *, create_keys: bool
) -> Keyring | None:
    text = given.get("SCHEDULER_KEYS") or _stored(
        instance / "keys" / "scheduler_keys", create_keys=create_keys
    )
    if text is None:
        faults.append(
            "SCHEDULER_KEYS: missing; set it, or run `scheduler init` to make instance/keys."
        )
        return None
    try:
        return parse_keys(text)
    except (ValueError, binascii.Error):
        faults.append(
            "SCHEDULER_KEYS: give id:key pairs separated by commas, keys as base64 of 32 bytes, and search:key."
        )
        return None


def parse_keys(text: str) -> Keyring:
    """Return the keys of ``1:<base64>,2:<base64>,search:<base64>``; the highest id seals.

    Raises:
        ValueError: not of that form, or a key that is not 32 bytes.
    """
    pairs = dict(part.strip().split(":", 1) for part in text.strip().split(","))
    keys = {name: base64.b64decode(key, validate=True) for name, key in pairs.items()}
    if any(len(key) != KEY_BYTES for key in keys.values()):
        raise ValueError("a key is 32 bytes")
    search = keys.pop("search", None)
    numbered = {int(name): key for name, key in keys.items()}
    if search is None or not numbered or not all(0 <= number <= 255 for number in numbered):  # noqa: PLR2004 - one byte
        raise ValueError("a key id is 0 to 255, and one is named search")
    return Keyring(keys=numbered, current=max(numbered), search=search)


def _fresh(name: str) -> str:
    if name == "secret_key":
        return secrets.token_urlsafe(48)
    key, search = (base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() for _ in range(2))
    return f"1:{key},search:{search}"


def _stored(path: Path, *, create_keys: bool) -> str | None:
    if path.is_file():
        return path.read_text(encoding="utf-8").strip()
    if not create_keys:
        return None
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = _fresh(path.name)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    return text
