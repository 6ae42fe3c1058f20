"""A patient's mail with its link, and a phone that opens it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.domain.ids import AppointmentId
from scheduler.persistence.database import Database
from scheduler.services.contacts import ContactFacts
from scheduler.services.messages import send_due
from tests.factories.mail import ListMailer
from tests.factories.told import LATER, World, booked, make_world

BORN = {"month": "6", "day": "1", "year": "1984"}


@dataclass(kw_only=True)
class Phone:
    """A patient's browser, the link in the mail, and the world behind it."""

    browser: FlaskClient
    world: World
    visit_id: AppointmentId
    secret: str

    def get(self, path: str = "", **more: Any) -> TestResponse:
        """Open the link, or what stands below it."""
        return self.browser.get(f"/v/{self.secret}{path}", **more)

    def post(self, path: str, **form: str) -> TestResponse:
        """Press a button."""
        return self.browser.post(f"/v/{self.secret}{path}", data=form)

    def enter(self, **typed: str) -> TestResponse:
        """Type the birth date."""
        return self.post("/birth-date", **BORN | typed)


def written(world: World, **values: Any) -> tuple[AppointmentId, str]:
    """Book a visit and return it with the secret in its mail."""
    mailer = ListMailer()
    visit_id = booked(world, **values)
    send_due(world.sending(mailer), now=LATER)
    text = mailer.mails[-1].replace(b"=\r\n", b"").decode()
    return visit_id, text.split("/v/")[1].split()[0]


@pytest.fixture
def phone(app: Flask, database: Database) -> Phone:
    """A phone that has opened nothing yet; the patient was born on June 1, 1984."""
    return make_phone(app, database)


@pytest.fixture
def spanish(app: Flask, database: Database) -> Phone:
    """The same for a contact who reads Spanish."""
    return make_phone(app, database, language="es")


def make_phone(app: Flask, database: Database, language: str = "en") -> Phone:
    """Return a phone with the mail of a patient in a new organization."""
    contact = ContactFacts(email="ann@example.org", phone="555 010 0199", language=language)
    world = make_world(database, birth_date=date(1984, 6, 1), contact=contact)
    visit_id, secret = written(world)
    return Phone(browser=app.test_client(), world=world, visit_id=visit_id, secret=secret)
