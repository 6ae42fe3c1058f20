"""The formulary as a pharmacist reads it: each regimen with its numbers, their basis and their sources."""

from datetime import date
from uuid import UUID

from flask import Response, request

from scheduler.domain.dates import EVERY_DAY, Interval
from scheduler.domain.dose_reasons import paragraph, spoken_span
from scheduler.domain.doses import Facts, OrderFacts
from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import RegimenVersionId
from scheduler.domain.regimen import Phase
from scheduler.domain.series import resolve
from scheduler.services.regimens import choices_of, orderable, regimen_of
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.fragments import page

EXAMPLE_DOSES = 6
YEARS = 2


@desk.get("/formulary")
def formulary() -> Response:
    """List the regimens, found by drug, brand, indication or title."""
    text = request.args.get("find", "").strip()
    lines = orderable(context.read_uow(), text)
    return page("desk/formulary.html", lines=lines, text=text)


@desk.get("/formulary/<uuid:version_id>")
def regimen(version_id: UUID) -> Response:
    """Show one regimen with an example series that begins today."""
    with context.read_uow() as uow:
        line = next((each for each in orderable(uow) if each.version_id == version_id), None)
        if line is None:
            raise NotFoundError("regimen")
        rule = regimen_of(uow, RegimenVersionId(version_id))
        choices = choices_of(uow, rule)
    first = context.today()
    series = resolve(
        rule,
        OrderFacts(first_day=first),
        Facts(),
        EVERY_DAY,
        choices,
        until=date(first.year + YEARS, first.month, 1),
    )
    return page(
        "desk/regimen.html",
        line=line,
        rule=rule,
        phases=[_phase(phase) for phase in rule.phases],
        example=[(dose, paragraph(dose.reasons)) for dose in series.doses[:EXAMPLE_DOSES]],
    )


def _phase(phase: Phase) -> dict[str, str]:
    window, gap = phase.window, phase.min_gap
    return {
        "name": phase.id,
        "when": _when(phase),
        "amount": "; ".join(
            f"{amount.value.normalize():f} {amount.unit}{f'/{amount.per}' if amount.per else ''}"
            for amount in phase.amounts
        ),
        "window": f"{_span(window.early)} before to {_span(window.late)} after",
        "window_basis": window.basis.value,
        "gap": _span(gap.span) if gap else "",
        "gap_basis": gap.basis.value if gap else "",
        "late": {
            "never": "the grid stays",
            "always": "counts anew from the given day",
            "outside_window": "counts anew when outside the window",
        }[phase.reanchor.value],
    }


def _when(phase: Phase) -> str:
    if phase.every is not None:
        return f"every {_span(phase.every)}, counted from {phase.anchor}"
    if phase.spread is not None:
        return f"{phase.spread.count} doses within {phase.spread.within} days"
    days = ", ".join(_span(offset) for offset in phase.offsets)
    run = f", {phase.run.days} days each" if phase.run else ""
    return f"at {days} from {phase.anchor}{run}"


def _span(span: Interval) -> str:
    if span.months:
        return spoken_span(span.months, "months")
    if span.weeks_written and span.days % 7 == 0:
        return spoken_span(span.days // 7, "weeks")
    return spoken_span(span.days, "days")
