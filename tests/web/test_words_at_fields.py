"""What stands at a field says its sentence once, and lists read from the left."""

import re
from html import unescape

import pytest

from scheduler.paths import PACKAGE, resource_dir
from tests.web.desk_person import Desk

LABEL_AGAIN = re.compile(r"\.errors = \[\"[A-Z][A-Za-z ]*:")


def test_a_sentence_at_a_field_does_not_repeat_its_label() -> None:
    views = sorted((PACKAGE / "web").rglob("*.py"))
    assert views
    assert [path.name for path in views if LABEL_AGAIN.search(path.read_text())] == []


def test_items_of_a_list_are_not_set_like_columns_of_numbers() -> None:
    pages = sorted(resource_dir("templates").rglob("*.html"))
    assert pages
    assert [path.name for path in pages if '<li class="num"' in path.read_text()] == []


@pytest.mark.parametrize(
    ("field", "label", "typed"),
    [
        ("interval", "Own interval", "now and then"),
        ("amount", "Own amount per dose", "much"),
        ("first_day", "First day here", "2026-02-30"),
        ("wished_time", "Wished time", "noon"),
    ],
)
def test_what_cannot_be_read_in_an_order_is_named_once_above_and_not_again_in_its_sentence(
    desk: Desk, field: str, label: str, typed: str
) -> None:
    answer = desk.order(desk.add_patient(), 422, **{field: typed})
    shown = unescape(answer.text)

    assert f'<a href="#{field}">{label}</a>: ' in shown
    assert f"{label}: " not in shown.replace(f"{label}</a>: ", "")


@pytest.mark.parametrize("typed", [{"interval": "now and then"}, {"amount": "much"}, {}])
def test_the_section_of_what_an_order_names_itself_is_open_when_something_stands_in_it(
    desk: Desk, typed: dict[str, str]
) -> None:
    shown = desk.order(desk.add_patient(), 422 if typed else 200, do="show", **typed).text

    section = shown[: shown.index("The order differs from the regimen")].rsplit("<details", 1)[1]
    assert section == (" open><summary>" if typed else "><summary>")
