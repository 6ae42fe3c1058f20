"""``scheduler formulary``: regimen files checked, their grammar as a schema, and what differs between two."""

import json
from collections.abc import Mapping, Sequence
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
@click.option(
    "--organization", help="Name or id, for stored versions; needed when there are several."
)
def diff(old: str, new: str, organization: str | None) -> None:
    """Say in words what differs between two regimens.

    OLD and NEW are files, ids of shipped regimens, or versions that the database holds, as ID@VERSION:
    shipped earlier, or an organization's own, such as local-natalizumab-iv@2.
    """
    stored = _stored(organization) if any("@" in name for name in (old, new)) else {}
    found = differences(_named(old, stored), _named(new, stored))
    for sentence in [change.sentence for change in found] or ["Both say the same."]:
        click.echo(sentence)


def _stored(organization: str | None) -> Mapping[str, Regimen]:
    """Return the versions of the database by ID@VERSION."""
    from scheduler.commands.choosing import chosen_organization
    from scheduler.commands.context import database, settings
    from scheduler.services.regimens import stored_versions

    opened = database(settings())
    try:
        return stored_versions(opened.read(chosen_organization(opened, organization)))
    finally:
        opened.close()


def _named(name: str, stored: Mapping[str, Regimen]) -> Regimen:
    """Return the regimen of a file, the shipped one of an id, or a stored version."""
    if name in stored:
        return stored[name]
    path = Path(name) if Path(name).is_file() else SHIPPED / f"{name}.toml"
    if not path.is_file():
        known = [each for each in stored if each.partition("@")[0] == name.partition("@")[0]]
        there = f" There are {', '.join(known)}." if known else ""
        what = "neither a file nor the id of a shipped regimen nor a stored ID@VERSION"
        raise OptionError(f"{name}: it is {what}.{there}")
    try:
        return regimen_in(path)
    except GrammarError as error:
        raise OptionError(str(error)) from error
