"""``scheduler series``: a series for anybody by its regimen, and worked cases from a spreadsheet."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from scheduler.commands import option_values as values
from scheduler.commands.one_sentence import OneSentence, OptionError
from scheduler.commands.series_asked import MOST, SeriesOptions, question_of
from scheduler.commands.series_printing import PARTS, Shown, as_json, as_lines
from scheduler.commands.worked_cases import run_cases
from scheduler.domain.cases.question import Known, Question
from scheduler.domain.doses import Series
from scheduler.domain.regimen import Regimen
from scheduler.domain.wished_dose_day import WishAnswer, judged_wish
from scheduler.services.formulary_files import known_regimens


@click.command("series", cls=OneSentence)
@click.option(
    "--cases",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file of worked cases; each is answered and compared.",
)
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="A folder of local regimen files, beside the shipped ones.",
)
@click.option("--regimen", default="", help="Its id, such as ocrelizumab-iv.")
@click.option("--region", default="", help="US, EU or UK: the label that holds.")
@click.option(
    "--start",
    default="",
    help="Day of the first dose; left out, the series goes on from --earlier.",
)
@click.option("--count", default="10", help="How many doses to show.")
@click.option(
    "--calendar",
    default="none",
    help="none (every day open), us (federal holidays), or a file: a closed day or"
    " FIRST..LAST a line, and open mon tue ... for the open weekdays.",
)
@click.option("--indication", default="", help="Where amounts differ by it.")
@click.option("--weight", default="", help="Body weight in kg.")
@click.option("--height", default="", help="Height in cm.")
@click.option("--given", multiple=True, help="ORDINAL=DATE, with :AMOUNT, :none or :part.")
@click.option(
    "--missed", multiple=True, help="A missed dose: its ordinal, or its due or planned day."
)
@click.option(
    "--earlier",
    multiple=True,
    help="INGREDIENT=DATE or REGIMEN=DATE, with :AMOUNT: given before or elsewhere.",
)
@click.option("--event", multiple=True, help="NAME=DATE, such as relapse-onset.")
@click.option("--failed", multiple=True, help="A requirement that was not passed, by its id.")
@click.option("--held", default="", help="The day from which the plan is on hold.")
@click.option("--ended", default="", help="The last day of the treatment.")
@click.option(
    "--weight-before", default="", help="The weight in kg under which the days were made."
)
@click.option("--leave-out", multiple=True, help="The ordinal of a dose that a person left out.")
@click.option("--phase", default="", help="A phase that only a prescriber asks for.")
@click.option("--prior", default="", help="Earlier exposure in the limit's unit (mg/m2).")
@click.option(
    "--request",
    default="",
    help="A day that somebody asks for the next dose: allowed or not, and why.",
)
@click.option(
    "--shift",
    default="",
    help="What closed days do: none, nearest, following, preceding, modified_following.",
)
@click.option("--choose", multiple=True, help="NAME=VALUE: how an ambiguous value is read.")
@click.option(
    "--override",
    multiple=True,
    help="The prescriber's own every=P6W, amount=NUMBER, run=DAYS, rate=NAME.",
)
@click.option("--only", type=click.Choice(sorted(PARTS)), help="One part alone.")
@click.option("--language", type=click.Choice(["en", "es"]), default="en", help="Of the reasons.")
@click.option(
    "--explain", is_flag=True, help="The rule, its source and the arithmetic of every date."
)
@click.option("--json", "in_json", is_flag=True, help="As JSON.")
def series(cases: Path | None, folder: tuple[Path, ...], **typed: Any) -> None:
    """Show the doses of a regimen for somebody, or answer worked cases (exit 1 unless all hold).

    A wrong value is one sentence that names it, and exit 2.
    """
    known = Known(regimens=_regimens(folder), calendars={"US": values.federal_days()})
    if cases is not None:
        run_cases(cases, known)
        return
    if not typed["regimen"] or not typed["region"]:
        raise OptionError("--regimen and --region: name both, or a file of --cases.")
    names = {field.name for field in fields(SeriesOptions)}
    options = SeriesOptions(**{name: value for name, value in typed.items() if name in names})
    shown = _shown(options, known, typed)
    if typed["in_json"]:
        click.echo(json.dumps(as_json(shown, typed["only"] or ""), ensure_ascii=False, indent=2))
        return
    for line in as_lines(shown, typed["only"] or ""):
        click.echo(line)


def _regimens(folders: tuple[Path, ...]) -> dict[str, Regimen]:
    try:
        return known_regimens(folders)
    except ValueError as error:
        raise OptionError(f"--folder: {error}") from error


def _shown(options: SeriesOptions, known: Known, typed: dict[str, Any]) -> Shown:
    count = values.count("--count", options.count, most=MOST)
    question = question_of(options, known)
    found = question.series()
    return Shown(
        question=question,
        series=found,
        count=count,
        wish=_wish(typed["request"], question, found),
        language=typed["language"],
        explain=typed["explain"],
    )


def _wish(text: str, question: Question, found: Series) -> WishAnswer | None:
    """Return the answer to a wished day for the next dose."""
    if not text:
        return None
    day = values.day("--request", text)
    last = max((fact.ordinal or 0 for fact in question.facts.given if fact.real), default=0)
    upcoming = next((dose for dose in found.doses if dose.ordinal > last), None)
    if upcoming is None:
        raise OptionError(f"--request {text}: no dose is to come.")
    window = question.regimen.phase(upcoming.phase).window_of(upcoming.ordinal)
    return judged_wish(upcoming, window, day, question.calendar)
