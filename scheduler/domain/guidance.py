"""Guidance: sections of documents on what a patient should know, and which apply to a visit."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.messages import Lead
from scheduler.domain.privacy import private_words

ANY = "any"
FIRST = "first"
LATER = "later"
LANGUAGES = ("en", "es")
HEADING = re.compile(r"^## (?P<title>.+?) \{#(?P<id>[a-z0-9-]+)(?P<attributes>[^}]*)\}\s*$", re.M)
ATTRIBUTE = re.compile(r"(\w+)=([\w,-]+)")
NEUTRAL = re.compile(r"^### Neutral\s*$", re.M)


class GuidanceError(ValueError):
    """A guidance document that does not load: names the file, the section and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceSection:
    """One answer to one question of a patient.

    Args:
        id: Stable within a document and the same in every language.
        drugs: Ingredients it is for, or ``any``.
        phases: Phases of a plan it is for, or ``any``.
        doses: ``first``, ``later`` or ``any``: the first dose of a plan, or a later one.
        leads: Where it appears: messages by their lead, and the patient's page.
        title: A heading that names nothing private.
        full: Markdown, shown behind the link.
        neutral: Markdown that says nothing of drug, diagnosis or infusion.
        sources: Where it comes from.
        review_by: When somebody has to read it again.
    """

    id: str
    document: str
    version: int
    language: str
    drugs: frozenset[str]
    phases: frozenset[str]
    doses: str
    leads: frozenset[Lead]
    title: str
    full: str
    neutral: str
    sources: tuple[str, ...]
    review_by: date

    @property
    def reference(self) -> str:
        """Document, version, language and section, as the message log keeps it."""
        return f"{self.document}.{self.version}.{self.language}#{self.id}"


def parse_document(name: str, meta: Mapping[str, object], body: str) -> tuple[GuidanceSection, ...]:
    """Return the sections of a document.

    Args:
        name: The file, for messages.
        meta: Front matter: document, version, language, drugs, sources, review_by.
        body: ``## Title {#id leads=booking,P3D,page doses=first phases=induction}``, the full text,
            ``### Neutral``, the neutral text.

    Raises:
        GuidanceError: something is missing, or a neutral text or title names what it must not.
    """
    found = list(HEADING.finditer(body))
    if not found:
        raise GuidanceError(f"{name}: there is no section (## Title {{#id}}).")
    ends = [match.start() for match in found[1:]] + [len(body)]
    sections = tuple(
        _section(name, meta, match, body[match.end() : end])
        for match, end in zip(found, ends, strict=True)
    )
    if len({section.id for section in sections}) < len(sections):
        raise GuidanceError(f"{name}: two sections have the same id.")
    return sections


def _section(
    name: str, meta: Mapping[str, object], heading: re.Match[str], text: str
) -> GuidanceSection:
    place = f"{name}#{heading['id']}"
    halves = NEUTRAL.split(text)
    if len(halves) != 2 or not all(half.strip() for half in halves):  # noqa: PLR2004 - full and neutral
        raise GuidanceError(f"{place}: give a full text, ### Neutral, and a neutral text.")
    attributes = dict(ATTRIBUTE.findall(heading["attributes"]))
    section = GuidanceSection(
        id=heading["id"],
        document=_text(place, meta, "document"),
        version=_version(place, meta),
        language=_language(place, meta),
        drugs=frozenset(_texts(place, meta, "drugs")),
        phases=frozenset(attributes.get("phases", ANY).split(",")),
        doses=attributes.get("doses", ANY),
        leads=_leads(place, attributes.get("leads", Lead.PAGE.value)),
        title=heading["title"].strip(),
        full=halves[0].strip(),
        neutral=halves[1].strip(),
        sources=_texts(place, meta, "sources"),
        review_by=_day(place, meta),
    )
    _refuse_private(place, section)
    return section


def _refuse_private(place: str, section: GuidanceSection) -> None:
    for part, text in (("title", section.title), ("neutral text", section.neutral)):
        words = private_words(text)
        if words:
            raise GuidanceError(f"{place}: the {part} must not say {', '.join(words)}.")


def _text(place: str, meta: Mapping[str, object], key: str) -> str:
    value = meta.get(key)
    if not isinstance(value, str) or not value.strip():
        raise GuidanceError(f"{place}: the front matter lacks {key}.")
    return value.strip()


def _texts(place: str, meta: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = meta.get(key)
    if not isinstance(value, list) or not value:
        raise GuidanceError(f"{place}: the front matter lacks {key} (a list).")
    return tuple(str(each).strip() for each in value)


def _version(place: str, meta: Mapping[str, object]) -> int:
    value = meta.get("version")
    if not isinstance(value, int):
        raise GuidanceError(f"{place}: the front matter lacks version (a number).")
    return value


def _language(place: str, meta: Mapping[str, object]) -> str:
    value = _text(place, meta, "language")
    if value not in LANGUAGES:
        raise GuidanceError(f"{place}: language is one of {', '.join(LANGUAGES)}.")
    return value


def _day(place: str, meta: Mapping[str, object]) -> date:
    value = meta.get("review_by")
    if not isinstance(value, date):
        raise GuidanceError(f"{place}: the front matter lacks review_by (a day).")
    return value


def _leads(place: str, text: str) -> frozenset[Lead]:
    try:
        return frozenset(Lead(part) for part in text.split(","))
    except ValueError:
        raise GuidanceError(f"{place}: leads are {', '.join(Lead)}.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceWanted:
    """For what a patient should be told something.

    Args:
        drug: Ingredient of the visit's dose; empty for visits without one.
        phase: Of the plan.
        first: Whether it is the first dose of the plan.
        lead: Which message, or the page.
        language: Falls back to English section by section.
    """

    drug: str
    phase: str
    first: bool
    lead: Lead
    language: str


def choose(
    sections: Iterable[GuidanceSection], wanted: GuidanceWanted
) -> tuple[GuidanceSection, ...]:
    """Return the sections that apply, in the documents' order.

    Of sections with one id, that of the drug goes before the general one, then the wanted language before
    English.
    """
    best: dict[str, GuidanceSection] = {}
    for section in _applicable(sections, wanted):
        other = best.get(section.id)
        if other is None or _rank(section, wanted) > _rank(other, wanted):
            best[section.id] = section
    return tuple(best.values())


def choose_for_all(
    sections: Sequence[GuidanceSection], wanted: Iterable[GuidanceWanted]
) -> tuple[GuidanceSection, ...]:
    """Return the sections for a visit of several drugs, question by question.

    Where one of the drugs has an answer of its own the general one is left out, as with that drug alone; where
    several have, the patient reads each.
    """
    answers: dict[str, list[GuidanceSection]] = {}
    for each in wanted:
        for section in choose(sections, each):
            known = answers.setdefault(section.id, [])
            known += [] if section in known else [section]
    return tuple(section for known in answers.values() for section in _own(known))


def _own(answers: list[GuidanceSection]) -> list[GuidanceSection]:
    return [section for section in answers if ANY not in section.drugs] or answers


def _applicable(
    sections: Iterable[GuidanceSection], wanted: GuidanceWanted
) -> Iterator[GuidanceSection]:
    dose = FIRST if wanted.first else LATER
    for section in sections:
        fits = (
            section.language in (wanted.language, "en")
            and wanted.lead in section.leads
            and section.doses in (ANY, dose)
            and bool(section.drugs & {ANY, wanted.drug})
            and bool(section.phases & {ANY, wanted.phase})
        )
        if fits:
            yield section


def _rank(section: GuidanceSection, wanted: GuidanceWanted) -> tuple[bool, bool]:
    return wanted.drug in section.drugs, section.language == wanted.language
