"""Copies are made while the database is written to, and read back without sending mail."""

import sqlite3
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import COMMAND
from scheduler.persistence import backups
from scheduler.persistence.backups import BackupError
from scheduler.persistence.database import Database
from scheduler.persistence.models import Organization
from scheduler.services.mail_permission import allow_live_mail
from tests.factories.people import NOW, make_organization

pytestmark = pytest.mark.usefixtures("programs_of_the_server")


def test_a_restored_organization_sends_no_mail_until_someone_says_so(
    database: Database, elsewhere: Database, tmp_path: Path
) -> None:
    organization = make_organization(database, mode=OrganizationMode.LIVE)
    with database.write(organization):  # somebody is in the middle of a change
        backups.backup(database.url, tmp_path / "copy")

    backups.restore(elsewhere.url, tmp_path / "copy", replace=False)
    count = backups.silence(elsewhere)

    assert count == 1
    with elsewhere.session() as session:
        assert session.scalars(sa.select(Organization.mode)).all() == [OrganizationMode.RESTORED]
    with database.session() as session:
        assert session.scalars(sa.select(Organization.mode)).all() == [OrganizationMode.LIVE]


def test_a_copy_is_its_owners_alone_and_never_overwrites(
    database: Database, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"

    backups.backup(database.url, copy)

    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with pytest.raises(BackupError, match="exists"):
        backups.backup(database.url, copy)


def test_a_database_that_is_there_is_kept_unless_told_otherwise(
    database: Database, tmp_path: Path
) -> None:
    organization = make_organization(database)
    backups.backup(database.url, tmp_path / "copy")
    make_organization(database, name="Added later")
    database.close()

    with pytest.raises(BackupError):
        backups.restore(database.url, tmp_path / "copy", replace=False)
    assert len(organizations(database)) == 2
    database.close()
    backups.restore(database.url, tmp_path / "copy", replace=True)

    assert organizations(database) == [organization]


def test_only_a_restored_organization_is_made_live_again(database: Database) -> None:
    organization = make_organization(database, mode=OrganizationMode.LIVE)
    backups.silence(database)

    first = allow_live_mail(database.write(organization), now=NOW, actor=COMMAND)
    again = allow_live_mail(database.write(organization), now=NOW, actor=COMMAND)

    assert (first, again) == (True, False)


def test_a_demonstration_never_becomes_live(database: Database) -> None:
    uow = database.write(make_organization(database))

    assert not allow_live_mail(uow, now=NOW, actor=COMMAND)

    with database.session() as session:
        modes = session.scalars(sa.select(Organization.mode)).all()
    assert modes == [OrganizationMode.DEMONSTRATION]


def organizations(database: Database) -> list[object]:
    """Return the ids of all organizations."""
    with database.session() as session:
        return list(session.scalars(sa.select(Organization.id)))


def test_a_file_that_is_no_copy_overwrites_nothing(
    sqlite_database: Database, tmp_path: Path
) -> None:
    organization = make_organization(sqlite_database)
    wrong, other = tmp_path / "wrong", tmp_path / "other.db"
    wrong.write_text("not a database, but long enough to be read as one" * 50)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE somebody_elses (id INTEGER)")

    for file in (wrong, other):
        with pytest.raises(BackupError):
            backups.restore(sqlite_database.url, file, replace=True)

    assert organizations(sqlite_database) == [organization]


def test_a_copy_that_could_not_be_made_leaves_no_file(
    postgres_database: Database, tmp_path: Path
) -> None:
    nowhere = sa.make_url(postgres_database.url).set(database="nobody_made_this")

    with pytest.raises(BackupError, match="pg_dump"):
        backups.backup(nowhere.render_as_string(hide_password=False), tmp_path / "copy")

    assert not (tmp_path / "copy").exists()
