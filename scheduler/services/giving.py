"""What was given of a dose, and what follows from it for its plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.plans import DoseState, GivenOutcome
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant
from scheduler.persistence.locked_plans import lock_plan
from scheduler.persistence.models import PlannedDose
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.recalculating import follow


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseOutcome:
    """What was given of one dose.

    Args:
        dose_id: Which dose.
        outcome: In full, in part, not at all.
        amount: In the dose's unit; needed in part, the planned one if nothing is said in full.
        reason: Needed in part and not at all.
        product: What was hung; the order's product if nothing is said.
        lot: Its lot number.
    """

    dose_id: DoseId
    outcome: GivenOutcome = GivenOutcome.FULL
    amount: Decimal | None = None
    reason: str = ""
    product: str = ""
    lot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeResult:
    """What followed: doses whose dates moved at once, and proposals that wait for a person."""

    moved: int = 0
    recalculations: tuple[PlanId, ...] = ()

    @property
    def recalculation_id(self) -> PlanId | None:
        """The first proposal that waits for a person."""
        return self.recalculations[0] if self.recalculations else None


LARGEST_AMOUNT = 10**8


def check_outcome(planned: Decimal | None, outcome: DoseOutcome) -> None:
    """Refuse an outcome without its amount or its reason.

    Raises:
        InvalidError: names the field.
    """
    if outcome.outcome is not GivenOutcome.FULL and not outcome.reason.strip():
        raise InvalidError("Say why it was not given in full.", field="reason")
    if outcome.outcome is GivenOutcome.NONE:
        return
    amount = outcome.amount
    if amount is None and (outcome.outcome is GivenOutcome.PART or planned is None):
        raise InvalidError("Say how much was given.", field="amount")
    if amount is not None and not (amount.is_finite() and 0 < amount < LARGEST_AMOUNT):
        raise InvalidError("An amount is a number above 0; check what was typed.", field="amount")
    part = outcome.outcome is GivenOutcome.PART
    if part and planned is not None and amount is not None and amount >= planned:
        raise InvalidError("That is all of the dose: record it as given in full.", field="amount")


def settle_state(dose: PlannedDose, outcome: GivenOutcome) -> None:
    """Give a dose the state that its outcome leads to: what was not given stays due."""
    dose.state = DoseState.PLANNED if outcome is GivenOutcome.NONE else DoseState.GIVEN


def follow_plans(
    uow: UnitOfWork, plan_ids: Iterable[PlanId], *, now: Instant, actor: Actor, cause: str = "given"
) -> DischargeResult:
    """Let each plan follow what happened to its doses."""
    moved, waiting = 0, []
    for plan_id in sorted(plan_ids):
        followed = follow(uow, lock_plan(uow, plan_id), cause=cause, now=now, actor=actor)
        moved += followed.moved
        waiting += [followed.recalculation_id] if followed.recalculation_id else []
    return DischargeResult(moved=moved, recalculations=tuple(waiting))
