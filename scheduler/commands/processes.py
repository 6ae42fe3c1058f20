"""``scheduler start | run | web | worker``: the processes."""

import sys

import click

from scheduler.commands.context import database, fail, settings

THREADS = 8


@click.command("start")
@click.option("--seed", default=1, show_default=True, help="Of the demonstration center.")
def start(seed: int) -> None:
    """Migrate, build a demonstration center if there is no organization yet, and run."""
    from scheduler.persistence import migrations, organizations

    found = settings(create_keys=True)
    opened = database(found)
    if migrations.current(opened.engine) != migrations.newest():
        migrations.upgrade(opened.engine)
    with opened.system() as uow:
        empty = not organizations.all_organizations(uow)
    if empty:
        from scheduler.commands.demonstration import build_with_progress

        build_with_progress(opened, seed=seed)
    opened.close()
    _announce(found.public_url, found.database_url)
    _supervise()


@click.command("run")
def run() -> None:
    """Run web and worker, supervised; SIGTERM stops both."""
    from scheduler.persistence import migrations

    found = settings(create_keys=True)
    opened = database(found)
    if migrations.current(opened.engine) is None:
        fail("There is no database yet: scheduler init")
    opened.close()
    click.echo(f"Open {found.public_url}")
    _supervise()


def _supervise() -> None:
    from scheduler.supervisor import Supervisor

    sys.exit(Supervisor(settings()).run())


def _announce(url: str, database_url: str) -> None:
    from scheduler.services.demonstration.staff import sign_ins

    found = settings()
    with database(found).system() as uow:
        lines = sign_ins(uow)
    click.echo(f"\n  Open {url}\n")
    for line in lines:
        click.echo(f"  {line}")
    click.echo(f"\n  Database: {database_url.rsplit('@', maxsplit=1)[-1]}\n  Stop with Ctrl-C.\n")


@click.command("web")
def web() -> None:
    """Run the web server alone."""
    from waitress import serve

    from scheduler.app import create_app

    found = settings()
    serve(create_app(found), host=found.host, port=found.port, threads=THREADS, ident=None)


@click.command("worker")
def worker() -> None:
    """Run the worker alone; a second one stands by."""
    from scheduler.worker import run_worker

    run_worker(settings())
