"""``scheduler formulary``: regimen files checked, their grammar as a schema, and what differs between two."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from scheduler.commands.one_sentence import OneSentence, OptionError
from scheduler.domain.grammar import GrammarError
from scheduler.domain.grammar_schema import schema as grammar_schema
from scheduler.domain.regimen import Regimen
from scheduler.domain.regimen_differences import differences
from scheduler.domain.regimen_numbers import numbers_of
from scheduler.services.formulary_files import SHIPPED, regimen_in


@click.group("formulary")
def formulary() -> None:
    """Check regimen files, print their grammar for editors, and compare two of them."""


@formulary.command("check", cls=OneSentence)
@click.argument("places", nargs=-1, type=click.Path(exists=True, path_type=Path))
def check(places: tuple[Path, ...]) -> None:
    """Check the shipped regimen files, and those of local folders or files; exit 1 when one is refused.

    PLACES are folders with files of a center's own, or single files.
    """
    refused = 0
    for path in _files(places):
        try:
            click.echo(f"{path}: {_standing(regimen_in(path))}")
        except (GrammarError, UnicodeDecodeError) as error:
            refused += 1
            click.echo(
                f"{path.parent}/{error}" if isinstance(error, GrammarError) else f"{path}: {error}."
            )
    click.echo("every file is a regimen" if not refused else f"{refused} refused")
    if refused:
        raise SystemExit(1)


def _files(places: Sequence[Path]) -> list[Path]:
    folders = [SHIPPED, *(place for place in places if place.is_dir())]
    found = [path for folder in folders for path in sorted(folder.glob("*.toml"))]
    return [*found, *(place for place in places if place.is_file())]


def _standing(rule: Regimen) -> str:
    """Return what a pharmacist has still to do before a regimen can be approved."""
    numbers = numbers_of(rule, rule.cited)
    memory = sum(number.from_memory for number in numbers)
    confirm = sum(number.to_confirm for number in numbers)
    choices = "".join(f", choose {choice.id}" for choice in rule.choices)
    return (
        f"version {rule.version}, {rule.status}; {confirm} numbers to confirm,"
        f" {memory} of them from memory, verify{choices}"
    )


@formulary.command("schema")
def schema() -> None:
    """Print the JSON Schema of regimen files, for editors."""
    click.echo(json.dumps(grammar_schema(), indent=2, ensure_ascii=False))


@formulary.command("diff", cls=OneSentence)
@click.argument("old")
@click.argument("new")
def diff(old: str, new: str) -> None:
    """Say in words what differs between two regimens: files, or ids of shipped ones."""
    found = differences(_named(old), _named(new))
    for sentence in found or ("Both say the same.",):
        click.echo(sentence)


def _named(name: str) -> Regimen:
    """Return the regimen of a file, or the shipped one of an id."""
    path = Path(name) if Path(name).is_file() else SHIPPED / f"{name}.toml"
    if not path.is_file():
        raise OptionError(f"{name}: it is neither a file nor the id of a shipped regimen.")
    try:
        return regimen_in(path)
    except GrammarError as error:
        raise OptionError(str(error)) from error
