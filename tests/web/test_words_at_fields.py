"""What stands at a field says its sentence once, and lists read from the left."""

import re

from scheduler.paths import PACKAGE, resource_dir

LABEL_AGAIN = re.compile(r"\.errors = \[\"[A-Z][A-Za-z ]*:")


def test_a_sentence_at_a_field_does_not_repeat_its_label() -> None:
    views = sorted((PACKAGE / "web").rglob("*.py"))
    assert views
    assert [path.name for path in views if LABEL_AGAIN.search(path.read_text())] == []


def test_items_of_a_list_are_not_set_like_columns_of_numbers() -> None:
    pages = sorted(resource_dir("templates").rglob("*.html"))
    assert pages
    assert [path.name for path in pages if '<li class="num"' in path.read_text()] == []
