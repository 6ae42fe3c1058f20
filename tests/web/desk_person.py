"""A person at the desk who goes through the pages without a script."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.domain.roles import Role
from scheduler.domain.timing import Instant
from scheduler.web.gatekeepers import COOKIE
from tests.factories.people import NOW


class TestClock:
    """A clock that tests set."""

    __test__ = False

    def __init__(self, at: Instant = NOW) -> None:
        self.at = at

    def __call__(self) -> Instant:
        """Return the time."""
        return self.at


EVERYBODY = (Role.FRONT_DESK, Role.CHARGE_NURSE, Role.PHARMACIST, Role.MANAGER)
FIRST_DAY = "2026-04-06"


@dataclass
class Desk:
    """A person with every role at an open demonstration center."""

    browser: FlaskClient
    clock: TestClock
    sign_in: Callable[[], str]
    colleague: Callable[[Role], FlaskClient]

    def go_to(self, moment: datetime) -> None:
        """Let time pass; the person signs in again."""
        self.clock.at = moment
        self.browser.set_cookie(COOKIE, self.sign_in())

    def get(self, path: str, status: int = 200) -> str:
        answer = self.browser.get(path)
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    def post(self, path: str, status: int = 303, /, **form: Any) -> TestResponse:
        answer = self.browser.post(path, data=form)
        assert answer.status_code == status, unescape(answer.text)
        return answer

    def send(
        self, path: str, status: int = 303, /, shown: str = "", after: str = "", **form: Any
    ) -> TestResponse:
        """Post a form with the version that its page shows, the first one behind some words."""
        text = self.get(shown or path)
        version = found(r'name="version"[^>]*value="(\d+)"', text[text.index(after) :])
        return self.post(path, status, **(form | {"version": version}))

    def add_patient(self, **facts: Any) -> str:
        form = {
            "given_name": "Zoë",
            "family_name": "Ibáñez",
            "birth_date": "1980-02-03",
            "email": "zoe@mail.example",
            "channel": "email",
            "needs_kind": "",
            "consented": "y",
            "sex": "female",
            "spoken_language": "en",
            "written_language": "en",
        }
        answer = self.post("/patients/new", **(form | facts))
        return str(answer.headers["Location"]).rsplit("/", 1)[-1]

    def order(
        self,
        patient: str,
        status: int | None = None,
        /,
        do: str = "save",
        product: str = "Ocrevus",
        **facts: Any,
    ) -> TestResponse:
        text = self.get(f"/patients/{patient}/orders/new?find={product}")
        version = found(r"/orders/new/([0-9a-f-]{36})", text)
        form = {
            "product": product,
            "kind": "new_start",
            "authorization": "",
            "first_day": FIRST_DAY,
            "prescriber": "Dr. Lind",
            "signed_on": "2026-03-16",
            "valid_until": "2027-03-15",
            "do": do,
        }
        status = status or (303 if do == "save" else 200)
        return self.post(f"/patients/{patient}/orders/new/{version}", status, **(form | facts))

    def plan(self) -> tuple[str, str]:
        """Add a patient with an order; return the patient and the plan."""
        patient = self.add_patient()
        plan = found(r"/plans/([0-9a-f-]{36})/book", self.order(patient).headers["Location"])
        return patient, plan

    def second_plan(self, patient: str) -> str:
        """Enter another order for a patient, starting today."""
        today = f"{self.clock.at:%Y-%m-%d}"
        facts = {"first_day": today, "signed_on": today, "valid_until": "2027-12-31"}
        saved = self.order(patient, second_plan="y", **facts)
        return found(r"/plans/([0-9a-f-]{36})/book", saved.headers["Location"])

    def booked(self) -> tuple[str, str, str]:
        """Return patient, plan and the first visit of a booked series."""
        patient, plan = self.plan()
        self.post(f"/plans/{plan}/book", mode="all", until="2026-04-30")
        return (
            patient,
            plan,
            found(r"/visits/([0-9a-f-]{36})/move", self.get(f"/patients/{patient}")),
        )


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, f"{pattern} is not in {text[:3000]}"
    return match[1]
