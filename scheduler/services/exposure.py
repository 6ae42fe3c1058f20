"""What a given dose counts towards a lifetime limit that is written per m2."""

from decimal import Decimal

from scheduler.domain.doses import surface
from scheduler.domain.ids import PatientId
from scheduler.domain.limits import is_counted_per_m2
from scheduler.domain.regimen import Regimen
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.plan_facts import measures_of

THOUSANDTH = Decimal("0.001")


def amount_per_m2(
    uow: UnitOfWork, rule: Regimen, patient_id: PatientId, amount: Decimal | None
) -> Decimal | None:
    """Return a given amount in mg per m2 of the patient's surface, by the last weight and height.

    Args:
        uow: The unit of work.
        rule: The regimen that was given.
        patient_id: Whose surface.
        amount: In mg; None when nothing was given or nobody knows.

    Returns:
        None where no lifetime limit per m2 asks for it, or a measure is missing.
    """
    if not amount or not is_counted_per_m2(rule):
        return None
    body = measures_of(uow, patient_id)
    if body.weight_kg is None or body.height_cm is None:
        return None
    return (amount / surface(body.weight_kg, body.height_cm)).quantize(THOUSANDTH)
