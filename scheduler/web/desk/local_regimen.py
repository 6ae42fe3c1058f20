"""Copying a regimen and changing it, as a form or as text; what the loader refuses is named at its field or line."""

import re
import tomllib
from dataclasses import dataclass
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import NotFoundError
from scheduler.domain.grammar_schema import schema
from scheduler.domain.grammar_table import GrammarError
from scheduler.domain.ids import RegimenVersionId
from scheduler.domain.regimen_text import toml_of
from scheduler.domain.roles import Permission
from scheduler.services.local_regimens import (
    LocalRegimenError,
    SaveLocal,
    file_of,
    refused,
    save_local,
    text_to_copy,
)
from scheduler.services.regimens import regimen_of
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.desk.regimen_form import (
    FormTable,
    from_document,
    from_form,
    name_at,
    to_document,
    with_row,
    with_row_moved,
    without_row,
)
from scheduler.web.desk.regimen_form_view import RegimenForm, spoken_name
from scheduler.web.desk.regimen_form_words import HIDDEN
from scheduler.web.fragments import page

FIELD = re.compile(r"^([A-Za-z0-9_.\"-]+) = (.*)$")
TABLE = re.compile(r"^\[+([^\]]+)\]+")
MOVES = {"up": -1, "down": 1}


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


@desk.get("/formulary/<uuid:version_id>/file")
def regimen_file(version_id: UUID) -> Response:
    """Hand out a version's file, so that worked cases can be run over it before it is signed."""
    file = file_of(context.read_uow(), RegimenVersionId(version_id))
    made = Response(file.text, mimetype="application/toml")
    made.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return made


@desk.get("/formulary/<uuid:version_id>/copy")
def regimen_copy(version_id: UUID) -> Response:
    """Show a version as the beginning of a local one: as a form, or as the text of its file."""
    context.actor().require(Permission.APPROVE_REGIMEN)
    source = RegimenVersionId(version_id)
    text = text_to_copy(context.read_uow(), source)
    if request.args.get("as") == "text":
        return _text_page(source, text)
    return _form_page(source, from_document(schema(), tomllib.loads(text)))


@desk.post("/formulary/<uuid:version_id>/copy")
def regimen_copy_save(version_id: UUID) -> ResponseReturnValue:
    """Store a local regimen as a draft; add, move or take out a row; or show where the loader refuses it."""
    source = RegimenVersionId(version_id)
    context.actor().require(Permission.APPROVE_REGIMEN)
    if "head" in request.form:
        return _save_text(source)
    grammar = schema()
    typed, wish = from_form(grammar, request.form), request.form.get("do", "save")
    verb, _, name = wish.partition(":")
    if verb != "save":
        return _form_page(source, typed, at=_changed(typed, verb, name))
    if not any(typed.values.values()):
        raise NotFoundError("regimen")
    try:
        return _saved(source, toml_of(to_document(grammar, typed)))
    except GrammarError as error:
        return _form_page(source, typed, refused(error))
    except LocalRegimenError as refusal:
        return _form_page(source, typed, refusal)


def _changed(typed: FormTable, verb: str, name: str) -> str:
    """Add, move or take out the row of a name; return where it stands now, empty once it is gone.

    Raises:
        NotFoundError: no such row, or no such button.
    """
    if verb == "add":
        return with_row(typed, name, schema())
    if verb in MOVES:
        return with_row_moved(typed, name, schema(), by=MOVES[verb])
    if verb != "remove":
        raise NotFoundError("row")
    without_row(typed, name, schema())
    return ""


def _save_text(source: RegimenVersionId) -> ResponseReturnValue:
    heads, values = request.form.getlist("head"), request.form.getlist("value")
    text = text_of(heads, values, request.form.get("more", ""))
    try:
        return _saved(source, text)
    except LocalRegimenError as refusal:
        return _text_page(source, text, refusal)


def _saved(source: RegimenVersionId, text: str) -> ResponseReturnValue:
    made = save_local(
        context.unit_of_work(),
        SaveLocal(copied_from=source, text=text),
        now=context.now(),
        actor=context.actor(),
    )
    flash("Saved as a draft of this organization. Confirm its numbers and sign it.", "ok")
    return redirect(url_for("desk.regimen", version_id=made), 303)


def _form_page(
    version_id: RegimenVersionId,
    typed: FormTable,
    refusal: LocalRegimenError | None = None,
    *,
    at: str = "",
) -> Response:
    with context.read_uow() as uow:
        rule = regimen_of(uow, version_id)
    grammar = schema()
    fault = name_at(typed, refusal.path, grammar) if refusal else ""
    where = spoken_name(typed, fault, grammar)
    said = refusal.said if refusal else ""
    said = f"{where}: {said}" if where and said else said
    shown = RegimenForm(grammar, fault, said).shown(typed)
    return page(
        "desk/copy_regimen.html",
        status=refusal.status if refusal else 200,
        rule=rule,
        version_id=version_id,
        form=shown,
        hidden=[(key, typed.values.get(key, "")) for key in sorted(HIDDEN)],
        fault=fault,
        refused=said,
        at=at,
    )


def _text_page(
    version_id: RegimenVersionId, text: str, refusal: LocalRegimenError | None = None
) -> Response:
    with context.read_uow() as uow:
        rule = regimen_of(uow, version_id)
    return page(
        "desk/copy_regimen_text.html",
        status=refusal.status if refusal else 200,
        rule=rule,
        version_id=version_id,
        lines=lines_of(text),
        refusal=refusal,
    )
