"""The formulary as a pharmacist reads, questions and signs it."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError
from scheduler.domain.ids import PlanId, RegimenVersionId
from scheduler.domain.names import day_typed
from scheduler.domain.people import Viewed
from scheduler.domain.plans import ApprovalState
from scheduler.domain.regimen import Regimen
from scheduler.domain.regimen_differences import differences
from scheduler.domain.roles import Permission
from scheduler.services.readings import PatientUnder, ReadFor, patients_under, readings_for
from scheduler.services.regimen_approval import (
    ApproveRegimen,
    ChooseReading,
    ConfirmNumber,
    approve,
    choose,
    confirm,
)
from scheduler.services.regimen_review import RegimenReview, review
from scheduler.services.regimens import choices_of, orderable, regimen_of
from scheduler.web import context, looks
from scheduler.web.desk import desk, regimen_view
from scheduler.web.desk.regimen_line import draw_regimen
from scheduler.web.forms import id_typed
from scheduler.web.fragments import page


@desk.get("/formulary")
def formulary() -> Response:
    """List the regimens, found by drug, brand, indication or title."""
    text = request.args.get("find", "").strip()
    lines = orderable(context.read_uow(), text)
    return page("desk/formulary.html", lines=lines, text=text)


@desk.get("/formulary/<uuid:version_id>")
def regimen(version_id: UUID) -> Response:
    """Show one version with its numbers, an example that begins on ``start``, and its sign-off."""
    return _page(RegimenVersionId(version_id))


@desk.get("/formulary/<uuid:version_id>/compare/<uuid:other_id>")
def compare_regimens(version_id: UUID, other_id: UUID) -> Response:
    """Say in words what differs between two versions."""
    with context.read_uow() as uow:
        rule = regimen_of(uow, RegimenVersionId(version_id))
        other = regimen_of(uow, RegimenVersionId(other_id))
    return page(
        "desk/regimen_compare.html",
        rule=rule,
        other=other,
        version_id=version_id,
        changes=differences(other, rule),
    )


@desk.post("/formulary/<uuid:version_id>/confirm")
def confirm_number(version_id: UUID) -> ResponseReturnValue:
    """Confirm one number against a document."""
    wanted = ConfirmNumber(
        version_id=RegimenVersionId(version_id),
        item=request.form.get("item", ""),
        document=request.form.get("document", ""),
    )

    def confirmed() -> str:
        confirm(context.unit_of_work(), wanted, now=context.now(), actor=context.actor())
        return "Confirmed."

    return _done(wanted.version_id, confirmed, at=f"number-{wanted.item}")


@desk.post("/formulary/<uuid:version_id>/choose")
def choose_reading(version_id: UUID) -> ResponseReturnValue:
    """Choose a reading of an ambiguous value."""
    wanted = ChooseReading(
        version_id=RegimenVersionId(version_id),
        name=request.form.get("name", ""),
        value=request.form.get("value", ""),
    )

    def chosen() -> str:
        signed = choose(context.unit_of_work(), wanted, now=context.now(), actor=context.actor())
        again = " What was signed with the other reading is a draft again." if signed else ""
        return f"Chosen. Every regimen version with this text is read so.{again}"

    return _done(wanted.version_id, chosen, at=f"choice-{wanted.name}")


@desk.post("/formulary/<uuid:version_id>/sign")
def sign_regimen(version_id: UUID) -> ResponseReturnValue:
    """Sign a version, or retire it."""
    retires = request.form.get("do") == "retire"
    wanted = ApproveRegimen(
        version_id=RegimenVersionId(version_id),
        state=ApprovalState.RETIRED if retires else ApprovalState.APPROVED,
        document=request.form.get("document", ""),
        read_as=request.form.get("read_as"),
    )

    def signed() -> str:
        approve(context.unit_of_work(), wanted, now=context.now(), actor=context.actor())
        return "Retired; it takes no new order." if retires else "Signed."

    return _done(wanted.version_id, signed)


def _done(
    version_id: RegimenVersionId, act: Callable[[], str], *, at: str | None = None
) -> ResponseReturnValue:
    """Do what was asked and say so, or show the page again with what stands in the way.

    ``at`` is where on the page a keyboard looks for the next one.
    """
    try:
        said = act()
    except DomainError as refusal:
        return _page(version_id, refusal)
    flash(said, "ok")
    return redirect(url_for("desk.regimen", version_id=version_id, _anchor=at), 303)


def _start() -> tuple[date, str]:
    """Return the example's first day, and what is wrong with what was typed."""
    text = request.args.get("start", "").strip()
    day = day_typed(text) if text else context.today()
    if day is None or not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        return context.today(), f"“{text}” is not a day of this century. Write it as 2026-03-24."
    return day, ""


def _real(version_id: RegimenVersionId) -> ReadFor | None:
    """Return the readings for the patient who was asked for."""
    asked = request.args.get("patient", "")
    if not asked:
        return None
    plan_id = PlanId(id_typed(asked, "patient"))
    looks.shows(Viewed.PLAN, plan_id)
    return readings_for(context.read_uow(), version_id, plan_id)


def _read(version_id: RegimenVersionId) -> tuple[Regimen, Mapping[str, str], RegimenReview]:
    """Return a version's rule, how it is read here, and what a pharmacist signs of it."""
    with context.read_uow() as uow:
        rule = regimen_of(uow, version_id)
        return rule, choices_of(uow, rule), review(uow, version_id)


def _people(version_id: RegimenVersionId) -> tuple[tuple[PatientUnder, ...], ReadFor | None]:
    """Return the patients for whom the readings can be shown, and the one who was asked for."""
    return patients_under(context.read_uow(), version_id), _real(version_id)


def _page(version_id: RegimenVersionId, refusal: DomainError | None = None) -> Response:
    first, fault = _start()
    rule, read, reviewed = _read(version_id)
    people, real = _people(version_id) if rule.choices else ((), None)
    example = regimen_view.example_of(rule, first, read)
    choices = regimen_view.choices_shown(rule, reviewed, first, read, real)
    return page(
        "desk/regimen.html",
        status=refusal.status if refusal else 422 if fault else 200,
        refusal=str(refusal) if refusal else fault,
        typed=request.form,
        version_id=version_id,
        rule=rule,
        review=reviewed,
        groups=regimen_view.rules_shown(reviewed),
        visits=regimen_view.visits_shown(rule),
        choices=choices,
        choice_of=regimen_view.choices_by_number(rule, choices),
        people=people,
        real=real,
        example=regimen_view.explained(rule, example, first),
        line=draw_regimen(rule, example, first),
        waiting_phases=regimen_view.waiting_words(rule),
        start=first,
        zone=context.zone(),
        me=context.actor().id,
        may_sign=context.actor().may(Permission.APPROVE_REGIMEN),
    )
