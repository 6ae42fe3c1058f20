"""A regimen drawn: phases in order, windows round their doses, minimum gaps that end where the table says."""

from datetime import date
from itertools import pairwise

import pytest

from scheduler.services.formulary_files import SHIPPED
from scheduler.web.desk.regimen_line import RegimenLine, draw_regimen
from scheduler.web.desk.regimen_view import example_of, explained
from tests.schedules.formulary import shipped

START = date(2026, 1, 5)


def drawn(regimen: str, start: date = START) -> RegimenLine:
    rule = shipped(regimen)
    choices = {choice.id: choice.options[0] for choice in rule.choices}
    line = draw_regimen(rule, example_of(rule, start, choices), start)
    assert line is not None
    return line


def test_phases_follow_each_other_and_the_last_runs_out_of_the_picture() -> None:
    line = drawn("ocrelizumab-iv")

    assert [bar.words for bar in line.phases] == ["induction", "maintenance"]
    induction, maintenance = line.phases
    assert induction.x + induction.width < maintenance.x
    assert maintenance.x + maintenance.width == line.width


def test_each_minimum_gap_begins_at_the_dose_it_counts_from_and_ends_before_the_due_day() -> None:
    line = drawn("ocrelizumab-iv")

    second, third = line.marks[1], line.marks[2]
    assert line.gaps[0].x == second.x
    assert second.x < line.gaps[0].x + line.gaps[0].width < third.x
    assert {bar.words for bar in line.gaps} == {"5 months"}


def test_a_course_that_ends_by_itself_ends_in_the_picture() -> None:
    line = drawn("alemtuzumab-iv")

    assert [bar.words for bar in line.phases] == ["course1", "course2"]
    assert all(bar.x + bar.width < line.width for bar in line.phases)
    assert "The first 8 doses" in line.label


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_nothing_is_drawn_outside_and_no_words_lie_over_each_other(path: object) -> None:
    line = drawn(str(path).rpartition("/")[2].removesuffix(".toml"), date(2028, 2, 29))

    for bars in (line.phases, line.gaps):
        spoken = [bar for bar in bars if bar.words]
        assert all(bar.x >= 0 and bar.x + bar.width <= line.width for bar in bars)
        for one, other in pairwise(spoken):
            assert one.words_x + len(one.words) * 6 < other.words_x


def test_without_doses_there_is_nothing_to_draw() -> None:
    assert draw_regimen(shipped("ocrelizumab-iv"), (), START) is None


def test_each_dose_of_the_example_is_explained_to_the_rule_and_its_source() -> None:
    rule = shipped("infliximab-iv")

    first = explained(rule, example_of(rule, START, {}), START)[0]

    steps = {step.what: step for step in first.trace}
    assert steps["Amount"].result == "350 mg"  # 5 mg/kg for somebody of 70 kg
    assert steps["Due day"].source.startswith("S80 https://")
