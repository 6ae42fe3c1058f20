"""The web application: builds it from settings, a database and a clock."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint, Flask, Response
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import CSRFProtect

from scheduler.clock import Clock, system_clock
from scheduler.paths import resource_dir
from scheduler.persistence.database import Database
from scheduler.settings import Settings
from scheduler.web import context, errors, frame, gatekeepers, headers, languages, looks

AUDIENCES = ("public", "account", "desk", "admin", "patient", "api")
LARGEST_UPLOAD = 4 * 1024 * 1024


class Application(Flask):
    """Flask, but silent about exceptions, and no page about a patient is seen without a note of it."""

    def log_exception(self, exc_info: object) -> None:
        """Log nothing: it may hold a patient's data; ``web/errors.py`` logs where it broke."""

    def dispatch_request(self) -> Response:
        """Answer a request that its gatekeeper let in."""
        answer = self.make_response(super().dispatch_request())
        looks.note(answer)
        return answer


def create_app(
    settings: Settings, database: Database | None = None, *, clock: Clock = system_clock
) -> Flask:
    """Return the application.

    Args:
        settings: Of this process.
        database: Opened from the settings unless given.
        clock: The system's time; tests give their own.
    """
    app = Application("scheduler", template_folder=str(resource_dir("templates")))
    secure = settings.public_url.startswith("https://")
    app.config.from_mapping(_configuration(settings, secure=secure))
    context.keep(
        app,
        context.Runtime(
            settings=settings,
            database=database or Database(settings.database_url, settings.keyring),
            clock=clock,
        ),
    )
    Bootstrap5(app)
    headers.register(app, secure=secure)
    languages.register(app)
    errors.register(app)
    frame.register(app)
    app.after_request(gatekeepers.note_presence)
    guard = CSRFProtect(app)
    for audience in AUDIENCES:
        app.register_blueprint(_pages_of(audience))
    # a browser never sends a bearer token by itself
    guard.exempt(app.blueprints["api"])
    # a mail program's own button knows no form
    guard.exempt(app.view_functions["patient.stop_now"])
    return app


def _configuration(settings: Settings, *, secure: bool) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "scheduler_form",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": LARGEST_UPLOAD,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "WTF_CSRF_TIME_LIMIT": None,
        # pages whose address is a secret send no referrer
        "WTF_CSRF_SSL_STRICT": False,
    }


def _pages_of(audience: str) -> Blueprint:
    """Import every module of an audience, so that its pages are registered; return its blueprint."""
    package = import_module(f"scheduler.web.{audience}")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    found = getattr(package, audience)
    assert isinstance(found, Blueprint)  # noqa: S101 - a mistake of ours, not of the caller
    return found
