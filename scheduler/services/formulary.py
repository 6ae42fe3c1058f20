"""The formulary as other parts ask for it: loading, finding, approving, choosing."""

from scheduler.services.regimens import (
    ApproveRegimen,
    ChooseReading,
    RegimenChoiceLine,
    approve,
    choices_of,
    choose,
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
