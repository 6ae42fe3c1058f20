"""Regimen files: the shipped ones, and those of a center's own folders."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from scheduler.domain.grammar import regimen_from_text
from scheduler.domain.regimen import Regimen

SHIPPED = Path(__file__).parent.parent / "formulary"


def regimen_in(path: Path) -> Regimen:
    """Return the regimen of a file.

    Raises:
        GrammarError: names file, line and what is wrong.
    """
    return _read(path.read_text(encoding="utf-8"), path.name)


# the same text is always the same regimen, and commands and pages read the shipped ones often
@lru_cache(maxsize=256)
def _read(text: str, name: str) -> Regimen:
    return regimen_from_text(text, file=name)


def files_in(folders: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Return the shipped files, then those of the folders, each in the order of their names."""
    return tuple(path for folder in (SHIPPED, *folders) for path in sorted(folder.glob("*.toml")))


def known_regimens(folders: Sequence[Path] = ()) -> dict[str, Regimen]:
    """Return the shipped regimens and those of some folders by id; a local file stands for a shipped one of its id.

    Raises:
        GrammarError: a file is no regimen.
    """
    return {rule.id: rule for rule in map(regimen_in, files_in(folders))}
