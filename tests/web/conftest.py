"""The application on a real database, browsers that are signed in, and programs with a token."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.app import create_app
from scheduler.domain.ids import CenterId, OrganizationId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.setup import setup_center
from scheduler.settings import Settings
from scheduler.web import context
from scheduler.web.gatekeepers import COOKIE
from tests.conftest import RING
from tests.factories.people import make_plain_center, make_regimens
from tests.factories.setup import make_setup_request
from tests.factories.staff import make_session, make_staff, make_token
from tests.web.desk_person import EVERYBODY, Desk, TestClock

SignedIn = Callable[..., FlaskClient]


def make_settings(folder: Path, **values: str) -> Settings:
    """Return the settings of a test's application."""
    return Settings(
        port=8000,
        host="127.0.0.1",
        database_url="sqlite:///unused",
        mail_url="null:",
        secret_key="k" * 40,
        keyring=RING,
        public_url=values.get("public_url", "http://localhost"),
        instance=folder,
    )


@pytest.fixture
def clock() -> TestClock:
    """The application's clock: Tuesday, March 17, 2026, 10:00 in New York; set ``clock.at``."""
    return TestClock()


@pytest.fixture(scope="session")
def _application() -> Flask:
    """The application, built once a process: its addresses and templates are always the same."""
    settings = make_settings(Path())
    made = create_app(settings, Database("sqlite:///unused", RING))
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def app(
    _application: Flask, database: Database, clock: TestClock, tmp_path: Path
) -> Iterator[Flask]:
    """The application on each engine; a test that wants form tokens sets WTF_CSRF_ENABLED."""
    configured = dict(_application.config)
    settings = make_settings(tmp_path)
    context.keep(_application, context.Runtime(settings=settings, database=database, clock=clock))
    yield _application
    _application.config.clear()
    _application.config.update(configured)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def center(uow: UnitOfWork, organization: OrganizationId) -> CenterId:
    """A center of the organization, without hours, chairs or nurses."""
    return make_plain_center(uow)


@pytest.fixture
def signed_in(app: Flask, uow: UnitOfWork, center: CenterId, clock: TestClock) -> SignedIn:
    """Call it with roles for a browser in which somebody with these roles is signed in.

    ``signed_in(Role.PHARMACIST)``; without a role it is the front desk. ``at=`` names another center.
    """

    def open_browser(*roles: Role, at: CenterId | None = None) -> FlaskClient:
        here = center if at is None else at
        person = make_staff(uow, here, *(roles or (Role.FRONT_DESK,)), now=clock.at)
        browser = app.test_client()
        browser.set_cookie(COOKIE, make_session(uow, person, now=clock.at))
        return browser

    return open_browser


@pytest.fixture
def program(app: Flask, uow: UnitOfWork, center: CenterId, clock: TestClock) -> FlaskClient:
    """A program that calls the API as a charge nurse."""
    made = app.test_client()
    made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(uow, center, now=clock.at)}"
    return made


@pytest.fixture
def desk(app: Flask, database: Database, clock: TestClock) -> Desk:
    make_regimens(database, clock.at)
    request = make_setup_request(mode=OrganizationMode.DEMONSTRATION)
    made = setup_center(database.system(), request, now=clock.at)
    uow = database.write(made.organization_id)
    person = make_staff(uow, made.center_id, *EVERYBODY, now=clock.at)

    def colleague(role: Role) -> FlaskClient:
        other = make_staff(uow, made.center_id, role, now=clock.at)
        browser = app.test_client()
        browser.set_cookie(COOKIE, make_session(uow, other, now=clock.at))
        return browser

    desk = Desk(
        browser=app.test_client(),
        clock=clock,
        sign_in=lambda: make_session(uow, person, now=clock.at),
        colleague=colleague,
    )
    desk.go_to(clock.at)
    return desk
