"""Pages behind the links in patients' mails: /v/<secret> and /s/<secret>."""

from flask import Blueprint

from scheduler.web.gatekeepers import link_gate

patient = Blueprint("patient", __name__)
patient.before_request(link_gate)
