"""Finding a patient by name, birth date or MRN in one box. The words asked for never stand in an address."""

from flask import Response, request

from scheduler.services.search import find_patients as find
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.fragments import page

MOST = 30


@desk.get("/patients")
def patients() -> Response:
    """Show the box."""
    return page("desk/patients.html", text="", found=None, most=MOST)


@desk.post("/patients")
def find_patients() -> Response:
    """Show whom the words fit: name from its beginning, birth date, or MRN."""
    text = request.form.get("q", "").strip()
    found = find(context.read_uow(), text, limit=MOST) if text else ()
    return page("desk/patients.html", text=text, found=found, most=MOST)
