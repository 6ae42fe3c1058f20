"""The command line: assembles the commands; each file under ``commands/`` is loaded only when asked for."""

from importlib import import_module

import click

from scheduler.domain.errors import DomainError

COMMANDS = {
    "start": "processes",
    "run": "processes",
    "web": "processes",
    "worker": "processes",
    "db": "db",
    "backup": "db",
    "restore": "db",
    "init": "init",
    "staff": "staff",
    "token": "token",
    "mail": "mail",
    "series": "series",
    "capacity": "capacity",
    "formulary": "formulary",
    "check": "check",
    "demonstration": "demonstration",
    "tick": "tick",
    "bench": "bench",
}


class Commands(click.Group):
    """Finds a command in its module, so that a web process never loads what only the worker needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click gives it
        """Return the commands by name."""
        return sorted(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click gives it
        cmd_name: str,
    ) -> click.Command | None:
        """Return a command, loading its module."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"scheduler.commands.{COMMANDS[cmd_name]}")
        found = getattr(module, cmd_name)
        assert isinstance(found, click.Command)  # noqa: S101 - a mistake of ours, not of the caller
        return found

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a refusal is a sentence, not a traceback."""
        try:
            return super().invoke(ctx)
        except DomainError as refusal:
            raise click.ClickException(str(refusal)) from refusal


@click.group(cls=Commands)
@click.version_option(package_name="infusion-scheduler")
def main() -> None:
    """Schedule infusions: series by dosing rules, chairs that nurses can staff, mails sent once."""


if __name__ == "__main__":
    main()
