"""The shipped regimens, for worked schedules."""

import tomllib
from functools import lru_cache
from pathlib import Path

from scheduler.domain.grammar import regimen_from
from scheduler.domain.regimen import Regimen

FORMULARY = Path(__file__).parent.parent.parent / "scheduler" / "formulary"


@lru_cache
def shipped(regimen_id: str) -> Regimen:
    """Return a shipped regimen by id."""
    path = FORMULARY / f"{regimen_id}.toml"
    return regimen_from(tomllib.loads(path.read_text(encoding="utf-8")), file=path.name)
