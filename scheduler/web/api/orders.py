"""``GET /api/v1/regimens``, ``POST /api/v1/orders`` (makes the plan) and ``GET /api/v1/plans/{id}``."""

from uuid import UUID

from flask import Response, jsonify, request

from scheduler.domain.dates import Interval, read_interval
from scheduler.domain.dose_reasons import paragraph
from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import PatientId, PlanId, RegimenVersionId
from scheduler.domain.people import Viewed
from scheduler.domain.plans import AuthorizationStatus, OrderKind
from scheduler.services.order_forms import DosePreview, SeriesPreview
from scheduler.services.orders import EarlierDose, EnterOrder, enter_order, preview_order
from scheduler.services.plan_facts import Overrides
from scheduler.services.plan_reading import read_plan
from scheduler.services.regimens import orderable
from scheduler.web import context, looks
from scheduler.web.api import api
from scheduler.web.api.reading import Body, body
from scheduler.web.api.showing import Json, shown

CREATED = 201


@api.get("/regimens")
def regimens() -> Response:
    """List the regimens, found by drug, brand or indication in ``q``."""
    lines = orderable(context.read_uow(), request.args.get("q", ""))
    return jsonify(regimens=[shown(line) for line in lines])


@api.post("/orders")
def enter() -> tuple[Response, int]:
    """Save an order as a treatment plan; with ``preview=true`` show its series and save nothing.

    Sent again with the same ``idempotency_key`` it is answered with the first plan.
    """
    asked = body()
    preview = asked.flag("preview") or request.args.get("preview") == "true"
    order = _order(asked)
    asked.end()
    if preview:
        looks.shows(Viewed.PATIENT, order.patient_id)
        series = preview_order(context.read_uow(), order, now=context.now())
        return jsonify(_series(series)), 200
    plan_id = enter_order(context.unit_of_work(), order, now=context.now(), actor=context.actor())
    return jsonify(shown(read_plan(context.read_uow(), plan_id))), CREATED


@api.get("/plans/<uuid:plan_id>")
def plan(plan_id: UUID) -> Response:
    """Return a plan with the dates and ids of its doses."""
    return jsonify(shown(read_plan(context.read_uow(), PlanId(plan_id))))


def _order(asked: Body) -> EnterOrder:
    authorization = asked.text("authorization", "")
    return EnterOrder(
        patient_id=PatientId(asked.id("patient_id")),
        center_id=context.center_id(),
        regimen=_regimen(asked.text("regimen")),
        product=asked.text("product", ""),
        substitution=asked.flag("substitution"),
        kind=asked.one_of("kind", OrderKind, OrderKind.NEW_START),
        first_day=asked.day("first_day"),
        indication=asked.text("indication", ""),
        prescriber=asked.text("prescriber"),
        signed_on=asked.day("signed_on"),
        valid_until=asked.day("valid_until"),
        wished_weekdays=asked.numbers("wished_weekdays"),
        wished_time=asked.time_or_none("wished_time"),
        earlier=tuple(_earlier(each) for each in asked.objects("earlier")),
        amount=asked.amount("amount"),
        overrides=Overrides(
            interval=_interval(asked.text("interval", "")),
            run_days=asked.whole_or_none("run_days"),
            phase=asked.text("phase", ""),
        ),
        prior_amount=asked.amount("prior_amount"),
        authorization=_authorization(authorization),
        confirmed=asked.flag("confirmed"),
        second_plan=asked.flag("second_plan"),
        idempotency_key=asked.text("idempotency_key", "") or None,
    )


def _interval(text: str) -> Interval | None:
    """Return an order's own interval, written as "4 weeks", "6 months", "28 days" or P4W."""
    try:
        return read_interval(text) if text else None
    except ValueError:
        words = "interval is a span such as 4 weeks, 6 months, 28 days or P4W."
        raise InvalidError(words, field="interval") from None


def _authorization(text: str) -> AuthorizationStatus | None:
    if not text:
        return None
    return Body({"authorization": text}).one_of("authorization", AuthorizationStatus)


def _regimen(text: str) -> RegimenVersionId:
    """Return the version of a regimen's id ("ocrelizumab-iv"), or of the version's own id.

    Raises:
        InvalidError: there is no such regimen.
    """
    lines = orderable(context.read_uow())
    for line in lines:
        if text in (line.id, str(line.version_id)):
            return line.version_id
    raise InvalidError(f"There is no regimen {text}; GET regimens lists them.", field="regimen")


def _earlier(asked: Body) -> EarlierDose:
    dose = EarlierDose(
        day=asked.day("day"),
        amount=asked.amount("amount"),
        product=asked.text("product", ""),
        place=asked.text("place", ""),
    )
    asked.end()
    return dose


def _series(series: SeriesPreview) -> Json:
    return {
        "regimen": series.regimen,
        "warnings": shown(series.warnings),
        "hint": series.hint,
        "doses": [_preview(dose) for dose in series.doses],
    }


def _preview(dose: DosePreview) -> Json:
    told = shown(dose)
    assert isinstance(told, dict)  # noqa: S101 - a dataclass is shown as an object
    told["why"] = paragraph(dose.reasons)
    del told["reasons"]
    return told
