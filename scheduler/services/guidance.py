"""Guidance documents: the starter set that comes with the system, and what applies to a visit."""

from functools import cache
from pathlib import Path

import frontmatter

from scheduler.domain.guidance import GuidanceSection, parse_document
from scheduler.paths import PACKAGE

FOLDER = PACKAGE / "guidance"


@cache
def starter_sections() -> tuple[GuidanceSection, ...]:
    """Return the sections of the starter documents, the general ones first; read once a process.

    Raises:
        GuidanceError: a document does not load; names file and section.
    """
    return sections_in(FOLDER)


def sections_in(folder: Path) -> tuple[GuidanceSection, ...]:
    """Return the sections of all documents in a folder with one subfolder a language."""
    files = sorted(folder.glob("*/*.md"), key=lambda file: (file.stem != "general", str(file)))
    return tuple(section for file in files for section in _load(file))


def _load(file: Path) -> tuple[GuidanceSection, ...]:
    post = frontmatter.loads(file.read_text(encoding="utf-8"))
    name = f"{file.parent.name}/{file.name}"
    return parse_document(name, post.metadata, post.content)
