"""Whether the process answers, and whether the system behind it is well."""

from flask import Response, jsonify

from scheduler.services.health import look_after
from scheduler.web import context
from scheduler.web.public import public


@public.get("/ping")
def ping() -> str:
    """Answer, and do nothing else."""
    return "ok\n"


@public.get("/healthz")
def healthz() -> tuple[Response, int]:
    """Answer 200, or 503 with what fails."""
    health = look_after(context.database(), now=context.system_now())
    state = "ok" if health.well else "failing"
    return jsonify(status=state, failing=health.failing), 200 if health.well else 503
