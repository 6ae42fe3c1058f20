"""A regimen as numbers in words: each with its basis and source, and what differs between versions."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.domain.dates import Interval
from scheduler.domain.grammar import regimen_from
from scheduler.domain.phase_numbers import phase_name
from scheduler.domain.regimen import Regimen
from scheduler.domain.regimen_changes import changes_between
from scheduler.domain.regimen_numbers import RuleNumber, numbers_of
from scheduler.services.formulary_files import SHIPPED

FILES = sorted(SHIPPED.glob("*.toml"))


def read(path: Path) -> tuple[Regimen, dict[str, str]]:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return regimen_from(document, file=path.name), document["source"]


def by_item(regimen: str) -> dict[str, RuleNumber]:
    numbers = numbers_of(*read(SHIPPED / f"{regimen}.toml"))
    return {number.item: number for number in numbers}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_number_has_its_own_name_and_a_source_that_exists(path: Path) -> None:
    rule, cited = read(path)
    numbers = numbers_of(rule, cited)

    assert len({number.item for number in numbers}) == len(numbers)
    assert {number.source for number in numbers} <= {"M", "center", *rule.sources}


def test_what_a_pharmacist_confirms_is_policy_practice_or_from_memory() -> None:
    numbers = by_item("ublituximab-iv")

    assert not numbers["maintenance.when"].to_confirm
    assert numbers["maintenance.window"].to_confirm
    assert numbers["maintenance.late"].from_memory
    assert numbers["maintenance.late"].to_confirm


def test_two_versions_are_compared_in_words() -> None:
    rule, cited = read(SHIPPED / "ocrelizumab-iv.toml")
    phases = tuple(
        replace(phase, window=replace(phase.window, late=Interval(days=21)))
        if phase.id == "maintenance"
        else phase
        for phase in rule.phases
    )
    changes = changes_between(
        numbers_of(rule, cited), numbers_of(replace(rule, phases=phases), cited)
    )

    assert [change.name for change in changes] == ["Maintenance, Window"]
    assert "28 days after" in changes[0].old
    assert "21 days after" in changes[0].new


def words_of(regimen: str, item: str) -> str:
    """Return a number of a shipped regimen in words."""
    rule, cited = read(SHIPPED / f"{regimen}.toml")
    return next(number.words for number in numbers_of(rule, cited) if number.item == item)


@pytest.mark.parametrize(
    ("regimen", "item", "words"),
    [
        ("eculizumab-iv", "maintenance.amount", "1200 mg, for PNH 900 mg"),
        (
            "ocrelizumab-iv",
            "visit2.no_prior_serious_infusion_reaction",
            "infusion 120 min, observation 60 min",
        ),
        (
            "natalizumab-iv",
            "requirement.jcv",
            "before the first dose, not within 2 weeks of plasma exchange, not within 6 months of ivig",
        ),
        (
            "natalizumab-iv",
            "monitor.pml-assessment",
            "after 3 months, 6 months, then every 6 months, from the first dose, until last dose+P6M",
        ),
        ("lecanemab-iv", "requirement.mri-aria", "before dose 3, 5, 7, 14, after the dose before"),
        ("alemtuzumab-iv", "premedication.1", "course day 1 to 3"),
        ("ocrelizumab-iv", "premedication.2", "dose 1 on"),
        (
            "ivig-cidp",
            "induction.when",
            "day 1, counted from the first day, 5 days in a row (2 to 5 by the order),"
            " closed days left out, at most 3 days apart",
        ),
        (
            "ivig-cidp",
            "induction.amount",
            "2 g/kg, shared out over the days of a run",
        ),
        ("mitoxantrone-iv", "maintenance.order.EU", "every 1 to 3 months"),
        ("mitoxantrone-iv", "limit.exposure.EU", "for nobody who had it before, then blocked"),
        ("alemtuzumab-iv", "limit.count.EU", "4 courses, then for review"),
    ],
)
def test_nothing_that_a_file_says_is_left_out(regimen: str, item: str, words: str) -> None:
    assert words_of(regimen, item) == words


def test_a_phase_is_named_as_people_write_it() -> None:
    assert phase_name("maintenance-sc") == "maintenance SC"
    assert phase_name("extended_interval") == "extended interval"
