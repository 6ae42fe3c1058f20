"""The process's settings: read once from the environment, every malformed one named."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import sqlalchemy as sa

from scheduler import keys
from scheduler.paths import instance_dir
from scheduler.persistence.encryption import Keyring

HIGHEST_PORT = 65_535
PORT = re.compile("[0-9]{1,5}")
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]+")
NOT_IN_ADDRESS = re.compile(r"[\s\x00-\x1f<>\"'`{}|\\^]")
SHORTEST_SECRET = 32
DRIVERS = ("sqlite", "postgresql+psycopg")
NO_KEYS = "missing; set it, or let `scheduler init` make instance/keys."


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
        mail_url: ``file:///folder`` (percent-encoded), ``smtp://``, ``smtps://`` or ``null:``.
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


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        environment: The variables; the process's own by default.

    Raises:
        SettingsError: names every variable that is malformed or missing.
    """
    given = os.environ if environment is None else environment
    instance = instance_dir()
    faults: list[str] = []
    port, host = _port(given, faults), _host(given, faults)
    urls = {
        "database_url": _database_url(given, instance, faults),
        "mail_url": _mail_url(given, instance, faults),
        "public_url": _public_url(given, f"http://{_in_address(host)}:{port}", faults),
    }
    secret = _secret_key(given, instance, faults)
    ring = _keyring(given, instance, faults)
    if faults or ring is None:
        raise SettingsError(faults)
    return Settings(
        port=port, host=host, secret_key=secret, keyring=ring, instance=instance, **urls
    )


def database_url() -> str:
    """Return where the database is, before there are keys.

    Raises:
        SettingsError: ``DATABASE_URL`` is malformed.
    """
    faults: list[str] = []
    url = _database_url(os.environ, instance_dir(), faults)
    if faults:
        raise SettingsError(faults)
    return url


def missing_keys() -> list[str]:
    """Return the variables of keys that neither the environment nor a file gives."""
    files = keys.missing(instance_dir())
    return [name.upper() for name in files if not os.environ.get(name.upper())]


def child_environment(settings: Settings) -> dict[str, str]:
    """Return the variables for a child process: this one's, and the settings as they were read."""
    return {
        **os.environ,
        "PORT": str(settings.port),
        "HOST": settings.host,
        "DATABASE_URL": settings.database_url,
        "MAIL_URL": settings.mail_url,
        "PUBLIC_URL": settings.public_url,
    }


def _host(given: Mapping[str, str], faults: list[str]) -> str:
    text = given.get("HOST", "127.0.0.1")
    if HOST.fullmatch(text):
        return text
    faults.append(f"HOST: {text!r} is no address; give one such as 127.0.0.1, 0.0.0.0 or ::1.")
    return ""


def _port(given: Mapping[str, str], faults: list[str]) -> int:
    text = given.get("PORT", "8000")
    if PORT.fullmatch(text) and 0 < int(text) <= HIGHEST_PORT:
        return int(text)
    faults.append(f"PORT: {text!r} is not a port; give a number from 1 to {HIGHEST_PORT}.")
    return 0


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _database_url(given: Mapping[str, str], instance: Path, faults: list[str]) -> str:
    url = given.get("DATABASE_URL", f"sqlite:///{instance / 'scheduler.db'}")
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        parts = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        parts = sa.URL.create("none")
    # a SQLite in memory would be another one in each process
    if parts.drivername in DRIVERS and parts.database not in (None, "", ":memory:"):
        return url
    faults.append("DATABASE_URL: give sqlite:////absolute/file or postgresql://user@host/name.")
    return ""


def _mail_url(given: Mapping[str, str], instance: Path, faults: list[str]) -> str:
    url = given.get("MAIL_URL", (instance / "outbox").as_uri())
    parts = _split(url)
    if parts and (
        parts.scheme == "null"
        or (parts.scheme == "file" and parts.path.startswith("/") and not parts.netloc)
        or (parts.scheme in ("smtp", "smtps") and parts.hostname)
    ):
        return url
    faults.append(
        "MAIL_URL: give file:///absolute/folder, smtp://host:25, smtps://host:465 or null:"
    )
    return ""


def _public_url(given: Mapping[str, str], default: str, faults: list[str]) -> str:
    url = given.get("PUBLIC_URL", default)
    parts = None if NOT_IN_ADDRESS.search(url) else _split(url)
    if (
        parts
        and parts.scheme in ("http", "https")
        and parts.hostname
        and not _more_than_a_place(parts)
    ):
        return url.rstrip("/")
    # the default is malformed only when PORT or HOST is, which is named already
    if "PUBLIC_URL" in given or not faults:
        faults.append("PUBLIC_URL: give https://host or http://host:port.")
    return ""


def _more_than_a_place(parts: SplitResult) -> bool:
    return bool(parts.query or parts.fragment or parts.username or parts.password)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises when it is not a number
    except ValueError:
        return None
    return parts


def _secret_key(given: Mapping[str, str], instance: Path, faults: list[str]) -> str:
    key = given.get("SECRET_KEY") or keys.stored(instance, keys.SECRET_KEY)
    if key is None:
        faults.append(f"SECRET_KEY: {NO_KEYS}")
        return ""
    if len(key) < SHORTEST_SECRET:
        faults.append(f"SECRET_KEY: too short; give at least {SHORTEST_SECRET} characters.")
    return key


def _keyring(given: Mapping[str, str], instance: Path, faults: list[str]) -> Keyring | None:
    text = given.get("SCHEDULER_KEYS") or keys.stored(instance, keys.SCHEDULER_KEYS)
    if text is None:
        faults.append(f"SCHEDULER_KEYS: {NO_KEYS}")
        return None
    try:
        return keys.parse(text)
    except ValueError:
        faults.append(
            "SCHEDULER_KEYS: give number:key pairs separated by commas and one search:key;"
            " a key is the base64 of 32 bytes."
        )
        return None
