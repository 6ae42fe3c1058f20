"""The application for gunicorn: ``gunicorn scheduler.wsgi:app``."""

from scheduler.app import create_app
from scheduler.settings import from_environment

app = create_app(from_environment())
