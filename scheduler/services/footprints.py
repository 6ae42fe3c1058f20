"""A visit's share of its day as its row keeps it, so that what is taken out is what was put in."""

import json
from functools import lru_cache

from scheduler.domain.chairs import ChairNeed
from scheduler.domain.visits import VisitProfile

MINUTES = (
    "intake",
    "iv_start",
    "premedication",
    "mixing",
    "infusion",
    "observation",
    "discharge",
    "turnover",
)


@lru_cache(maxsize=4096)
def written(profile: VisitProfile) -> str:
    """Return a profile as an appointment's row keeps it."""
    values: dict[str, object] = {name: getattr(profile, name) for name in MINUTES}
    if profile.needs:
        values["needs"] = sorted(profile.needs)
    if profile.competencies:
        values["competencies"] = sorted(profile.competencies)
    return json.dumps(
        {name: value for name, value in values.items() if value != 0 or name == "iv_start"}
    )


@lru_cache(maxsize=4096)
def read(text: str, minutes: int = 0) -> VisitProfile:
    """Return the profile that ``written`` stored; a visit without one counts as infusion alone.

    Args:
        text: What the row keeps.
        minutes: The visit's length, used when nothing is kept.
    """
    if not text:
        return VisitProfile(iv_start=0, infusion=minutes)
    values = json.loads(text)
    return VisitProfile(
        **{name: values[name] for name in MINUTES if name in values},
        needs=frozenset(ChairNeed(need) for need in values.get("needs", ())),
        competencies=frozenset(values.get("competencies", ())),
    )
