"""Copying a regimen and changing it, a field a line; what the loader refuses is named at its line."""

import re
from dataclasses import dataclass
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import NotFoundError
from scheduler.domain.ids import RegimenVersionId
from scheduler.domain.roles import Permission
from scheduler.services.local_regimens import (
    LocalRegimenError,
    SaveLocal,
    save_local,
    text_to_copy,
)
from scheduler.services.regimens import regimen_of
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.fragments import page

FIELD = re.compile(r"^([A-Za-z0-9_.\"-]+) = (.*)$")
TABLE = re.compile(r"^\[+([^\]]+)\]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A line of a regimen file: its head is kept, its value is a field when it has a name.

    Args:
        number: In the file, from 1.
        head: What stands before the value; the whole line when nothing can be changed in it.
        name: The key; empty for headings, notes and empty lines.
        heading: The table that begins here.
    """

    number: int
    head: str
    value: str = ""
    name: str = ""
    heading: str = ""


def lines_of(text: str) -> tuple[FileLine, ...]:
    """Return the lines of a file as a form shows them."""
    return tuple(_line(number, line) for number, line in enumerate(text.splitlines(), 1))


def _line(number: int, line: str) -> FileLine:
    found, table = FIELD.match(line), TABLE.match(line)
    if found:
        return FileLine(
            number=number, head=f"{found[1]} = ", value=found[2], name=found[1].replace("_", " ")
        )
    heading = table[1].replace("_", " ").capitalize() if table else ""
    return FileLine(number=number, head=line, heading=heading)


def text_of(heads: list[str], values: list[str], more: str) -> str:
    """Return the file that a form sent: each head with its value, and what was added below."""
    lines = [head + value.strip() for head, value in zip(heads, values, strict=False)]
    added = more.replace("\r\n", "\n").rstrip()
    return "\n".join([*lines, *([added] if added else [])]) + "\n"


@desk.get("/formulary/<uuid:version_id>/copy")
def regimen_copy(version_id: UUID) -> Response:
    """Show a version as the beginning of a local one."""
    context.actor().require(Permission.APPROVE_REGIMEN)
    text = text_to_copy(context.read_uow(), RegimenVersionId(version_id))
    return _page(RegimenVersionId(version_id), text)


@desk.post("/formulary/<uuid:version_id>/copy")
def regimen_copy_save(version_id: UUID) -> ResponseReturnValue:
    """Store a local regimen as a draft, or show at which line the loader refuses it."""
    source = RegimenVersionId(version_id)
    heads, values = request.form.getlist("head"), request.form.getlist("value")
    text = text_of(heads, values, request.form.get("more", ""))
    if not heads:
        raise NotFoundError("regimen")
    try:
        made = save_local(
            context.unit_of_work(),
            SaveLocal(copied_from=source, text=text),
            now=context.now(),
            actor=context.actor(),
        )
    except LocalRegimenError as refusal:
        return _page(source, text, refusal)
    flash("Saved as a draft of this organization. Confirm its numbers and sign it.", "ok")
    return redirect(url_for("desk.regimen", version_id=made), 303)


def _page(
    version_id: RegimenVersionId, text: str, refusal: LocalRegimenError | None = None
) -> Response:
    with context.read_uow() as uow:
        rule = regimen_of(uow, version_id)
    return page(
        "desk/copy_regimen.html",
        status=refusal.status if refusal else 200,
        rule=rule,
        version_id=version_id,
        lines=lines_of(text),
        refusal=refusal,
    )
