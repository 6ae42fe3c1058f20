"""An order looked at field by field before it is shown or saved."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from scheduler.domain.counting import counted
from scheduler.domain.doses import OrderFacts
from scheduler.domain.errors import InvalidError, NeedsConfirmationError
from scheduler.domain.names import LONGEST_WORD, unwritable
from scheduler.domain.order_ranges import (
    amount_fault,
    asked_phases,
    interval_fault,
    run_fault,
)
from scheduler.domain.plans import OrderKind
from scheduler.domain.regimen import Regimen
from scheduler.domain.timing import Instant, local_day
from scheduler.domain.transferred import amid_loading
from scheduler.persistence import organizations, patients
from scheduler.persistence import plans as stored
from scheduler.persistence.models import Center, Patient
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.order_forms import EnterOrder
from scheduler.services.regimens import require_orderable
from scheduler.services.wishes import read_time, read_weekdays, require_weekdays

FARTHEST_START = timedelta(days=400)
LONGEST_PRESCRIBER = 200
OLDEST_DOSE = timedelta(days=365 * 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedOrder:
    """An order whose fields were looked at, with what they name."""

    request: EnterOrder
    rule: Regimen
    patient: Patient
    center: Center
    today: date


def checked(uow: UnitOfWork, request: EnterOrder, *, now: Instant) -> CheckedOrder:
    """Return an order whose fields are right, with what they name.

    Raises:
        InvalidError: names the field.
        NeedsConfirmationError: on treatment already, but no earlier doses are known.
        NotApprovedError: the regimen takes no orders here.
    """
    rule = require_orderable(uow, request.regimen)
    patient = patients.patient(uow, request.patient_id)
    center = organizations.center(uow, request.center_id)
    today = local_day(now, ZoneInfo(center.zone))
    request = _with_wishes(_with_product(request, rule), patient)
    if patient.deceased_on is not None:
        raise InvalidError("The patient is marked deceased.", field="patient_id")
    if center.region not in rule.regions:
        raise InvalidError(
            f"{rule.title} is written for {', '.join(rule.regions)}, not for {center.region}.",
            field="regimen",
        )
    if rule.indications and request.indication and request.indication not in rule.indications:
        raise InvalidError("Choose one of the regimen's indications.", field="indication")
    _check_words(request)
    _check_days(request, today)
    _check_numbers(request)
    _check_ranges(request, rule, center.region)
    _check_earlier(request, today)
    return CheckedOrder(request=request, rule=rule, patient=patient, center=center, today=today)


def _with_product(request: EnterOrder, rule: Regimen) -> EnterOrder:
    if not request.product and len(rule.brands) == 1:
        return replace(request, product=rule.brands[0])
    if rule.brands and request.product not in rule.brands:
        raise InvalidError(f"Choose a product: {', '.join(rule.brands)}.", field="product")
    return request


def _with_wishes(request: EnterOrder, patient: Patient) -> EnterOrder:
    weekdays = request.wished_weekdays
    if weekdays is None:
        weekdays = read_weekdays(patient.wished_weekdays)
    at = request.wished_time or read_time(patient.wished_time)
    require_weekdays(weekdays)
    return replace(request, wished_weekdays=weekdays, wished_time=at)


def _check_words(request: EnterOrder) -> None:
    if not request.prescriber.strip():
        raise InvalidError("Name the prescriber.", field="prescriber")
    if wrong := unwritable(request.prescriber, longest=LONGEST_PRESCRIBER):
        raise InvalidError(f"The prescriber {wrong}", field="prescriber")
    if wrong := unwritable(request.indication, longest=LONGEST_WORD):
        raise InvalidError(f"The indication {wrong}", field="indication")


def _check_days(request: EnterOrder, today: date) -> None:
    if request.signed_on > today:
        raise InvalidError("The order is signed in the future.", field="signed_on")
    if request.valid_until < request.signed_on:
        raise InvalidError("The order ends before it was signed.", field="valid_until")
    if request.valid_until < today:
        raise InvalidError("The order is no longer valid; ask for a new one.", field="valid_until")
    if request.first_day < today:
        raise InvalidError("The first day here lies in the past.", field="first_day")
    if request.first_day > today + FARTHEST_START:
        raise InvalidError("The first day lies more than a year away.", field="first_day")


def _check_numbers(request: EnterOrder) -> None:
    _check_amount(request.amount, "amount")
    if request.prior_amount is not None and not _finite(request.prior_amount, "prior_amount") >= 0:
        raise InvalidError("Earlier exposure is 0 or more.", field="prior_amount")


def _check_ranges(request: EnterOrder, rule: Regimen, region: str) -> None:
    own = request.overrides.interval
    if own is not None and (fault := interval_fault(rule, region, own)):
        raise InvalidError(fault, field="interval")
    if request.amount is not None and (fault := amount_fault(rule, region, request.amount)):
        raise InvalidError(fault, field="amount")
    days = request.overrides.run_days
    if days is not None and (fault := run_fault(rule, days)):
        raise InvalidError(fault, field="run_days")
    asked = request.overrides.phase
    if asked and asked not in asked_phases(rule):
        raise InvalidError("Choose what the regimen leaves to the prescriber.", field="phase")


def _check_amount(amount: Decimal | None, field: str) -> None:
    if amount is not None and _finite(amount, field) <= 0:
        raise InvalidError("An amount is more than 0.", field=field)


def _finite(amount: Decimal, field: str) -> Decimal:
    if not amount.is_finite():
        raise InvalidError("Write the amount as a number such as 150.", field=field)
    return amount


def _check_earlier(request: EnterOrder, today: date) -> None:
    if request.kind is OrderKind.CONTINUING and not request.earlier and not request.confirmed:
        raise NeedsConfirmationError(
            "On treatment already: enter the earlier doses, or confirm that their days are not known.",
            field="earlier",
        )
    days = [dose.day for dose in request.earlier]
    if len(set(days)) != len(days):
        raise InvalidError("Two earlier doses have the same day.", field="earlier")
    if any(not today - OLDEST_DOSE <= day <= today for day in days):
        raise InvalidError("An earlier dose lies in the future or too far back.", field="earlier")
    for dose in request.earlier:
        _check_amount(dose.amount, "earlier")


def loading_hint(rule: Regimen, order: OrderFacts, known: int, first: int) -> str:
    """Return what to do where loading may not be over; empty where all known doses lie as loading does, or past it.

    ``known`` are the doses elsewhere that the order names, ``first`` is the ordinal of the first dose here.
    """
    loading = amid_loading(rule, order, known, first)
    if not loading:
        return ""
    return (
        f"Earlier doses known: {known}; the regimen begins with {counted(loading, 'loading dose')}. If loading is not over, choose"
        " a new start, then mark each dose that was given elsewhere on its page."
    )


def warnings_of(uow: UnitOfWork, order: CheckedOrder) -> tuple[str, ...]:
    """Return sentences that a person should read before the order is saved."""
    same = [
        plan
        for plan in stored.running_plans(uow, order.patient.id)
        if plan.ingredient == order.rule.ingredient
    ]
    if not same:
        return ()
    since = same[0].first_day
    return (
        f"A plan with {order.rule.ingredient} is running already, since {since:%b} {since.day}, {since.year}.",
    )
