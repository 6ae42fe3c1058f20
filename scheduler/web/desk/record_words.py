"""What the audit notes about a patient, as it is read on the patient's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from scheduler.domain.timing import Instant
from scheduler.services.page_lines import RecordLine
from scheduler.web.words import listed

RECORDED = {
    "recorded requirement": "recorded a requirement",
    "recorded authorization": "recorded a prior authorization",
    "recorded authorization use": "gave back to a prior authorization",
    "recorded REMS": "recorded a REMS enrolment",
    "recorded supply": "recorded drug for a dose",
    "recorded clinical event": "recorded a clinical event",
    "recorded clinical event in error": "took out a clinical event",
}
SEEN = {"appointment": "visit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordShown:
    """A line of "Who looked and what changed"."""

    at: Instant
    who: str
    words: str


def record_shown(lines: Iterable[RecordLine]) -> list[RecordShown]:
    """Return the lines as they are read; what one person looked at in a row is one line, at its last look."""
    shown: list[RecordShown] = []
    for (who, looked), together in groupby(
        lines, key=lambda line: (line.actor_name, _looked(line))
    ):
        rows = list(together)
        if looked:
            shown.append(RecordShown(at=rows[0].at, who=who, words=_looks(rows)))
        else:
            shown += [RecordShown(at=row.at, who=who, words=record_words(row)) for row in rows]
    return shown


def _looked(line: RecordLine) -> bool:
    return line.action == "viewed"


def _looks(rows: list[RecordLine]) -> str:
    """Return "viewed patient, plan and visit, 5 times"."""
    seen = dict.fromkeys(SEEN.get(row.entity, row.entity) for row in rows)
    often = f", {len(rows)} times" if len(rows) > 1 else ""
    return f"viewed {listed(tuple(seen))}{often}"


def record_words(line: RecordLine) -> str:
    """Return "recorded a requirement"; "added contact" where the action does not name its own object."""
    plain = f"{line.action} {line.entity}".replace("_", " ")
    return RECORDED.get(line.action, plain)
