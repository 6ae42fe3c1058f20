"""The formulary as other parts ask for it: loading, finding, approving, choosing."""

from scheduler.services.regimen_approval import ApproveRegimen, ChooseReading, approve, choose
from scheduler.services.regimens import (
    RegimenChoiceLine,
    choices_of,
    orderable,
    regimen_of,
    sync_formulary,
)

__all__ = [
    "ApproveRegimen",
    "ChooseReading",
    "RegimenChoiceLine",
    "approve",
    "choices_of",
    "choose",
    "orderable",
    "regimen_of",
    "sync_formulary",
]
