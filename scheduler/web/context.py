"""What a request knows: who asks, for which organization and center, and what time it is for them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g

from scheduler.clock import Clock
from scheduler.domain.ids import CenterId, OrganizationId
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant, local
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.sessions import SignedIn
from scheduler.settings import Settings

NAME = "scheduler"


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What the application was built with."""

    settings: Settings
    database: Database
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whom a gatekeeper let in: a member of staff, a patient by a link, or a token.

    Args:
        clock_offset_seconds: A demonstration's clock runs this much ahead of the system's.
    """

    organization_id: OrganizationId
    center_id: CenterId
    zone: str
    clock_offset_seconds: int
    actor: Actor


def keep(app: Flask, runtime: Runtime) -> None:
    """Give an application its runtime."""
    app.extensions[NAME] = runtime


def runtime() -> Runtime:
    """Return what the application was built with."""
    return cast(Runtime, current_app.extensions[NAME])


def database() -> Database:
    """Return the database; for gatekeepers and sign-in, which know no organization yet."""
    return runtime().database


def system_now() -> Instant:
    """Return the system's time: for sessions, links and tokens, never for visits."""
    return runtime().clock()


def let_in(caller: Caller, signed_in: SignedIn | None = None) -> None:
    """Note whom a gatekeeper let in."""
    g.caller, g.signed_in = caller, signed_in


def caller() -> Caller:
    """Return whom the gatekeeper let in."""
    return cast(Caller, g.caller)


def signed_in() -> SignedIn:
    """Return the signed-in person; only in pages that are for staff."""
    return cast(SignedIn, g.signed_in)


def visitor() -> SignedIn | None:
    """Return the signed-in person, or None."""
    return cast("SignedIn | None", g.get("signed_in"))


def unit_of_work() -> UnitOfWork:
    """Return a new unit of work that may change the caller's organization."""
    return database().write(caller().organization_id)


def read_uow() -> UnitOfWork:
    """Return a new unit of work for reading the caller's organization; it never waits for a writer."""
    return database().read(caller().organization_id)


def now() -> Instant:
    """Return the time it is for the caller's organization; a demonstration has its own."""
    return system_now() + timedelta(seconds=caller().clock_offset_seconds)


def actor() -> Actor:
    """Return who acts, for the services and the audit."""
    return caller().actor


def center_id() -> CenterId:
    """Return the center in which the caller works."""
    return caller().center_id


def zone() -> ZoneInfo:
    """Return the center's zone."""
    return ZoneInfo(caller().zone)


def local_now() -> datetime:
    """Return the time on the center's clock."""
    return local(now(), zone())


def today() -> date:
    """Return the center's present day."""
    return local_now().date()


def speak(language: str) -> None:
    """Answer this request in a language: en or es."""
    g.language = language


def language() -> str:
    """Return the language of this request: chosen for it, the person's, or English."""
    person = visitor()
    return str(g.get("language") or (person.language if person else "en"))
