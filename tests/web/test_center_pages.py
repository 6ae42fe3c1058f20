"""The pages on which a center is set up, as a manager's browser sees them."""

import re
from typing import Any

import pytest

from scheduler.domain.roles import Role
from tests.web.conftest import SignedIn
from tests.web.desk_person import FIRST_DAY, Desk, found

WEEK = {
    **{f"opens_{n}": "08:00" for n in range(5)},
    **{f"closes_{n}": "17:00" for n in range(5)},
}
SINCE = {"effective_from": "2026-03-30"}
LIMITS = {
    "patients_per_nurse": "3",
    "starts_per_nurse": "1",
    "keep_minutes": "10",
    "nurse_rule": "S",
    "slot_minutes": "15",
}


def test_the_overview_shows_hours_chairs_nurses_and_limits(desk: Desk) -> None:
    page = desk.get("/admin/center")

    assert "07:30–17:30" in page or "7:30–17:30" in page
    assert "Chair 4" in page
    assert "Nia Lind" in page
    assert "A nurse watches up to" in page


def test_new_hours_hold_from_a_day_on_and_name_who_is_affected(desk: Desk) -> None:
    desk.booked()
    desk.post("/admin/center/hours", **SINCE, **(WEEK | {"opens_0": "15:00"}))
    page = desk.get("/admin/center")

    assert "2 booked days no longer fit." in page
    assert "Zoë Ibáñez" in page
    assert "Other hours hold from Mar 30, 2026" in page
    assert "Ibáñez" in desk.get(f"/day?day={FIRST_DAY}")


def overview(desk: Desk) -> str:
    """Return what the overview shows, without tokens that change by the second."""
    return desk.get("/admin/center").partition("<h1>")[2].partition("</main>")[0]


def refused(desk: Desk, path: str, sentence: str, **form: Any) -> None:
    answer = desk.post(path, 422, **form)
    assert sentence in answer.text, answer.text
    assert "Nothing was saved" in answer.text


def test_hours_that_cannot_be_are_refused_and_nothing_is_saved(desk: Desk) -> None:
    path = "/admin/center/hours"
    before = overview(desk)

    refused(
        desk, path, "a day ends at midnight", **SINCE, **WEEK, opens_5="22:00", closes_5="02:00"
    )
    refused(desk, path, "the clocks change on", **SINCE, **WEEK, opens_6="01:00", closes_6="09:00")
    refused(desk, path, "Tuesday: enter both", **SINCE, **(WEEK | {"closes_1": ""}))
    refused(desk, path, "at least one weekday", **SINCE)
    refused(desk, path, "what is past stays", **WEEK, effective_from="2026-03-01")
    refused(desk, path, "the doors open between", **SINCE, **WEEK, doors_0="19:00")
    refused(
        desk,
        path,
        "Mixing hours cannot end",
        **SINCE,
        **WEEK,
        mixing_from_0="12:00",
        mixing_until_0="09:00",
    )
    refused(desk, path, "is not a time", **SINCE, **(WEEK | {"opens_0": "25:00"}))

    assert overview(desk) == before


@pytest.mark.slow
def test_a_chair_is_added_changed_and_given_up_only_when_empty(desk: Desk) -> None:
    desk.booked()
    desk.post("/admin/center/chairs/new", name="Bed 5", kind="bed", lift="y")
    page = desk.get("/admin/center")
    chairs = {
        name: path
        for path, name in re.findall(
            r'href="(/admin/center/chairs/[0-9a-f-]{36})">Change<span[^>]*> ([^<]+)</span>', page
        )
    }

    desk.post(chairs["Bed 5"], name="Bed 5", kind="bed", lift="y", isolation="y", active="y")
    twice = desk.post(chairs["Bed 5"], 422, name="chair 1", kind="bed", active="y")
    in_use = found(
        r'scope="row">(Chair \d)(?:(?!</tr>).)*?class="num">[1-9]', page.replace("\n", "")
    )
    held = desk.post(chairs[in_use], 409, name=in_use, kind="chair")
    desk.post(chairs["Bed 5"], name="Bed 5", kind="bed")

    assert "There is a “chair 1” already" in twice.text
    assert "still to come in" in held.text
    assert "given up" in desk.get("/admin/center")
    assert "Bed 5" not in desk.get(f"/day?day={FIRST_DAY}")


def test_a_nurses_week_is_set_and_negative_numbers_are_refused(desk: Desk) -> None:
    nurse = found(r'href="(/admin/center/nurses/[0-9a-f-]{36})"', desk.get("/admin/center"))
    week = {f"starts_{n}": "09:00" for n in range(3)} | {f"ends_{n}": "15:00" for n in range(3)}

    desk.post(nurse, **SINCE, **week, lunch_from="12:00", lunch_until="12:30", watches="4")

    refused(desk, nurse, "A nurse watches 1 to 12 patients.", **SINCE, **week, watches="-1")
    refused(desk, nurse, "a shift ends after it begins", **SINCE, **(week | {"ends_0": "08:00"}))
    refused(
        desk,
        nurse,
        "Lunch ends after it begins",
        **SINCE,
        **week,
        lunch_from="13:00",
        lunch_until="12:00",
    )


@pytest.mark.slow
def test_limits_are_tried_on_a_sample_day_before_they_are_saved(desk: Desk) -> None:
    desk.booked()
    path = "/admin/center/limits"
    before = overview(desk)

    tried = desk.post(path, 200, **SINCE, **LIMITS, care_infusion="1", do="try").text
    assert "Nurses busy" in tried
    assert "as typed" in tried
    assert overview(desk) == before

    desk.post(path, **SINCE, **(LIMITS | {"patients_per_nurse": "4"}), care_iv_start="1", do="save")
    today = {"effective_from": "2026-03-17"}
    desk.post(path, **today, **(LIMITS | {"keep_minutes": "7"}), care_iv_start="1", do="save")
    page = desk.get("/admin/center")
    assert "An IV start takes one nurse fully." in page
    assert "7 minutes" in page


@pytest.mark.slow
def test_a_limit_below_what_is_booked_is_accepted_and_shown(desk: Desk) -> None:
    desk.booked()
    nurses = re.findall(r'href="(/admin/center/nurses/[0-9a-f-]{36})"', desk.get("/admin/center"))

    for nurse in nurses:
        desk.post(nurse, effective_from="2026-03-30")
    page = desk.get("/admin/center")

    assert "no longer fit" in page
    assert "of 0" in page
    assert "Zoë Ibáñez" in page
    assert "over capacity" in desk.get(f"/day?day={FIRST_DAY}").lower()


def test_numbers_that_cannot_be_are_refused(desk: Desk) -> None:
    path = "/admin/center/limits"
    for name, value, words in (
        ("patients_per_nurse", "0", "Write a whole number from 1 to 12."),
        ("patients_per_nurse", "-2", "Write a whole number from 1 to 12."),
        ("starts_per_slot", "-1", "Write a whole number from 1 to 60."),
        ("care_iv_start", "13", "Write a whole number from 1 to 12."),
        ("keep_minutes", "", "Write a whole number from 1 to 120."),
        ("slot_minutes", "7", "5, 10 or 15 minutes"),
    ):
        answer = desk.post(path, 422, **SINCE, **(LIMITS | {name: value}), do="save")
        assert words in answer.text or "Not a valid choice" in answer.text, (name, value)


def test_a_refused_number_names_its_field_once(desk: Desk) -> None:
    limits = desk.post(
        "/admin/center/limits", 422, **SINCE, **(LIMITS | {"patients_per_nurse": "0"}), do="save"
    )

    assert "Write a whole number from 1 to 12." in limits.text
    assert "Patients that a nurse watches: a whole" not in limits.text


def test_a_charge_nurse_sets_up_the_center_and_the_front_desk_does_not(
    signed_in: SignedIn,
) -> None:
    assert signed_in(Role.CHARGE_NURSE).get("/admin/center").status_code == 200
    assert "Center set-up" in signed_in(Role.CHARGE_NURSE).get("/account").text
    assert signed_in(Role.FRONT_DESK).get("/admin/center").status_code == 403
