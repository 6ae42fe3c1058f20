"""Headers of every answer: what a page may load, who may frame it, what may be kept."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask import url_for as flask_url_for

STATIC = ("static", "bootstrap.static")
A_YEAR = 365 * 24 * 3600
POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
# their addresses hold a secret
NO_REFERRER = ("patient", "public")


def register(app: Flask, *, secure: bool) -> None:
    """Set headers after each request.

    Args:
        app: The application.
        secure: Whether it is reached by https.
    """

    @app.after_request
    def _headers(answer: Response) -> Response:
        for name, value in ALWAYS.items():
            answer.headers.setdefault(name, value)
        hidden = request.blueprint in NO_REFERRER
        answer.headers.setdefault("Referrer-Policy", "no-referrer" if hidden else "same-origin")
        if secure:
            answer.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}")
        answer.headers["Cache-Control"] = _kept()
        return answer

    app.url_defaults(lambda endpoint, values: _add_version(app, endpoint, values))
    app.jinja_env.globals["url_for"] = _template_url_for


def _kept() -> str:
    if request.endpoint not in STATIC:
        return "no-store"
    # a versioned address never changes its content; a module that another one imports has none
    return f"public, max-age={A_YEAR}, immutable" if request.args.get("v") else "no-cache"


def _add_version(app: Flask, endpoint: str, values: dict[str, Any]) -> None:
    if endpoint in STATIC and "v" not in values:
        blueprint = app.blueprints.get(endpoint.partition(".")[0])
        folder = blueprint.static_folder if blueprint else app.static_folder
        values["v"] = _version(f"{folder}/{values.get('filename', '')}")


@cache
def _version(path: str) -> str:
    file = Path(path)
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else "0"


@cache
def _static_url(filename: str) -> str:
    return flask_url_for("static", filename=filename)


def _template_url_for(endpoint: str, **values: Any) -> str:
    """Return an address; a board holds hundreds of icons, so those of static files are kept."""
    if endpoint == "static" and set(values) == {"filename"}:
        return _static_url(values["filename"])
    return flask_url_for(endpoint, **values)
