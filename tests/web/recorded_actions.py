"""Everything that can be recorded about what a dose needs: what is sent, who may, and what the record says of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.domain.roles import ALLOWED, Permission, Role
from scheduler.persistence.models import Allergy, RemsEnrolment
from tests.web.recorded_place import Place

TYPED = "zirconium"
"""What people type in words, here: nobody else says it."""

CLEARS = frozenset({Role.NURSE, Role.CHARGE_NURSE, Role.PHARMACIST})
RECORDS = ALLOWED[Permission.CLEAR_REQUIREMENT]
PLANS = ALLOWED[Permission.CHANGE_PLAN]
EDITS = ALLOWED[Permission.EDIT_PATIENT]
ANTIBODY = {"code": "jcv", "version": "1"}
AGAIN = {"code": "jcv", "version": "2"}


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing that a person records.

    Args:
        path: Behind the address of the plan's requirements, or of the patient.
        form: What is sent; ``{use}`` and its like are ids that exist by then.
        may: Who may do it.
        audit: The action and what it is done to, as the audit has them.
        subject: The name of the id of what it is done to, or the model of which it makes a row.
        page: What the patient's page says of it.
        taken_back: What it says once it is taken back.
        first: What happened before.
        order: What the order says.
        patients: Whether it is about the patient; an enrolled site is nobody's own.
    """

    path: str
    form: dict[str, str]
    may: frozenset[Role]
    audit: tuple[str, str]
    page: str
    taken_back: str
    subject: str | type[Any] = "plan"
    first: Callable[[Place], None] = lambda _: None
    order: Mapping[str, Any] = field(default_factory=dict)
    patients: bool = True

    def address(self, place: Place) -> str:
        """Return where it is sent to."""
        return self.path.format_map(place.ids)

    def sent(self, place: Place) -> dict[str, str]:
        """Return what is sent."""
        ids = {name: each.hex for name, each in place.ids.items()}
        return {name: text.format_map(ids) for name, text in self.form.items()}


def result(form: dict[str, str], **facts: Any) -> Action:
    """Return where a requirement stands."""
    return Action(
        path="/plans/{plan}/requirements/result",
        form=form,
        audit=("recorded requirement", "treatment plan"),
        page="recorded a requirement",
        taken_back="took back requirement",
        **({"may": RECORDS} | facts),
    )


def authorization(form: dict[str, str], **facts: Any) -> Action:
    """Return a prior authorization."""
    return Action(
        path="/plans/{plan}/requirements/authorization",
        form={"number": TYPED} | form,
        may=RECORDS,
        audit=("recorded authorization", "treatment plan"),
        page="recorded a prior authorization",
        taken_back="took back prior authorization",
        **facts,
    )


def back(form: dict[str, str]) -> Action:
    """Return what is given back to an authorization."""
    return Action(
        path="/plans/{plan}/requirements/give-back",
        form={"use_id": "{use}", "reason": TYPED} | form,
        may=RECORDS,
        audit=("recorded authorization use", "treatment plan"),
        page="gave back to a prior authorization",
        taken_back="took back authorization use",
        first=Place.give_part,
    )


def rems(form: dict[str, str], **facts: Any) -> Action:
    """Return an enrolment."""
    return Action(
        path="/plans/{plan}/requirements/rems",
        form={"enrolled_on": "2026-03-20"} | form,
        may=RECORDS,
        audit=("recorded REMS", "enrolment"),
        subject=RemsEnrolment,
        page="recorded a REMS enrolment",
        taken_back="took back REMS enrolment",
        **facts,
    )


def supply(form: dict[str, str], **facts: Any) -> Action:
    """Return drug for a dose, or for the patient's plan."""
    return Action(
        path="/plans/{plan}/requirements/supply",
        form={"route": "stock", "version": "0", "lot": TYPED} | form,
        may=RECORDS,
        audit=("recorded supply", "treatment plan"),
        page="recorded drug for a dose",
        taken_back="took back supply",
        **facts,
    )


def measured(form: dict[str, str], **facts: Any) -> Action:
    """Return a weight or a height."""
    return Action(
        path="/patients/{patient}/measures",
        form={"kind": "allergy", "measured_on": "2026-03-20"} | form,
        may=EDITS,
        audit=("measured", "patient"),
        subject="patient",
        page="measured patient",
        taken_back="took back measure",
        **facts,
    )


def reacts(kind: str) -> Action:
    """Return an allergy or a reaction."""
    return Action(
        path="/patients/{patient}/measures",
        form={"kind": kind, "allergy": TYPED},
        may=EDITS,
        audit=("recorded", kind),
        subject=Allergy,
        page=f"recorded {kind}",
        taken_back=f"took back {kind}",
    )


def ended(kind: str) -> Action:
    """Return the end of an allergy or a reaction."""
    return Action(
        path="/patients/{patient}/allergies/{allergy}/end",
        form={"reason": TYPED},
        may=EDITS,
        audit=("ended", kind),
        subject="allergy",
        page=f"ended {kind}",
        taken_back=f"took back {kind}",
        first=lambda place: place.react(kind),
    )


def event(path: str, form: dict[str, str], **facts: Any) -> Action:
    """Return a clinical event."""
    return Action(
        path=f"/plans/{{plan}}/requirements/{path}",
        form=form,
        may=PLANS,
        taken_back="took back clinical event",
        **facts,
    )


MET = {"stands": "met", "result_on": "2026-03-20", "note": TYPED}
WITHOUT = {"code": "pregnancy", "version": "1", "stands": "not_needed", "note": TYPED}
HEAVIER = {"weight": "75", "seen": "75/None/2026-03-20"}
KNOWN = {"authorization_id": "{authorization}", "version": "1"}
FOR_DOSE = {"dose_id": "{dose}"}
ACTIONS = {
    "a result is recorded and so the requirement cleared": result(ANTIBODY | MET, may=CLEARS),
    "a requirement is marked as requested": result(ANTIBODY | {"stands": "requested"}),
    "a requirement is marked as failed": result(ANTIBODY | {"stands": "failed", "note": TYPED}),
    "a requirement is not needed, with who says so and why": result(
        WITHOUT, may=CLEARS, order={"regimen": "ublituximab-iv"}
    ),
    "a newer result replaces one": result(AGAIN | MET, may=CLEARS, first=Place.meet),
    "a requirement that was met is opened again": result(
        AGAIN | {"stands": "needed"}, first=Place.meet
    ),
    "an authorization is new": authorization({"stands": "approved", "visits": "2"}),
    "an authorization has other units": authorization(
        KNOWN | {"stands": "approved", "units": "1200"}, first=Place.authorize
    ),
    "an authorization is denied": authorization(
        KNOWN | {"stands": "denied"}, first=Place.authorize
    ),
    "units that were not used are given back": back({"units": "150"}),
    "a visit that was not used is given back whole": back({"do": "whole"}),
    "the patient is enrolled": rems({"subject": "patient"}),
    "the patient's enrolment is renewed": rems(
        {"subject": "patient", "valid_until": "2026-09-20"}, first=Place.enrol
    ),
    "the patient's enrolment is renewed as the worklist asks": rems(
        {"subject": "patient", "valid_until": "2026-09-20"}, first=Place.ask_to_renew
    ),
    "the prescriber is enrolled": rems({"subject": "prescriber"}, patients=False),
    "the site is enrolled": rems({"subject": "site"}, patients=False),
    "drug for a dose is received": supply(
        FOR_DOSE | {"stands": "received", "received_on": "2026-03-20", "received_amount": "300"}
    ),
    "drug that was ordered is allocated to a dose": supply(
        FOR_DOSE | {"version": "1", "stands": "allocated", "allocated_amount": "300"},
        first=Place.order_drug,
    ),
    "drug comes from the specialty pharmacy for this patient": supply(
        {"route": "specialty_pharmacy", "stands": "ordered", "expected_on": "2026-03-25"}
    ),
    "a weight is recorded": measured({"weight": "71"}),
    "a weight is recorded that changes amounts": measured(
        HEAVIER, order={"regimen": "tocilizumab-iv", "product": "Actemra"}
    ),
    "a height is recorded": measured({"height": "170"}),
    "an allergy is recorded": reacts("allergy"),
    "a reaction is recorded": reacts("reaction"),
    "an allergy is ended": ended("allergy"),
    "a reaction is ended": ended("reaction"),
    "a plasma exchange is recorded": event(
        "event",
        {"name": "plasma-exchange", "on_day": "2026-03-20", "note": TYPED},
        audit=("recorded clinical event", "treatment plan"),
        page="recorded a clinical event",
    ),
    "a plasma exchange was entered in error": event(
        "event/withdraw",
        {"event_id": "{event}", "why": TYPED},
        audit=("recorded clinical event in error", "treatment plan"),
        page="took out a clinical event",
        first=Place.exchange,
    ),
}
