"""Pages of the signed-in person: lock, unlock, sign out, own password and settings."""

from flask import Blueprint

from scheduler.web.gatekeepers import account_gate

account = Blueprint("account", __name__)
account.before_request(account_gate)
