"""Pages before sign-in: sign in, invitations, and whether the system is well."""

from flask import Blueprint

from scheduler.web.gatekeepers import public_gate

public = Blueprint("public", __name__)
public.before_request(public_gate)
