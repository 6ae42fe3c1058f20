"""The weeks ahead as a charge nurse meets them."""

import re

import pytest

from scheduler.domain.roles import Role
from tests.web.conftest import SignedIn
from tests.web.desk_person import Desk, found


def test_an_empty_center_holds_everything(desk: Desk) -> None:
    page = desk.get("/look-ahead")

    assert "Every week holds what is planned in it." in page
    assert page.count("holds</span>") >= 30


@pytest.mark.slow
def test_crowded_weeks_are_spread_in_one_press_and_taken_back(desk: Desk) -> None:
    for number in range(24):
        patient = desk.add_patient(
            family_name=f"Crowd{number}", birth_date=f"19{50 + number}-01-02", confirmed="y"
        )
        desk.order(patient)
    page = desk.get("/look-ahead")
    key = found(r'name="idempotency_key"[^>]*value="([0-9a-f]+)"', page)
    doses = re.findall(r'name="dose" value="([^"]+)"', page)

    assert doses
    desk.post("/look-ahead", dose=doses, idempotency_key=key)
    done = desk.get("/look-ahead")
    desk.post("/look-ahead", dose=doses, idempotency_key=key)

    assert f"{len(doses)} planned day" in done
    assert re.findall(r'name="dose" value="([^"]+)"', done) == []
    undo = found(r"/changes/([0-9a-f-]{36})/undo", done)
    desk.post(f"/changes/{undo}/undo")
    assert len(re.findall(r'name="dose"', desk.get("/look-ahead"))) == len(doses)


def test_what_nobody_made_is_refused(desk: Desk) -> None:
    desk.post("/look-ahead", 422)
    desk.post("/look-ahead", 422, dose="nonsense")
    page = desk.post("/look-ahead", 409, dose=f"{'0' * 32}/1/2026-04-08").text
    assert "There is no such dose here any more." in page


def test_only_who_manages_the_center_sees_it(signed_in: SignedIn) -> None:
    assert signed_in(Role.NURSE).get("/look-ahead").status_code == 403
    assert signed_in(Role.MANAGER).get("/look-ahead").status_code == 200
