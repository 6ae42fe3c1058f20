"""A small center on a port of this machine: the real application, patients with visits, mails with links."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from threading import Thread

from flask import Flask
from werkzeug.serving import make_server

from scheduler.app import create_app
from scheduler.domain.ids import AppointmentId, CenterId, OrganizationId, PatientId, PlanId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import Role
from scheduler.domain.timing import Instant
from scheduler.persistence.database import Database
from scheduler.persistence.plans import doses_of
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.booking import BookDose, book_dose
from scheduler.services.contacts import ContactFacts
from scheduler.services.messages import Sending, send_due
from scheduler.services.regimens import sync_formulary
from scheduler.services.setup import setup_center
from scheduler.settings import Settings
from tests.conftest import RING
from tests.factories.mail import ListMailer
from tests.factories.people import NOW, make_actor, make_patient, make_plan
from tests.factories.setup import make_setup_request
from tests.factories.staff import make_session, make_staff

ROLES = (Role.ADMIN, Role.CHARGE_NURSE, Role.PHARMACIST, Role.MANAGER, Role.FRONT_DESK)
BORN = date(1984, 6, 1)
VISIT_DAY = date(2026, 3, 24)
AFTER_A_WEEK = date(2026, 3, 31)


@dataclass(kw_only=True)
class Treated:
    """A patient with a plan, a booked visit and the secret of the link in its mail."""

    patient_id: PatientId
    plan_id: PlanId
    visit_id: AppointmentId
    secret: str = ""


@dataclass(kw_only=True)
class SmallCenter:
    """What is served; ``at`` is its time and may be set.

    Args:
        ann: Reads English.
        luz: Reads Spanish.
    """

    url: str
    app: Flask
    database: Database
    organization_id: OrganizationId
    center_id: CenterId
    at: Instant = NOW
    mails: list[bytes] = field(default_factory=list)
    ann: Treated
    luz: Treated

    @property
    def uow(self) -> UnitOfWork:
        """A new transaction of the organization."""
        return self.database.write(self.organization_id)

    def session(self, *roles: Role) -> str:
        """Return the secret of a new session of somebody with these roles, or with all."""
        person = make_staff(self.uow, self.center_id, *(roles or ROLES), now=self.at)
        return make_session(self.uow, person, now=self.at)


@contextmanager
def small_center(database: Database, folder: Path) -> Iterator[SmallCenter]:
    """Serve a small center until the block ends: forms ask for their token, as in real use."""
    made: list[SmallCenter] = []
    app = create_app(_settings(folder), database, clock=lambda: made[0].at if made else NOW)
    with _served(app) as url:
        made.append(_filled(app, database, url))
        yield made[0]


def _settings(folder: Path) -> Settings:
    return Settings(
        port=8000,
        host="127.0.0.1",
        database_url="sqlite:///unused",
        mail_url="null:",
        secret_key="k" * 40,
        keyring=RING,
        public_url="http://localhost",
        instance=folder,
    )


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _filled(app: Flask, database: Database, url: str) -> SmallCenter:
    sync_formulary(database.system(), now=NOW)
    request = make_setup_request(
        mode=OrganizationMode.DEMONSTRATION,
        address="220 Orchard Street, 2nd floor",
        phone_closed="312 555 0199",
    )
    made = setup_center(database.system(), request, now=NOW)
    uow = database.write(made.organization_id)
    center = SmallCenter(
        url=url,
        app=app,
        database=database,
        organization_id=made.organization_id,
        center_id=made.center_id,
        ann=_treated(uow, made.center_id, "Ann", "en", "08:00"),
        luz=_treated(uow, made.center_id, "Luz", "es", "11:00"),
    )
    _write_mails(center)
    return center


def _treated(uow: UnitOfWork, center_id: CenterId, name: str, language: str, start: str) -> Treated:
    contact = ContactFacts(
        email=f"{name.lower()}@mail.example", phone="312 555 0155", language=language
    )
    patient_id = make_patient(uow, given_name=name, birth_date=BORN, contact=contact)
    plan_id = make_plan(
        uow, patient_id, center_id, regimen="ocrelizumab-iv", first_day=VISIT_DAY, product="Ocrevus"
    )
    with uow:
        doses = [row.id for row in doses_of(uow, plan_id)]
        uow.commit()
    wanted = BookDose(dose_id=doses[0], day=VISIT_DAY, start=time.fromisoformat(start))
    visit_id = book_dose(uow, wanted, now=NOW, actor=make_actor()).id
    return Treated(patient_id=patient_id, plan_id=plan_id, visit_id=visit_id)


def _write_mails(center: SmallCenter) -> None:
    mailer = ListMailer(leaves=False)
    sending = Sending(new_uow=lambda: center.uow, mailer=mailer, base_url=center.url)
    send_due(sending, now=NOW.replace(minute=5))
    center.mails = [mail.replace(b"=\r\n", b"") for mail in mailer.mails]
    for treated, address in ((center.ann, b"ann@"), (center.luz, b"luz@")):
        mail = next(each for each in center.mails if b"To: " + address in each)
        treated.secret = mail.decode().split("/v/")[1].split()[0]
