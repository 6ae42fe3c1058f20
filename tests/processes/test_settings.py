"""The settings are read once, and every malformed one is named."""

import stat
from base64 import b64encode
from pathlib import Path

import pytest

from scheduler import keys
from scheduler.settings import SettingsError, from_environment

KEY = b64encode(b"k" * 32).decode()
GOOD = {"SECRET_KEY": "s" * 40, "SCHEDULER_KEYS": f"1:{KEY},search:{KEY}"}


@pytest.fixture(autouse=True)
def _away_from_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.settings.instance_dir", lambda: tmp_path / "instance")


def test_everything_has_a_default_but_the_keys(tmp_path: Path) -> None:
    found = from_environment(GOOD)

    assert found.port == 8000
    assert found.public_url == "http://127.0.0.1:8000"
    assert found.database_url == f"sqlite:///{tmp_path}/instance/scheduler.db"
    assert found.mail_url == f"file://{tmp_path}/instance/outbox"


def test_every_malformed_variable_is_named_at_once() -> None:
    wrong = {
        "PORT": "80a",
        "HOST": "http://here",
        "DATABASE_URL": "mysql://host/name",
        "MAIL_URL": "smtp://",
        "SECRET_KEY": "short",
        "SCHEDULER_KEYS": "1:abc",
        "PUBLIC_URL": "ftp://host",
    }

    with pytest.raises(SettingsError) as refusal:
        from_environment(wrong)

    assert {fault.split(":")[0] for fault in refusal.value.faults} == set(wrong)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", ""),
        ("PORT", "٣"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://host"),
        ("DATABASE_URL", "nonsense"),
        ("MAIL_URL", "file://relative/folder"),
        ("MAIL_URL", "smtp://host:many"),
        ("MAIL_URL", "smtp://["),
        ("MAIL_URL", ""),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://visits example"),
        ("PUBLIC_URL", "https://visits.example\r\nX: y"),
        ("PUBLIC_URL", "https://ann:pw@visits.example"),
        ("PUBLIC_URL", "https://visits.example/#top"),
        ("PORT", "9" * 5000),
        ("HOST", "no host"),
        ("HOST", ""),
        ("SCHEDULER_KEYS", f"1:{KEY}"),
        ("SCHEDULER_KEYS", f"256:{KEY},search:{KEY}"),
        ("SCHEDULER_KEYS", f"one:{KEY},search:{KEY}"),
        ("SCHEDULER_KEYS", f"search:{KEY}"),
    ],
)
def test_a_malformed_value_stops_the_start_and_only_it_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        from_environment({**GOOD, name: value})

    assert [fault.split(":")[0] for fault in refusal.value.faults] == [name]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("postgresql://ann@host/name", "postgresql+psycopg://ann@host/name"),
        ("postgresql+psycopg:///name?host=/tmp", "postgresql+psycopg:///name?host=/tmp"),
        ("sqlite:////var/scheduler.db", "sqlite:////var/scheduler.db"),
    ],
)
def test_a_database_is_named_as_people_write_it(given: str, read: str) -> None:
    assert from_environment({**GOOD, "DATABASE_URL": given}).database_url == read


@pytest.mark.parametrize(
    "url", ["null:", "smtp://localhost:25", "smtps://ann:pw@host", "file:///a"]
)
def test_mail_goes_to_a_folder_a_server_or_nowhere(url: str) -> None:
    assert from_environment({**GOOD, "MAIL_URL": url}).mail_url == url


def test_missing_keys_stop_the_start() -> None:
    with pytest.raises(SettingsError) as refusal:
        from_environment({})

    assert [fault.split(":")[0] for fault in refusal.value.faults] == [
        "SECRET_KEY",
        "SCHEDULER_KEYS",
    ]


def test_made_keys_are_read_back_and_are_their_owners_alone(tmp_path: Path) -> None:
    instance = tmp_path / "instance"

    keys.make_missing(instance)
    first = from_environment({})
    keys.make_missing(instance)

    assert from_environment({}).secret_key == first.secret_key
    files = list((instance / "keys").iterdir())
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((instance / "keys").stat().st_mode) == 0o700


def test_the_newest_key_seals() -> None:
    other = b64encode(b"o" * 32).decode()

    ring = keys.parse(f"1:{KEY},2:{other},search:{KEY}")

    assert ring.current == 2
    assert set(ring.keys) == {1, 2}
