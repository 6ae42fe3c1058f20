"""Regimen files written from their values say the same when they are read again."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.regimen_text import toml_of
from scheduler.services.formulary_files import SHIPPED

WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
LEAVES = st.one_of(
    WORDS, st.integers(-(10**9), 10**9), st.booleans(), st.decimals(-99, 99, places=2).map(float)
)
TABLES = st.recursive(
    st.dictionaries(WORDS, LEAVES | st.lists(WORDS, max_size=3), max_size=3),
    lambda inner: st.dictionaries(
        WORDS, inner | st.lists(inner, min_size=1, max_size=2), max_size=3
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_file_written_anew_says_the_same(path: Path) -> None:
    document = tomllib.loads(path.read_text(encoding="utf-8"))

    assert tomllib.loads(toml_of(document)) == document


@given(TABLES)
def test_whatever_is_typed_is_read_back_as_it_was(document: dict[str, object]) -> None:
    assert tomllib.loads(toml_of(document)) == document
