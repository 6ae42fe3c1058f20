"""Days to put right as a charge nurse meets them: who is affected, one press, taken back."""

import re

import pytest

from scheduler.domain.roles import Role
from tests.web.conftest import SignedIn
from tests.web.desk_person import FIRST_DAY, Desk, found

PAGE = f"/replan?first={FIRST_DAY}&last={FIRST_DAY}"


@pytest.fixture
def closed(desk: Desk) -> Desk:
    """A desk whose only visit is on a day that was closed since."""
    desk.booked()
    desk.post("/closures", first_day=FIRST_DAY, reason="Burst pipe")
    return desk


def sent(page: str) -> dict[str, str | list[str]]:
    """Return what the page's form sends when nothing is unchecked."""
    return {
        "first": FIRST_DAY,
        "last": FIRST_DAY,
        "idempotency_key": found(r'name="idempotency_key"[^>]*value="([0-9a-f]+)"', page),
        "move": re.findall(r'name="move" value="([^"]+)"', page),
        "left": re.findall(r'name="left" value="([^"]+)"', page),
    }


def test_a_closed_day_shows_who_could_go_where(closed: Desk) -> None:
    page = closed.get(PAGE)

    assert "The center is closed: Burst pipe." in page
    assert "Zoë Ibáñez" in page
    assert "1 patient" in page
    assert "Move the checked visits" in page


def test_one_press_moves_everybody_and_twice_is_once(closed: Desk) -> None:
    form = sent(closed.get(PAGE))

    closed.post("/replan", **form)
    closed.post("/replan", **form)

    assert "1 visit of 1 patient moved. Each patient is owed one message." in closed.get("/replan")
    assert "Every visit of these days fits." in closed.get(PAGE)


def test_it_is_taken_back_by_the_undo_bar(closed: Desk) -> None:
    closed.post("/replan", **sent(closed.get(PAGE)))
    undo = found(r"/changes/([0-9a-f-]{36})/undo", closed.get("/replan"))

    closed.post(f"/changes/{undo}/undo")

    assert "Move the checked visits" in closed.get(PAGE)


@pytest.mark.slow
def test_what_changed_since_is_shown_with_a_new_proposal(closed: Desk) -> None:
    form = sent(closed.get(PAGE))
    visit = str(form["move"][0])[:32]
    visit = "-".join((visit[:8], visit[8:12], visit[12:16], visit[16:20], visit[20:]))
    closed.send(f"/visits/{visit}/move", day="2026-04-08", start="09:00")

    page = closed.post("/replan", 409, **form).text

    assert "What changed since you looked." in page
    assert "it is on Wed, Apr 8, 9:00 now" in page


def test_a_form_that_nobody_made_is_refused(closed: Desk) -> None:
    for value in ("nonsense", "1/2/3", "0" * 32 + "/1/2026-04-08T09:00:00"):
        closed.post("/replan", 422, first=FIRST_DAY, last=FIRST_DAY, move=value)
    closed.post("/replan", 422, first=FIRST_DAY, last=FIRST_DAY)


def test_only_who_manages_the_center_sees_it(signed_in: SignedIn) -> None:
    assert signed_in(Role.FRONT_DESK).get("/replan").status_code == 403
    assert signed_in(Role.CHARGE_NURSE).get("/replan").status_code == 200


def test_a_chair_out_of_service_is_noted_and_its_visits_change_chairs(desk: Desk) -> None:
    desk.booked()
    page = desk.get("/closures")
    for number in (1, 2, 3, 4):
        chair = found(rf'<option value="([0-9a-f]{{32}})">Chair {number}', page)
        desk.post(
            "/outages",
            chair_id=chair,
            out_on=FIRST_DAY,
            out_at="07:00",
            back=FIRST_DAY,
            back_at="18:00",
            reason="torn",
        )
        if "chairs, at the same time" in desk.get(PAGE):
            break

    shown = desk.get(PAGE)
    assert "Chair 1 out of service: torn" in desk.get("/closures")
    assert "1 visit only changes chairs" in shown
    desk.post("/replan", first=FIRST_DAY, last=FIRST_DAY, seat_anew=FIRST_DAY)
    assert "Every visit of these days fits." in desk.get(PAGE)
