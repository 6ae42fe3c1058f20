"""How many patients a center could hold: asked by a form that changes nothing, drawn as bars."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Response, request
from wtforms.validators import Optional

from scheduler.domain.capacity_plan import WORDS, CapacityPlan
from scheduler.domain.errors import InvalidError
from scheduler.domain.regimen import Regimen
from scheduler.services.center_capacity import (
    SHOWN,
    CapacityAsked,
    center_as_it_is,
    held_by,
    known_regimens,
)
from scheduler.web import context
from scheduler.web.admin import admin
from scheduler.web.forms import AmountField, Form, TimeField, WholeField, choice, required
from scheduler.web.fragments import page

RULES = (
    ("S", "A start takes a nurse for its own minutes"),
    ("H", "A start takes a nurse fully"),
)
PLAIN = ("chairs", "nurses", "patients_per_nurse", "nurse_rule", "opens", "closes")
WIDTH = 120
LINES = SHOWN + 2


class CapacityForm(Form):
    """What a center has; ``_form`` adds the lines of the mix."""

    chairs = WholeField("Chairs and beds", [required("Enter how many chairs.")])
    nurses = WholeField("Nurses there all day", [required("Enter how many nurses.")])
    patients_per_nurse = WholeField(
        "Patients each nurse looks after", [required("Enter how many patients.")]
    )
    nurse_rule = choice("IV starts", RULES)
    opens = TimeField("Opens", [required("Enter when the day begins.")])
    closes = TimeField("Closes", [required("Enter when the day ends.")])

    def mix(self) -> tuple[tuple[str, float], ...]:
        """Return the lines that name a regimen, with their patients."""
        lines = [(self[f"regimen_{n}"].data, self[f"share_{n}"].data) for n in range(LINES)]
        return tuple((name, float(share or 0)) for name, share in lines if name)

    def asked(self) -> CapacityAsked:
        """Return the question."""
        typed: dict[str, Any] = {name: self[name].data for name in PLAIN}
        return CapacityAsked(**typed, mix=self.mix())


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBar:
    """Visits a day as asked, or if a limit were not there; ``width`` in SVG units."""

    words: str
    visits: int
    more: int
    width: float


@admin.get("/capacity")
def capacity() -> Response:
    """Show what the center could hold; without a question, what it holds as it is now."""
    known = known_regimens(context.read_uow())
    form = _form(known)
    found = _held(form, known)
    return page(
        "admin/capacity.html",
        status=form.status,
        form=form,
        lines=range(LINES),
        found=found,
        bars=_bars(found) if found else (),
        binds=WORDS[found.binds] if found else "",
    )


def _form(known: Mapping[str, Regimen]) -> CapacityForm:
    """Return the form, filled with the question or with the center as it is."""
    titles = sorted((rule.title, name) for name, rule in known.items())
    listed = [("", "–"), *((name, title) for title, name in titles)]
    lines: dict[str, Any] = {}
    for n in range(LINES):
        lines[f"regimen_{n}"] = choice(f"Regimen {n + 1}", listed, default="")
        lines[f"share_{n}"] = AmountField(f"Patients {n + 1}", [Optional()], places=None)
    form: CapacityForm = type("MixForm", (CapacityForm,), lines)(
        formdata=request.args or None, data=None if request.args else _as_it_is()
    )
    return form


def _as_it_is() -> dict[str, Any]:
    center = center_as_it_is(context.read_uow(), context.center_id(), on=context.today())
    values: dict[str, Any] = {field: getattr(center, field) for field in PLAIN}
    for n, (name, count) in enumerate(center.mix):
        values |= {f"regimen_{n}": name, f"share_{n}": Decimal(int(count))}
    return values


def _held(form: CapacityForm, known: Mapping[str, Regimen]) -> CapacityPlan | None:
    """Return the answer; None when nothing is asked yet, or something has to be put right."""
    asks = bool(request.args)
    if (asks and not form.validate()) or not (asks or form.mix()):
        return None
    try:
        return held_by(form.asked(), known)
    except InvalidError as refusal:
        form.refuse(refusal)
        return None


def _bars(found: CapacityPlan) -> tuple[HeldBar, ...]:
    most = max([found.visits_a_day, *found.without.values(), 1])
    named = [("As asked", found.visits_a_day)]
    named += [(f"Without a limit on {WORDS[limit]}", n) for limit, n in found.without.items()]
    return tuple(
        HeldBar(
            words=words,
            visits=visits,
            more=visits - found.visits_a_day,
            width=round(WIDTH * visits / most, 1),
        )
        for words, visits in named
    )
