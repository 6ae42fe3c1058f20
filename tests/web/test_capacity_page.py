"""What a center can hold, as a manager asks it in the browser."""

import re

from scheduler.domain.roles import Role
from tests.web.conftest import SignedIn
from tests.web.desk_person import Desk

ASKED = (
    "chairs=8&nurses=4&patients_per_nurse=3&nurse_rule=S&opens=07:30&closes=17:30"
    "&regimen_0=ocrelizumab-iv&share_0=30&regimen_1=natalizumab-iv&share_1=70"
)


def patients(page: str) -> int:
    found = re.search(r"<h2>(\d+) patients? on treatment</h2>", page)
    assert found, page
    return int(found[1])


def test_it_begins_with_the_center_as_it_is(desk: Desk) -> None:
    desk.booked()
    page = desk.get("/admin/capacity")

    assert patients(page) > 0
    assert "First to bind:" in page
    assert 'name="chairs"' in page
    assert re.search(r'name="chairs"[^>]*value="4"|value="4"[^>]*name="chairs"', page)


def test_more_of_what_binds_holds_more_patients(desk: Desk) -> None:
    few = desk.get(f"/admin/capacity?{ASKED}")
    more = desk.get(
        f"/admin/capacity?{ASKED.replace('nurses=4', 'nurses=6').replace('chairs=8', 'chairs=14')}"
    )

    assert patients(more) > patients(few)


def test_a_center_without_patients_is_asked_for_a_mix(desk: Desk) -> None:
    assert "No patients yet to take a mix from" in desk.get("/admin/capacity")


def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(desk: Desk) -> None:
    for change, sentence in (
        ("chairs=0", "Chairs: enter a number from 1 to 500."),
        ("nurses=-2", "Nurses: enter a number from 1 to 200."),
        ("closes=06:00", "The day has to end after it begins."),
        ("regimen_0=nothing", "Choose one of the list"),
        ("share_0=many", "Write a number such as 150"),
        ("share_0=-5", "with a share above 0"),
        ("opens=25:00", "is not a time"),
    ):
        name = change.partition("=")[0]
        asked = re.sub(rf"\b{name}=[^&]*", change, ASKED)
        page = desk.get(f"/admin/capacity?{asked}", 422)

        assert sentence in page, change
        assert "70" in page, change


def test_a_front_desk_without_a_manager_does_not_get_it(signed_in: SignedIn) -> None:
    assert signed_in(Role.FRONT_DESK).get("/admin/capacity").status_code == 403
