"""A prescriber's order: its series shown before it is saved, then saved as a treatment plan."""

from decimal import Decimal
from uuid import UUID

from scheduler.domain.clinical_events import ClinicalEvent, latest
from scheduler.domain.doses import Facts, GivenFact, OrderFacts, PlannedDose, Series
from scheduler.domain.errors import InvalidError, NeedsConfirmationError
from scheduler.domain.ids import PlanId
from scheduler.domain.people import Viewed
from scheduler.domain.plans import GivenOutcome, GivenSource, OrderKind
from scheduler.domain.regimen import Regimen
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.surroundings import before_start
from scheduler.domain.timing import Instant
from scheduler.domain.trace import trace
from scheduler.persistence import given as given_rows
from scheduler.persistence import patients
from scheduler.persistence.models import GivenDose, Order, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.exposure import amount_per_m2
from scheduler.services.idempotency import answered, remember
from scheduler.services.looks import note_told_again
from scheduler.services.order_checks import CheckedOrder, checked, loading_hint, warnings_of
from scheduler.services.order_forms import DosePreview, EarlierDose, EnterOrder, SeriesPreview
from scheduler.services.plan_events import add_event
from scheduler.services.plan_facts import given_fact, measures_of
from scheduler.services.plans import HORIZON, Course, new_rows, series_of
from scheduler.services.requirements import add_requirements
from scheduler.services.wishes import written_time, written_weekdays

__all__ = [
    "DosePreview",
    "EarlierDose",
    "EnterOrder",
    "SeriesPreview",
    "enter_order",
    "preview_order",
]


def preview_order(uow: UnitOfWork, request: EnterOrder, *, now: Instant) -> SeriesPreview:
    """Return the series of an order before it is saved; saves nothing.

    Raises:
        InvalidError: names the field.
        NotApprovedError: the regimen takes no orders here.
        NotFoundError: no such patient, center or regimen.
    """
    with uow:
        order = checked(uow, request, now=now)
        course = _course(uow, order)
        series, rule = series_of(uow, course), order.rule
        return SeriesPreview(
            regimen=rule.title,
            doses=tuple(_preview(dose, rule, course.order) for dose in series.doses),
            warnings=warnings_of(uow, order),
            hint=_hint(order, course, series),
            waiting=series.waiting,
            before=before_start(rule, course.order, series.doses, series.preparations),
        )


def _hint(order: CheckedOrder, course: Course, series: Series) -> str:
    first = next((dose.ordinal for dose in series.doses), 0)
    return loading_hint(order.rule, course.order, len(order.request.earlier), first)


def _preview(dose: PlannedDose, rule: Regimen, order: OrderFacts) -> DosePreview:
    return DosePreview(
        ordinal=dose.ordinal,
        phase=dose.phase,
        due_on=dose.due,
        planned_on=dose.planned,
        earliest=dose.earliest,
        latest=dose.latest,
        not_before=dose.not_before,
        amount=dose.amount,
        unit=dose.unit,
        minutes=dose.minutes,
        status=dose.status.value,
        reasons=dose.reasons,
        trace=trace(dose, rule, order),
        course=dose.course,
        course_day=dose.course_day,
    )


def _course(uow: UnitOfWork, order: CheckedOrder) -> Course:
    request, rule = order.request, order.rule
    known = [
        given_fact(row, None)
        for row in given_rows.given_to(uow, request.patient_id, rule.ingredient)
    ]
    days = {fact.day for fact in known}
    earlier = [_earlier_fact(uow, order, dose) for dose in request.earlier if dose.day not in days]
    happened = [
        ClinicalEvent(name=row.name, day=row.on_day)
        for row in patients.clinical_events_of(uow, [request.patient_id])
        if row.plan_id is None
    ]
    return Course(
        regimen=rule,
        center_id=request.center_id,
        order=_order_facts(uow, order),
        facts=Facts(
            given=tuple(sorted([*known, *earlier], key=lambda fact: fact.day)),
            events=latest(happened),
        ),
        until=request.first_day + HORIZON,
        wished_weekdays=request.wished_weekdays or frozenset(),
    )


def _order_facts(uow: UnitOfWork, order: CheckedOrder) -> OrderFacts:
    request = order.request
    body = measures_of(uow, request.patient_id)
    return OrderFacts(
        first_day=request.first_day,
        region=order.center.region,
        indication=request.indication,
        continuing=request.kind is OrderKind.CONTINUING,
        weight_kg=body.weight_kg,
        height_cm=body.height_cm,
        interval=request.overrides.interval,
        amount=request.amount,
        run_days=request.overrides.run_days,
        alternatives=request.overrides.alternatives,
        phase=request.overrides.phase,
        product=request.product,
        prior_amount=request.prior_amount or Decimal(0),
    )


def _earlier_fact(uow: UnitOfWork, order: CheckedOrder, dose: EarlierDose) -> GivenFact:
    rule, amount = order.rule, dose.amount or _usual_amount(order.rule)
    return GivenFact(
        ingredient=rule.ingredient,
        day=dose.day,
        outcome=GivenOutcome.FULL,
        amount=amount,
        per_m2=amount_per_m2(uow, rule, order.request.patient_id, amount),
    )


def _usual_amount(rule: Regimen) -> Decimal | None:
    flat = [amount for phase in rule.phases for amount in phase.amounts[-1:] if not amount.per]
    return flat[-1].value if flat else None


def enter_order(uow: UnitOfWork, request: EnterOrder, *, now: Instant, actor: Actor) -> PlanId:
    """Save an order as a treatment plan with its doses for about two years.

    Doses given before are kept as facts; a patient on treatment is not given them again.

    Raises:
        NeedsConfirmationError: a plan with this drug is running, or no earlier doses are known.
        InvalidError: names the field.
        NotApprovedError: the regimen takes no orders here.
    """
    actor.require(Permission.ENTER_ORDER)
    with uow:
        patients.lock_patient(uow, request.patient_id)  # two presses wait for each other
        known = answered(uow, request.idempotency_key, request)
        if known is not None:
            plan_id = PlanId(UUID(known))
            note_told_again(uow, Viewed.PLAN, plan_id, now=now, actor=actor)
            return plan_id
        order = checked(uow, request, now=now)
        warnings = warnings_of(uow, order)
        if warnings and not request.second_plan:
            raise NeedsConfirmationError(
                f"{warnings[0]} Confirm that a second one is meant.", field="second_plan"
            )
        course = _course(uow, order)
        series = series_of(uow, course)
        if not series.doses:
            raise InvalidError(
                "Nothing of this treatment is left to give: choose a new start, or what the prescriber asks for.",
                field="regimen",
            )
        plan = _save(uow, order, series, now=now)
        _save_earlier(uow, order, plan, now=now)
        add_requirements(uow, plan, order.rule, request.authorization, kind=request.kind, now=now)
        add_event(uow, plan, "entered", reason="", now=now, actor=actor)
        remember(uow, request.idempotency_key, request, plan.id.hex, now=now)
        uow.commit()
        return plan.id


def _order_row(order: CheckedOrder, series: Series, *, now: Instant) -> Order:
    request = order.request
    return Order(
        patient_id=request.patient_id,
        center_id=request.center_id,
        regimen_version_id=request.regimen,
        product=request.product,
        substitution=request.substitution,
        kind=request.kind,
        indication=request.indication,
        prescriber=request.prescriber.strip(),
        signed_on=request.signed_on,
        valid_until=request.valid_until,
        ordered_amount=request.amount,
        calculated_amount=series.doses[0].amount,
        unit=series.doses[0].unit,
        rate_profile=request.rate_profile,
        overrides=request.overrides.written(),
        prior_amount=request.prior_amount,
        created_at=now,
    )


def _save(uow: UnitOfWork, order: CheckedOrder, series: Series, *, now: Instant) -> TreatmentPlan:
    request = order.request
    row = _order_row(order, series, now=now)
    uow.add(row)
    uow.session.flush()
    plan = TreatmentPlan(
        patient_id=request.patient_id,
        order_id=row.id,
        center_id=request.center_id,
        regimen_version_id=request.regimen,
        ingredient=order.rule.ingredient,
        first_day=request.first_day,
        until=request.first_day + HORIZON,
        wished_weekdays=written_weekdays(request.wished_weekdays or frozenset()),
        wished_time=written_time(request.wished_time),
        created_at=now,
    )
    uow.add(plan)
    uow.session.flush()
    uow.add(*new_rows(plan, series))
    return plan


def _save_earlier(
    uow: UnitOfWork, order: CheckedOrder, plan: TreatmentPlan, *, now: Instant
) -> None:
    if not order.request.earlier:
        return
    known = given_rows.given_to(uow, plan.patient_id, plan.ingredient)
    days = {row.given_on for row in known}
    for dose in order.request.earlier:
        if dose.day in days:
            continue
        amount = dose.amount or _usual_amount(order.rule)
        uow.add(
            GivenDose(
                patient_id=plan.patient_id,
                ingredient=plan.ingredient,
                regimen=order.rule.id,
                plan_id=plan.id,
                outcome=GivenOutcome.FULL,
                given_on=dose.day,
                amount=amount,
                per_m2=amount_per_m2(uow, order.rule, plan.patient_id, amount),
                unit=_unit(order.rule),
                product=dose.product or order.request.product,
                place=dose.place,
                source=GivenSource.ELSEWHERE,
                recorded_at=now,
            )
        )


def _unit(rule: Regimen) -> str:
    return next((amount.unit for phase in rule.phases for amount in phase.amounts), "mg")
