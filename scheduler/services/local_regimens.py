"""A regimen of the organization's own: copied from another, changed, and a draft until a pharmacist approves it."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.domain.errors import InvalidError
from scheduler.domain.grammar import GrammarError, regimen_from_text
from scheduler.domain.grammar_lines import Path
from scheduler.domain.ids import RegimenVersionId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant
from scheduler.persistence import formulary as stored
from scheduler.persistence.base import new_id
from scheduler.persistence.models import RegimenVersion
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.recorded import staff_id

LOCAL = "local-"
ID = re.compile(r"^id = .*$", re.MULTILINE)
VERSION = re.compile(r"^version = .*$", re.MULTILINE)
STATUS = re.compile(r"^status = .*$", re.MULTILINE)


class LocalRegimenError(InvalidError):
    """The text is no regimen: says in which line and what to do.

    Args:
        plain: The sentence without the line, for a form.
        said: What is wrong, without the place: a form names that as its page does.
        path: The keys that lead to the place.
    """

    def __init__(
        self, sentence: str, *, line: int = 0, plain: str = "", said: str = "", path: Path = ()
    ) -> None:
        super().__init__(sentence)
        self.line = line
        self.plain = plain or sentence
        self.said = said or self.plain
        self.path = path


def refused(error: GrammarError) -> LocalRegimenError:
    """Return the loader's refusal as one of a local regimen."""
    where = f"{error.place}: " if error.place else ""
    plain = f"{where}{error.sentence}."
    plain = f"{plain[:1].upper()}{plain[1:]}"
    sentence = f"Line {error.line}: {where}{error.sentence}."
    said = f"{error.sentence}."
    return LocalRegimenError(sentence, line=error.line, plain=plain, said=said, path=error.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveLocal:
    """The text of a local regimen, and the version that it was copied from."""

    copied_from: RegimenVersionId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenFile:
    """A version as a file, as ``scheduler formulary check`` and ``series --folder`` read it."""

    name: str
    text: str


def file_of(uow: UnitOfWork, version_id: RegimenVersionId) -> RegimenFile:
    """Return a version's file.

    Raises:
        NotFoundError: there is no such version here.
    """
    with uow:
        row = stored.version(uow, version_id)
        return RegimenFile(name=f"{row.regimen}.toml", text=row.body)


def text_to_copy(uow: UnitOfWork, version_id: RegimenVersionId) -> str:
    """Return the text of a version as a local one begins; its id says that it is local.

    Raises:
        NotFoundError: there is no such version here.
    """
    with uow:
        row = stored.version(uow, version_id)
        name = row.regimen if row.regimen.startswith(LOCAL) else LOCAL + row.regimen
        return ID.sub(f'id = "{name}"', row.body, count=1)


def save_local(
    uow: UnitOfWork, request: SaveLocal, *, now: Instant, actor: Actor
) -> RegimenVersionId:
    """Store a local regimen as a new version and a draft of this organization; no other ever sees it.

    Plans keep the version they are under, so nothing that is stored ever changes.

    Raises:
        LocalRegimenError: the loader refuses it, its id is not a local one, or nothing was changed.
        NotFoundError: there is no such version to copy from here.
    """
    actor.require(Permission.APPROVE_REGIMEN)
    with uow:
        source = stored.version(uow, request.copied_from)
        text = request.text.replace("\r\n", "\n").rstrip() + "\n"
        regimen = _read(text)
        mine = [row for row in stored.versions(uow) if row.regimen == regimen]
        version = max((row.version for row in mine), default=0) + 1
        body = _stamped(text, regimen, version)
        if any(_bare(row.body) == _bare(body) for row in (*mine, source)):
            raise LocalRegimenError("Nothing differs from the version it was copied from.")
        row = RegimenVersion(
            id=new_id(),
            regimen=regimen,
            version=version,
            owner_id=uow.organization_id,
            digest=hashlib.sha256(body.encode()).hexdigest(),
            body=body,
            loaded_at=now,
            copied_from=source.id,
            made_by=staff_id(actor),
        )
        uow.session.add(row)
        uow.session.flush()
        after = f"{row.regimen} version {row.version}, copied from {source.regimen} version {source.version}"
        uow.audit(actor, "made a local", "regimen", row.id, at=now, after=after)
        uow.commit()
        return RegimenVersionId(row.id)


def _read(text: str) -> str:
    """Return the regimen's id, once the loader has taken the text."""
    try:
        rule = regimen_from_text(text, file="regimen")
    except GrammarError as error:
        raise refused(error) from error
    if not re.fullmatch(rf"{LOCAL}[a-z0-9-]+", rule.id):
        line = text[: text.find("id = ")].count("\n") + 1
        plain = f"An id of your own begins with {LOCAL}, small letters and digits."
        sentence = f"Line {line}: {plain[:1].lower()}{plain[1:]}"
        raise LocalRegimenError(sentence, line=line, plain=plain, path=("id",))
    return rule.id


def _stamped(text: str, regimen: str, version: int) -> str:
    """Return the text with its version, as a draft; who reads the file sees what it is.

    Raises:
        LocalRegimenError: there is no place for the version.
    """
    body = STATUS.sub('status = "draft"', text, count=1)
    if VERSION.search(body):
        body = VERSION.sub(f"version = {version}", body, count=1)
    else:
        body = body.replace(f'id = "{regimen}"', f'id = "{regimen}"\nversion = {version}', 1)
    if regimen_from_text(body, file=regimen).version != version:
        # a line inside a longer text looked like the version
        raise LocalRegimenError("Begin the text with id and version, each on a line of its own.")
    return body


def _bare(text: str) -> Mapping[str, Any]:
    """Return what a text says, without what a copy changes by itself."""
    found = tomllib.loads(text)
    return {key: value for key, value in found.items() if key not in ("id", "version", "status")}
