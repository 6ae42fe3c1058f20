"""What the files say: every module introduces itself, names no machine, and points at what exists."""

import ast
import re

import pytest

from tests.architecture.sources import LOCKS, TOP, name_of, own_files, package_files, tree

TEXT = (".py", ".md", ".toml", ".html", ".js", ".css", ".txt", ".mako", ".cfg", "")
SOMEBODYS_FOLDER = re.compile(r"(?<![\w.:/])/(?:home|root|work|Users|mnt|opt)/\w")
TICKET = re.compile(r"\b(?:issue|ticket|PR)\s?#?\d+", re.IGNORECASE)
DOCUMENT = re.compile(r"(?<![\w/.-])[A-Z]{4,}\.md\b")
VAGUE = re.compile(r"(?:^|_)(?:utils?|helpers?|manager|misc|common)(?:_|$)")


def test_no_file_names_a_folder_of_one_machine() -> None:
    named = {
        name_of(path)
        for path in own_files(*TEXT)
        if SOMEBODYS_FOLDER.search(path.read_text(encoding="utf-8"))
    }

    assert named == set()


def test_reasons_stand_beside_the_code_and_not_in_a_tracker() -> None:
    pointing = {
        name_of(path)
        for path in own_files(*TEXT)
        if name_of(path) not in LOCKS and TICKET.search(path.read_text(encoding="utf-8"))
    }

    assert pointing == set()


def test_every_document_that_is_named_exists() -> None:
    lost = {
        f"{name_of(path)}: {name}"
        for path in own_files(*TEXT)
        for name in DOCUMENT.findall(path.read_text(encoding="utf-8"))
        if not (TOP / name).is_file()
    }

    assert lost == set()


def test_what_is_installed_is_named_by_hash_and_not_by_place() -> None:
    for name in (*LOCKS, "pyproject.toml", "Makefile", ".ci/run"):
        text = (TOP / name).read_text(encoding="utf-8")
        assert "://" not in text, name
        assert not re.search(r"^--(?!hash)", text, re.MULTILINE), name


@pytest.mark.slow
def test_every_module_opens_with_a_sentence() -> None:
    silent = {
        name_of(path)
        for path in own_files(".py")
        if tree(path).body
        and not (ast.get_docstring(tree(path)) or "").split("\n")[0].endswith(".")
    }

    assert silent == set()


def test_no_module_is_called_by_a_word_that_says_nothing() -> None:
    assert {name_of(p) for p in package_files() if VAGUE.search(p.stem)} == set()
