"""``scheduler start | run | web | worker``: the processes."""

import gc
import logging
import signal
import socket
import sys
from types import FrameType
from typing import NoReturn

import click

from scheduler.commands.context import database, fail, settings
from scheduler.persistence.database import Database
from scheduler.settings import Settings, child_environment

THREADS = 8

supervised = click.option("--supervised-by", type=int, hidden=True, help="The supervisor's id.")


@click.command("start")
@click.option("--seed", default=1, show_default=True, help="Of the demonstration center.")
def start(seed: int) -> None:
    """Migrate, build a demonstration center if there is no organization yet, and run."""
    from scheduler.commands.db import bring_up_to_date
    from scheduler.commands.demonstration import build_with_progress, require_whole
    from scheduler.persistence import organizations

    found = settings(create_keys=True)
    _require_free_port(found)
    opened = database(found)
    bring_up_to_date(opened)
    with opened.system() as uow:
        empty = not organizations.all_organizations(uow)
    if empty:
        build_with_progress(opened, seed=seed)
    else:
        require_whole(opened)
    _announce(found, opened)
    opened.close()
    _supervise(found)


@click.command("run")
def run() -> None:
    """Run web and worker, supervised; SIGTERM stops both."""
    from scheduler.persistence import migrations

    found = settings()
    _require_free_port(found)
    opened = database(found)
    at, newest = migrations.current(opened.engine), migrations.newest()
    opened.close()
    if at is None:
        fail("There is no database yet: scheduler init")
    if at != newest:
        fail(f"The database is at revision {at}, the code needs {newest}: scheduler db upgrade")
    click.echo(f"Open {found.public_url}")
    _supervise(found)


@click.command("web")
@supervised
def web(supervised_by: int | None) -> None:
    """Run the web server alone."""
    from waitress import serve

    from scheduler.app import create_app
    from scheduler.supervisor import end_with

    found = settings()
    app = create_app(found)
    signal.signal(signal.SIGTERM, _leave)
    end_with(supervised_by)
    gc.freeze()  # what a start loads is never garbage, so that no collection walks it again
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a full queue is not a fault
    serve(app, host=found.host, port=found.port, threads=THREADS, ident=None)


@click.command("worker")
@supervised
def worker(supervised_by: int | None) -> None:
    """Run the worker alone; a second one stands by."""
    from scheduler.supervisor import end_with
    from scheduler.worker import run_worker

    end_with(supervised_by)
    run_worker(settings())


def _supervise(found: Settings) -> NoReturn:
    from scheduler.supervisor import Supervisor

    sys.exit(Supervisor(child_environment(found)).run())


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    """Let waitress finish the requests it has and end."""
    raise SystemExit(0)


def _require_free_port(found: Settings) -> None:
    family = socket.AF_INET6 if ":" in found.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((found.host, found.port))
        except OSError as error:
            fail(
                f"PORT: {found.host}:{found.port} cannot be used ({error.strerror});"
                " name another, for example PORT=8001."
            )


def _announce(found: Settings, opened: Database) -> None:
    from scheduler.services.demonstration.staff import sign_ins

    with opened.system() as uow:
        lines = sign_ins(uow)
    click.echo(f"\n  Open {found.public_url}\n")
    for line in lines:
        click.echo(f"  {line}")
    place = found.database_url.rsplit("@", maxsplit=1)[-1]
    click.echo(f"\n  Database: {place}\n  Stop with Ctrl-C.\n")
