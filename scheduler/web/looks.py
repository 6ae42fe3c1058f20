"""Every answer that shows something of one patient is a look at the record, noted here before anybody sees it.

Most addresses name the patient, or a plan, dose, visit or message: nothing is to be done for them. A page whose
address does not name what it shows says so with ``shows``. Boards and lists of many patients are no look at one.
"""

from uuid import UUID

from flask import Response, g, request

from scheduler.domain.people import Viewed
from scheduler.services.looks import note_look
from scheduler.web import context

NAMED = {
    "patient_id": Viewed.PATIENT,
    "plan_id": Viewed.PLAN,
    "dose_id": Viewed.DOSE,
    "appointment_id": Viewed.VISIT,
    "message_id": Viewed.MESSAGE,
}
SEARCHES = "api.offers"
"""Tells of a dose what its plan tells, whose reading is noted, and how near the times come to what the patient
usually takes; one commit more would cost as much as the search."""
READING = "GET"
SHOWING = (READING, "POST")
NOTHING = 204


def shows(viewed: Viewed, viewed_id: UUID) -> None:
    """Say what of a patient's record the answer shows when its address does not."""
    g.viewed = (viewed, viewed_id)


def note(answer: Response) -> None:
    """Note the look in a short write of its own; a refusal never gets here, a redirect shows nothing."""
    found = g.get("viewed") or _named()
    if found and _is_read(answer):
        viewed, viewed_id = found
        uow, now, actor = context.unit_of_work(), context.now(), context.actor()
        note_look(uow, viewed, viewed_id, now=now, actor=actor)


def _named() -> tuple[Viewed, UUID] | None:
    """Return what the address names; a program's change answers with what it changed, in the record already."""
    changes = request.blueprint == "api" and request.method != READING
    if changes or request.endpoint == SEARCHES:
        return None
    values = request.view_args or {}
    return next(((viewed, values[name]) for name, viewed in NAMED.items() if name in values), None)


def _is_read(answer: Response) -> bool:
    redirects = 300 <= answer.status_code < 400  # noqa: PLR2004 - what HTTP calls so
    return request.method in SHOWING and not redirects and answer.status_code != NOTHING
