"""Copies of the whole database: made while it runs, read back with mail switched off."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from scheduler.domain.people import MailMode, OrganizationMode
from scheduler.persistence.database import Database
from scheduler.persistence.models import Center, Organization


class RestoreError(Exception):
    """The file cannot be read back here."""


def backup(url: str, file: Path) -> None:
    """Write a consistent copy to a file: SQLite's own backup, or ``pg_dump``'s custom format."""
    if not url.startswith("sqlite"):
        _postgresql("pg_dump", url, "--format=custom", f"--file={file}")
        return
    with closing(sqlite3.connect(_path(url))) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    file.chmod(0o600)


def restore(url: str, file: Path, *, replace: bool) -> None:
    """Read a copy back.

    Raises:
        RestoreError: the file is not a copy, or the database has something in it.
    """
    if not url.startswith("sqlite"):
        clean = ["--clean", "--if-exists"] if replace else []
        _postgresql("pg_restore", url, "--exit-on-error", "--no-owner", *clean, file=file)
        return
    target = Path(_path(url))
    if target.exists() and not replace:
        raise RestoreError(f"{target} exists; say --replace to overwrite it.")
    with closing(sqlite3.connect(file)) as source:
        try:
            good = source.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise RestoreError(f"{file} is not a copy of a database.") from error
        if good != "ok":
            raise RestoreError(f"{file} is damaged: {good}")
        for rest in (target, Path(f"{target}-wal"), Path(f"{target}-shm")):
            rest.unlink(missing_ok=True)
        with closing(sqlite3.connect(target)) as opened:
            source.backup(opened)


def silence(database: Database) -> int:
    """Mark every organization as restored, so that nothing is sent twice; return how many."""
    with database.system() as uow:
        session = uow.session
        session.execute(
            sa.update(Organization)
            .where(Organization.mode == OrganizationMode.LIVE)
            .values(mode=OrganizationMode.RESTORED)
        )
        session.execute(
            sa.update(Center)
            .where(Center.mail_mode == MailMode.LIVE)
            .values(mail_mode=MailMode.OFF)
        )
        count = session.scalar(sa.select(sa.func.count()).select_from(Organization)) or 0
        uow.commit()
    return count


def _path(url: str) -> str:
    return url.removeprefix("sqlite:///")


def _postgresql(program: str, url: str, *options: str, file: Path | None = None) -> None:
    parts = sa.make_url(url)
    plain = parts.set(drivername="postgresql", password=None).render_as_string()
    environment = {"PATH": os.defpath, "PGPASSWORD": parts.password or ""}
    command = [program, *options, f"--dbname={plain}", *([str(file)] if file else [])]
    try:
        subprocess.run(command, check=True, env=environment, capture_output=True, text=True)  # noqa: S603 - a fixed program
    except FileNotFoundError as error:
        raise RestoreError(
            f"{program} is not installed: apt-get install postgresql-client"
        ) from error
    except subprocess.CalledProcessError as error:
        raise RestoreError(f"{program}: {error.stderr.strip()}") from error
