"""Pages of the desk: day board, patients, plans, booking, worklist, messages.

A module here registers its pages with ``from scheduler.web.desk import desk``; all of them are imported
when the application is built.
"""

from flask import Blueprint

from scheduler.web.gatekeepers import desk_gate

desk = Blueprint("desk", __name__)
desk.before_request(desk_gate)
