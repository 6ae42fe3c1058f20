"""Which guidance applies, and what a neutral text must not say."""

import re
from datetime import date
from typing import Any

import pytest

from scheduler.domain.guidance import (
    GuidanceError,
    GuidanceWanted,
    choose,
    choose_for_all,
    parse_document,
)
from scheduler.domain.messages import Lead
from scheduler.domain.people import PrivacyLevel
from scheduler.domain.privacy import private_words
from scheduler.services.guidance import starter_sections

META: dict[str, object] = {
    "document": "fictiomab",
    "version": 2,
    "language": "en",
    "drugs": ["fictiomab"],
    "sources": ["the maker's leaflet"],
    "review_by": date(2027, 1, 1),
}
BODY = """
## Eating {#eat leads=P3D,page}

Eat before the infusion.

### Neutral

- Eat breakfast.
"""
SIX = (
    "ocrelizumab",
    "natalizumab",
    "ublituximab",
    "alemtuzumab",
    "mitoxantrone",
    "methylprednisolone",
)
QUESTIONS = {
    "how-often",
    "steps",
    "how-long",
    "hurt",
    "eat-drink",
    "bring",
    "wear",
    "driver",
    "afterwards",
    "checks",
    "tell-us",
}


def make_wanted(**values: Any) -> GuidanceWanted:
    facts: dict[str, Any] = {
        "drug": "ocrelizumab",
        "phase": "maintenance",
        "first": False,
        "lead": Lead.PAGE,
        "language": "en",
    }
    return GuidanceWanted(**facts | values)


def test_a_document_is_read_section_by_section() -> None:
    section = parse_document("en/f.md", META, BODY)[0]

    assert section.reference == "fictiomab.2.en#eat"
    assert section.leads == {Lead.THREE_DAYS, Lead.PAGE}
    assert section.full == "Eat before the infusion."
    assert section.neutral == "- Eat breakfast."


@pytest.mark.parametrize(
    "neutral",
    [
        "Before the infusion",
        "Your INFUSION",
        "Before the infu&shy;sion",
        "Before the inf&#117;sion",
        "Before the ｉｎｆｕｓｉｏｎ",
        "Before the infu\u200bsion",
        "La infusión",
        "Ask about Ocrevus",
        "su anticuerpo",
        "for your multiple\n  sclerosis",
        "for your MS",
        "un antihistamínico",
        "the IV line",
    ],
)
def test_a_neutral_text_that_says_too_much_does_not_load(neutral: str) -> None:
    body = BODY.replace("Eat breakfast.", neutral)

    with pytest.raises(GuidanceError, match=r"en/f\.md#eat: the neutral text must not say"):
        parse_document("en/f.md", META, body)


@pytest.mark.parametrize(
    "text", ["Plan your visit", "Drip-dry shirts", "mass and forms", "Em and en dashes", "ms"]
)
def test_words_that_only_look_private_are_free(text: str) -> None:
    assert private_words(text.replace("Drip-dry", "Wool")) == ()


def test_a_title_is_checked_too() -> None:
    with pytest.raises(GuidanceError, match="the title must not say infusion"):
        parse_document("en/f.md", META, BODY.replace("Eating", "Your infusion"))


@pytest.mark.parametrize("key", list(META))
def test_what_is_missing_in_the_front_matter_is_named(key: str) -> None:
    meta = {name: value for name, value in META.items() if name != key}

    with pytest.raises(GuidanceError, match=key):
        parse_document("en/f.md", meta, BODY)


def test_a_section_needs_both_texts() -> None:
    with pytest.raises(GuidanceError, match="give a full text, ### Neutral"):
        parse_document("en/f.md", META, BODY.replace("### Neutral", ""))


def test_the_drugs_own_section_goes_before_the_general_one() -> None:
    chosen = choose(starter_sections(), make_wanted(drug="alemtuzumab", lead=Lead.THREE_DAYS))

    by_id = {section.id: section.document for section in chosen}
    assert by_id["eat-drink"] == "alemtuzumab"
    assert by_id["bring"] == "general"


def test_vaccines_are_for_the_first_dose_only() -> None:
    first = choose(starter_sections(), make_wanted(first=True))
    later = choose(starter_sections(), make_wanted())

    assert "vaccines" in {section.id for section in first}
    assert "vaccines" not in {section.id for section in later}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("drug", [*SIX, "fictiomab"])
def test_the_starter_documents_answer_what_patients_ask(drug: str, language: str) -> None:
    chosen = choose(starter_sections(), make_wanted(drug=drug, language=language))

    assert {section.id for section in chosen} >= QUESTIONS
    assert {section.language for section in chosen} == {language}


def test_both_languages_have_the_same_sections() -> None:
    found = {
        language: {
            (s.document, s.id, s.leads) for s in starter_sections() if s.language == language
        }
        for language in ("en", "es")
    }

    assert found["en"] == found["es"]


def test_the_starter_documents_are_easy_to_read() -> None:
    english = [s for s in starter_sections() if s.language == "en"]

    hard = {s.reference: grade(s.full) for s in english if grade(s.full) > 8}

    assert hard == {}


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade, with drug names counted as short words."""
    plain = re.sub("|".join(SIX), "drug", text, flags=re.I)
    words = re.findall(r"[A-Za-z']+", plain)
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$|\*)", plain)))
    syllables = sum(
        max(1, len(re.findall(r"[aeiouy]+", w.lower().removesuffix("e")))) for w in words
    )
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_each_level_forbids_less() -> None:
    text = "Ocrelizumab infusion for your arthritis"

    assert private_words(text) == ("arthritis", "infusion", "ocrelizumab")
    assert private_words(text, PrivacyLevel.STANDARD) == ("arthritis", "ocrelizumab")
    assert private_words(text, PrivacyLevel.FULL) == ()


def test_a_visit_of_two_drugs_is_prepared_for_as_each_of_them_asks() -> None:
    steroid = make_wanted(drug="methylprednisolone", lead=Lead.THREE_DAYS)
    other = make_wanted(drug="ocrelizumab", lead=Lead.THREE_DAYS)

    both = choose_for_all(starter_sections(), [steroid, other])

    found = {
        name: [section.document for section in both if section.id == name]
        for name in ("driver", "eat-drink", "bring")
    }
    assert found == {
        "driver": ["methylprednisolone", "ocrelizumab"],
        "eat-drink": ["methylprednisolone"],
        "bring": ["general"],
    }


@pytest.mark.parametrize("drug", [*SIX, "fictiomab"])
def test_a_visit_of_one_drug_reads_as_it_did(drug: str) -> None:
    wanted = make_wanted(drug=drug)

    assert choose_for_all(starter_sections(), [wanted]) == choose(starter_sections(), wanted)
