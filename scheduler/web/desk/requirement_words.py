"""Requirements as the board says them: short words, icon, and whether a person must act now."""

from datetime import date, timedelta

from scheduler.domain.plans import RequirementStatus
from scheduler.web.desk.board_facts import MissingFact

SHORT = {
    "rems": "REMS",
    "rems-prescriber": "REMS, prescriber",
    "rems-site": "REMS, site",
    "rems-vaccine": "REMS, vaccines",
    "mri-baseline": "MRI",
    "mri": "MRI",
    "jcv": "JCV antibody",
    "hbv": "Hepatitis B",
    "tb-hbv": "TB, hepatitis B",
    "lft": "Liver tests",
    "ig": "Immunoglobulins",
    "pregnancy": "Pregnancy test",
    "labs": "Labs",
    "tsh": "TSH",
    "lvef": "LVEF",
    "lvef-after": "LVEF",
    "skin": "Skin exam",
    "pml-symptoms": "PML symptoms",
    "pml-assessment": "PML assessment",
    "cbc": "Blood count",
    "anc": "Neutrophils",
    "order": "Order",
    "authorization": "PA",
    "supply": "Drug",
}
ICONS = {
    "order": "doc",
    "authorization": "card",
    "supply": "supply",
    "infection": "clock",
}
STATE_WORDS = {
    RequirementStatus.NEEDED: "missing",
    RequirementStatus.REQUESTED: "requested",
    RequirementStatus.TO_REVIEW: "to review",
    RequirementStatus.MET: "expires before",
    RequirementStatus.FAILED: "failed",
}
SOON = timedelta(days=5)


def requirement_icon(code: str) -> str:
    """Return the icon of a requirement."""
    if code.startswith("rems"):
        return "shield"
    return ICONS.get(code, "lab")


def requirement_name(code: str) -> str:
    """Return a requirement's short name ("REMS", "Liver tests")."""
    return SHORT.get(code, code.replace("-", " ").replace("_", " ").capitalize())


def missing(code: str, status: RequirementStatus, *, day: date, today: date) -> MissingFact:
    """Return what the block says: in ochre while it is requested or the visit is days away."""
    waiting = status is RequirementStatus.REQUESTED
    early = status is RequirementStatus.NEEDED and day - today > SOON
    return MissingFact(
        icon=requirement_icon(code),
        words=f"{requirement_name(code)} {STATE_WORDS.get(status, status.value)}",
        pending=waiting or early,
    )
