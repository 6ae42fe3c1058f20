"""Rearranging a day as a charge nurse meets it."""

import re

import pytest

from scheduler.domain.roles import Role
from tests.web.conftest import SignedIn
from tests.web.desk_person import FIRST_DAY, Desk, found

PAGE = f"/rearrange?day={FIRST_DAY}&goal=closing&most_calls=4&most_minutes=300"


@pytest.fixture
def jammed(desk: Desk) -> Desk:
    """A desk with three visits at once on the first day."""
    for number in range(3):
        patient = desk.add_patient(
            family_name=f"Jam{number}", birth_date=f"19{50 + number}-01-02", confirmed="y"
        )
        desk.order(patient)
        dose = found(r"/doses/([0-9a-f-]{36})/times", desk.get(f"/patients/{patient}"))
        desk.post(f"/doses/{dose}/times", day=FIRST_DAY, start=f"10:{15 * number:02d}")
    return desk


def test_the_page_asks_for_a_day_first(desk: Desk) -> None:
    assert "Choose a day to come." in desk.get("/rearrange")
    assert "Rearrange a day to come" in desk.get("/rearrange?day=2026-03-17", 422)
    assert "Write a whole number" in desk.get(f"/rearrange?day={FIRST_DAY}&most_calls=x", 422)


def test_a_jam_is_rearranged_in_one_press_and_taken_back(jammed: Desk) -> None:
    page = jammed.get(PAGE)
    moves = re.findall(r'name="move" value="([^"]+)"', page)

    now, then = re.findall(r"leaves at ([0-9:]+) now, at ([0-9:]+) then", page)[0]
    assert then < now
    jammed.post("/rearrange", day=FIRST_DAY, goal="closing", move=moves)
    after = jammed.get(f"/day?day={FIRST_DAY}")
    assert "moved. Each patient is owed one message." in after
    undo = found(r"/changes/([0-9a-f-]{36})/undo", after)
    jammed.post(f"/changes/{undo}/undo")
    assert f"leaves at {now} now" in jammed.get(PAGE)


@pytest.mark.slow
def test_what_changed_since_is_shown_with_a_new_proposal(jammed: Desk) -> None:
    moves = re.findall(r'name="move" value="([^"]+)"', jammed.get(PAGE))
    raw = moves[0][:32]
    visit = "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))
    jammed.send(f"/visits/{visit}/move", day=FIRST_DAY, start="13:00")
    form = {"day": FIRST_DAY, "goal": "closing", "most_calls": "4", "most_minutes": "300"}

    page = jammed.post("/rearrange", 409, **form, move=moves).text

    assert "What changed since you looked." in page
    jammed.post("/rearrange", 422, **form)


def test_only_who_manages_the_center_sees_it(signed_in: SignedIn) -> None:
    assert signed_in(Role.PHARMACIST).get("/rearrange").status_code == 403
