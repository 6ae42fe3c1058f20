"""Pages for managers: staff, roles and the center's own settings, under /admin."""

from flask import Blueprint

from scheduler.web.gatekeepers import manager_gate

admin = Blueprint("admin", __name__, url_prefix="/admin")
admin.before_request(manager_gate)
