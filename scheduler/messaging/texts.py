"""Guidance texts as a mail shows them: the neutral or the full one, in plain text and in HTML."""

import re
from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from scheduler.domain.guidance import GuidanceSection
from scheduler.domain.people import PrivacyLevel

ALLOWED = {"p", "ul", "ol", "li", "strong", "em", "h2", "br"}
_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")


def html_of(markdown: str) -> Markup:
    """Return Markdown as clean HTML; HTML inside it is shown as text, never obeyed."""
    return Markup(nh3.clean(_MARKDOWN.render(markdown), tags=ALLOWED, attributes={}).strip())  # noqa: S704 - cleaned


def plain(markdown: str) -> str:
    """Return Markdown without its marks of emphasis."""
    return _MARKS.sub("", markdown)


def ready_markdown(sections: Sequence[GuidanceSection], level: PrivacyLevel, first: str) -> str:
    """Return the texts of a mail: one list of neutral sentences, or at the level full everything.

    Args:
        sections: In their order.
        level: What may be named.
        first: A sentence that goes first, how long to plan.
    """
    if level is not PrivacyLevel.FULL:
        lines = dict.fromkeys((f"- {first}", *(section.neutral for section in sections)))
        return "\n".join(lines)
    parts = (f"## {section.title}\n\n{section.full}" for section in sections)
    return "\n\n".join((first, *parts))
