"""Reasons are values: each kind is a sentence in English and in Spanish, and comes back from its row as it was."""

from datetime import date

import pytest

from scheduler.domain.dose_reasons import (
    Reason,
    Why,
    full_sentence,
    reasons_from_text,
    reasons_to_text,
)
from scheduler.domain.reason_words import ELSEWHERE, FIRST_DAY, GAP_END

KINDS = [
    Reason(
        why=why, day=date(2026, 1, 5), other=date(2026, 7, 6), count=6, unit="months", what="dose 3"
    )
    for why in Why
]


@pytest.mark.parametrize("reason", KINDS, ids=lambda reason: reason.why.value)
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_kind_is_one_sentence(reason: Reason, language: str) -> None:
    said = full_sentence(reason, language)

    assert said[0].isupper()
    assert said.endswith(".")
    assert "None" not in said
    assert "{" not in said


@pytest.mark.parametrize("what", ["dose 3", FIRST_DAY, ELSEWHERE, GAP_END])
def test_what_a_reason_counts_from_is_spanish_too(what: str) -> None:
    reason = Reason(why=Why.DUE, day=date(2026, 1, 5), count=6, unit="months", what=what)

    assert what not in full_sentence(reason, "es")
    assert what in full_sentence(reason)


def test_reasons_come_back_as_they_were_stored() -> None:
    assert reasons_from_text(reasons_to_text(KINDS)) == tuple(KINDS)
