"""The API for other programs, under /api/v1: bearer tokens, JSON, the same services as the pages."""

from flask import Blueprint

from scheduler.web.gatekeepers import api_gate

api = Blueprint("api", __name__, url_prefix="/api/v1")
api.before_request(api_gate)
