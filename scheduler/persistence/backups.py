"""Copies of the whole database: made while it runs, read back with mail switched off."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from scheduler.domain.people import OrganizationMode
from scheduler.persistence.database import Database
from scheduler.persistence.models import Organization


class BackupError(Exception):
    """A copy cannot be made or read back here; says why."""


def backup(url: str, file: Path) -> None:
    """Write a consistent copy to a new file (0600): SQLite's own backup, or ``pg_dump``'s custom format.

    Raises:
        BackupError: the file exists, there is no database, or ``pg_dump`` refused.
    """
    if file.exists():
        raise BackupError(f"{file} exists; name another file.")
    if not url.startswith("sqlite"):
        file.touch(mode=0o600)
        try:
            _postgresql("pg_dump", url, "--format=custom", f"--file={file}")
        except BackupError:
            file.unlink()  # half a copy would be taken for one
            raise
        return
    path = _path(url)
    if not path.is_file():
        raise BackupError(f"There is no database at {path}.")
    file.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def restore(url: str, file: Path, *, replace: bool) -> None:
    """Read a copy back; nothing else may have the database open.

    Args:
        url: Where to.
        file: The copy.
        replace: Whether a database that is there is overwritten.

    Raises:
        BackupError: the file is not a copy or is damaged, or there is a database already.
    """
    if not url.startswith("sqlite"):
        clean = ["--clean", "--if-exists"] if replace else []
        options = ["--exit-on-error", "--single-transaction", "--no-owner", *clean, str(file)]
        _postgresql("pg_restore", url, *options)
        return
    target = _path(url)
    if target.exists() and not replace:
        raise BackupError(f"{target} exists; say --replace to overwrite it.")
    _require_whole(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.restoring")
    shutil.copyfile(file, fresh)
    fresh.chmod(0o600)
    for rest in ("-wal", "-shm"):
        target.with_name(f"{target.name}{rest}").unlink(missing_ok=True)
    fresh.replace(target)


def silence(database: Database) -> int:
    """Mark live organizations as restored, so that nothing is sent twice; return how many there are.

    Mail of a restored organization waits until someone says ``scheduler mail allow``.
    """
    with database.system() as uow:
        session = uow.session
        session.execute(
            sa.update(Organization)
            .where(Organization.mode == OrganizationMode.LIVE)
            .values(mode=OrganizationMode.RESTORED)
        )
        count = session.scalar(sa.select(sa.func.count()).select_from(Organization)) or 0
        uow.commit()
    return count


def _path(url: str) -> Path:
    return Path(sa.make_url(url).database or "")


def _require_whole(file: Path) -> None:
    """Refuse what is not a whole copy, before anything is overwritten."""
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source:
        try:
            found = source.execute("PRAGMA integrity_check").fetchone()[0]
            tables = source.execute("SELECT name FROM sqlite_master WHERE name = 'organization'")
            is_ours = tables.fetchone() is not None
        except sqlite3.DatabaseError as error:
            raise BackupError(f"{file} is not a copy of a database.") from error
    if found != "ok" or not is_ours:
        raise BackupError(f"{file} is damaged or not one of ours: {found}")


def _postgresql(name: str, url: str, *options: str) -> None:
    program = shutil.which(name)
    if program is None:
        raise BackupError(f"{name} is not installed: apt-get install postgresql-client")
    parts = sa.make_url(url)
    plain = parts.set(drivername="postgresql", password=None).render_as_string()
    command = [program, f"--dbname={plain}", *options]
    try:
        subprocess.run(  # noqa: S603 - a fixed program
            command,
            check=True,
            # the password is not an argument: arguments are readable by everyone on the machine
            env={"PATH": os.defpath, "PGPASSWORD": parts.password or ""},
            capture_output=True,
            text=True,
        )
    except subprocess.CalledProcessError as error:
        raise BackupError(f"{name}: {error.stderr.strip()}") from error
