"""Refusals and mistakes become a page, a sentence in place, or JSON: in this one module."""

import logging
import secrets
import traceback

from flask import Flask, Response, jsonify, make_response, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from scheduler.domain.errors import DomainError
from scheduler.web.fragments import wants_fragment
from scheduler.web.offers import offers_of

log = logging.getLogger(__name__)

PAGES = (400, 403, 404, 409, 413, 422, 429, 500, 503)
SENTENCES = {
    400: "The request is not understood.",
    401: "Send a token: Authorization: Bearer ...",
    404: "There is no such thing.",
    405: "This address does not take that method.",
    413: "What was sent is too large.",
    415: "Send JSON: Content-Type: application/json.",
    500: "Something went wrong here; it was noted.",
    503: "The database cannot be reached. Try again in a minute.",
}
CODES = {
    400: "bad_request",
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "not_json",
    500: "internal",
    503: "unavailable",
}


def register(app: Flask) -> None:
    """Answer every error in the form that was asked for."""
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(HTTPException, _not_served)
    app.register_error_handler(InternalServerError, _broken)
    app.register_error_handler(OperationalError, _no_database)


def refused(refusal: DomainError) -> Response:
    """Return a refusal that no form took up."""
    if _speaks_json():
        body = {
            "error": refusal.code,
            "message": str(refusal),
            "field": refusal.field,
            "offers": offers_of(refusal),
        }
        return make_response(jsonify(body), refusal.status)
    return _answer(refusal.status, str(refusal))


def _not_served(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # noqa: PLR2004 - a redirect
        return make_response(error.get_response())
    return _answer(error.code, SENTENCES.get(error.code, "") if _speaks_json() else "")


def _broken(error: InternalServerError) -> Response:
    """Log where it broke under a number, without values: they may be a patient's."""
    number = secrets.token_hex(4)
    cause = error.original_exception or error
    where = "".join(traceback.format_tb(cause.__traceback__))
    log.error("request %s: %s\n%s", number, type(cause).__name__, where)
    return _answer(500, f"Something went wrong here; it was noted under {number}.")


def _no_database(error: OperationalError) -> Response:
    log.error("database: %s", type(error.orig).__name__)
    return _answer(503, SENTENCES[503] if _speaks_json() else "")


def _answer(status: int, sentence: str) -> Response:
    if _speaks_json():
        code = CODES.get(status, "refused")
        empty: list[str] = []
        return make_response(
            jsonify(error=code, message=sentence, field=None, offers=empty), status
        )
    if wants_fragment():
        return make_response(sentence, status)
    shown = status if status in PAGES else 400
    return make_response(render_template(f"errors/{shown}.html", sentence=sentence), status)


def _speaks_json() -> bool:
    return request.path.startswith("/api/")
