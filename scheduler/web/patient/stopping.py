"""Stopping the mails, by a person or by a mail program's own button, and mails that reached somebody else."""

from flask import Response

from scheduler.services.links import stop_mails
from scheduler.services.wrong_person import note_wrong_person
from scheduler.web import context
from scheduler.web.gatekeepers import link
from scheduler.web.patient import patient
from scheduler.web.patient.frame import show


@patient.get("/s/<secret>")
def stop(secret: str) -> Response:  # noqa: ARG001 - the gate has read it
    """Ask whether mails shall stop; a link alone changes nothing."""
    return show("patient/stop.html", done="")


@patient.post("/s/<secret>")
def stop_now(secret: str) -> Response:  # noqa: ARG001
    """Stop the mails; also what a mail program's own button calls."""
    stop_mails(context.unit_of_work(), link(), now=context.now())
    return show("patient/stop.html", done="stopped")


@patient.post("/s/<secret>/not-mine")
def not_mine(secret: str) -> Response:  # noqa: ARG001
    """Note that the mail reached somebody else; its link closes."""
    note_wrong_person(context.unit_of_work(), link(), now=context.now())
    return show("patient/stop.html", done="not_mine")
