"""Every sentence of the patient pages is in the Spanish catalog, and nothing else is."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from scheduler.paths import PACKAGE, resource_dir
from scheduler.web.languages import CATALOGS

HOLES = re.compile(r"%\(\w+\)s")
# a sentence that a template says without asking for its translation
BARE = re.compile(r">\s*([A-Z][a-z]+(?: [a-z]+)*)\s*[<{]")


def templates() -> Path:
    return resource_dir("templates") / "patient"


def said() -> set[str]:
    """Return every sentence that pages ask a translation for."""
    found: set[str] = set()
    for folder, pattern, method in (
        (templates(), "**.html", "jinja2"),
        (PACKAGE / "web" / "patient", "**.py", "python"),
    ):
        rows = extract_from_dir(str(folder), method_map=[(pattern, method)])
        found.update(str(row[2]) for row in rows)
    return found


def catalog() -> Catalog:
    with (CATALOGS / "es.po").open("rb") as text:
        return read_po(text, locale="es")


def test_every_sentence_is_translated_and_none_is_left_over() -> None:
    known = {str(entry.id) for entry in catalog() if entry.id and entry.string and not entry.fuzzy}

    assert len(said()) > 50
    assert said() - known == set()
    assert known - said() == set()


def test_a_translation_says_the_same_facts() -> None:
    wrong = {
        entry.id
        for entry in catalog()
        if entry.id and set(HOLES.findall(str(entry.id))) != set(HOLES.findall(str(entry.string)))
    }

    assert wrong == set()


def test_no_template_says_a_word_without_asking_for_its_translation() -> None:
    bare = {
        f"{path.name}: {words}"
        for path in templates().glob("*.html")
        for words in BARE.findall(path.read_text(encoding="utf-8"))
    }

    assert bare == set()
