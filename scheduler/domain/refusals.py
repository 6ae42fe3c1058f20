"""Why a start is refused: the limit, when it binds, how much is used, and a sentence for the desk."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from scheduler.domain.chairs import ChairNeed
from scheduler.domain.nursing import NURSE
from scheduler.domain.timing import time_of


class Limit(StrEnum):
    """What can refuse a start, in the order in which a desk explains it."""

    CLOSED = "closed"
    NOT_BEFORE = "not_before"
    WINDOW = "window"
    HORIZON = "horizon"
    OPENING_HOURS = "opening_hours"
    MIXING_HOURS = "mixing_hours"
    LAST_DRUG_END = "last_drug_end"
    IV_STARTS = "iv_starts"
    CHAIRS = "chairs"
    CHAIR_NEED = "chair_need"
    PATIENTS = "patients"
    NURSE_LOAD = "nurse_load"
    COMPETENCY = "competency"
    MIXING = "mixing"
    CHAIR_ASSIGNMENT = "chair_assignment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a visit cannot start in a slot: which limit, when, how much of it is used.

    Args:
        limit: What refuses.
        at: When it does, on the center's clock.
        used: How much was taken before this visit (nurse load in units of ``NURSE``); for hours,
            the minute after midnight that the visit would need.
        allowed: How much there is; for hours, the minute that is allowed.
        wanted: How much this visit adds; nothing when it tells of a day that is over capacity.
        detail: The need, competency, edge ("opens", "closes") or reason that belongs to the limit.
    """

    limit: Limit
    at: time
    used: int = 0
    allowed: int = 0
    wanted: int = 1
    detail: str = ""

    @property
    def sentence(self) -> str:
        """The refusal as a desk reads it, one English sentence."""
        if self.limit in HOURS_SENTENCES:
            return _hours_sentence(self)
        if self.limit in REASONS:
            return REASONS[self.limit].format(detail=self.detail)
        return _count_sentence(self)


HOURS_SENTENCES = {
    Limit.OPENING_HOURS: {
        "opens": "The center opens at {allowed}.",
        "doors": "Patients are let in from {allowed}.",
        "closes": "The visit would end at {used}; the center closes at {allowed}.",
    },
    Limit.MIXING_HOURS: {
        "begins": "Mixing begins at {allowed}; the drug would have to be begun at {used}.",
        "ends": "The drug would be ready at {used}; mixing ends at {allowed}.",
    },
    Limit.LAST_DRUG_END: {
        "": "The infusion would end at {used}; no drug may run after {allowed}.",
    },
}

REASONS = {
    Limit.CLOSED: "The center is closed: {detail}.",
    Limit.NOT_BEFORE: "The dose must not be given before {detail}.",
    Limit.WINDOW: "None of these days has room for the visit: {detail}.",
    Limit.HORIZON: "The days {detail} are not open for booking yet.",
}


def _hours_sentence(refusal: Refusal) -> str:
    used, allowed = time_of(refusal.used), time_of(refusal.allowed)
    sentence = HOURS_SENTENCES[refusal.limit][refusal.detail]
    return sentence.format(used=f"{used:%-H:%M}", allowed=f"{allowed:%-H:%M}")


COUNT_SENTENCES = {
    Limit.IV_STARTS: "At {at} {count} IV starts are taken.",
    Limit.CHAIRS: "At {at} {count} chairs are in use or being cleaned.",
    Limit.PATIENTS: "At {at} the nurses watch {count} patients.",
    Limit.NURSE_LOAD: "At {at} {nurses}.",
    Limit.COMPETENCY: "At {at} no nurse with {detail} competency is free: {nurses}.",
    Limit.MIXING: "At {at} {count} mixing places are taken.",
    Limit.CHAIR_ASSIGNMENT: "At {at} no chair is free for the whole visit"
    " without moving somebody who has to stay.",
}


def _count_sentence(refusal: Refusal) -> str:
    at, count = f"{refusal.at:%-H:%M}", f"{refusal.used} of {refusal.allowed}"
    if refusal.limit is Limit.CHAIR_NEED:
        return _need_sentence(refusal, at, count)
    sentence = COUNT_SENTENCES[refusal.limit]
    return sentence.format(at=at, count=count, detail=refusal.detail, nurses=_nurses(refusal))


def _need_sentence(refusal: Refusal, at: str, count: str) -> str:
    places = ChairNeed(refusal.detail).words
    if not refusal.allowed:
        return f"At {at} there are no {places} in service."
    return f"At {at} {count} {places} are in use or being cleaned."


def _nurses(refusal: Refusal) -> str:
    used, allowed, wanted = (
        f"{units / NURSE:.2f}".rstrip("0").rstrip(".")
        for units in (refusal.used, refusal.allowed, refusal.wanted)
    )
    busy = f"{used} of {allowed} nurses are busy"
    return f"{busy} and the visit needs {wanted}" if refusal.wanted else busy
