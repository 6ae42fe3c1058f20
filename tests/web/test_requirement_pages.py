"""The requirements of a plan: recorded, marked, reopened, given back, kept when refused, audited."""

import re
from datetime import timedelta
from html import unescape

import pytest

from scheduler.domain.roles import Role
from tests.web.desk_person import Desk, found


def page_of(desk: Desk) -> str:
    """Return the address of the requirements of a new plan."""
    _, plan = desk.plan()
    return f"/plans/{plan}/requirements"


def first_code(desk: Desk, at: str) -> str:
    return found(r'name="code" [^>]*value="([a-z-]+)"', desk.get(at))


def test_what_is_missing_comes_first_with_day_and_role(desk: Desk) -> None:
    text = desk.get(page_of(desk))

    assert "Hepatitis B" in text or "hepatitis B" in text
    assert "Who can clear it" in text
    assert "charge nurse, nurse or pharmacist" in text


def seen(at: str, code: str) -> dict[str, str]:
    """Return what ``send`` needs for one requirement of the page."""
    return {"shown": at, "after": f'value="{code}"', "code": code}


@pytest.mark.slow
def test_a_result_is_marked_recorded_reopened_and_taken_back(desk: Desk) -> None:
    at = page_of(desk)
    code = first_code(desk, at)
    desk.send(f"{at}/result", **seen(at, code), stands="requested")
    assert "requested, no result yet" in desk.get(at)

    desk.clock.at += timedelta(seconds=5)
    desk.send(
        f"{at}/result", **seen(at, code), stands="met", result_on="2026-03-10", note="all well"
    )
    text = desk.get(at)
    assert "met of Mar 10, 2026" in text
    assert "all well" in text
    desk.post(found(r'action="(/changes/[^"]+/undo)"', text))
    assert "requested, no result yet" in desk.get(at)

    desk.send(f"{at}/result", **seen(at, code), stands="needed")
    assert "requested, no result yet" not in desk.get(at)


def test_what_was_typed_stays_when_it_is_refused(desk: Desk) -> None:
    at = page_of(desk)
    code = first_code(desk, at)

    text = desk.send(
        f"{at}/result", 422, **seen(at, code), stands="met", result_on="2031-01-01", note="typed"
    ).text

    assert "in the future" in text
    assert 'value="typed"' in text
    assert 'value="2031-01-01"' in text


@pytest.mark.slow
def test_an_authorization_is_recorded_with_units_and_changed(desk: Desk) -> None:
    at = page_of(desk)
    form = {"stands": "approved", "number": "PA-7", "visits": "2", "units": "1200"}
    desk.post(f"{at}/authorization", **form)
    text = desk.get(at)
    assert "0 of 2 visits and 0 of 1200 units used" in text
    known = found(r'name="authorization_id" [^>]*value="([0-9a-f]{32})"', text)

    ends = {"authorization_id": known, "from_day": "2026-05-01", "until_day": "2026-04-01"}
    there = {"shown": at, "after": f'value="{known}"'}
    refused = desk.send(f"{at}/authorization", 422, **{**form, **ends, **there})
    assert "ends before it begins" in refused.text
    denied = {"authorization_id": known, "stands": "denied"}
    desk.send(f"{at}/authorization", **{**form, **denied, **there})
    assert "prior authorization is denied" in desk.get(at)


def test_drug_for_one_dose_and_for_all(desk: Desk) -> None:
    at = page_of(desk)
    desk.post(f"{at}/supply", route="specialty_pharmacy", stands="needed", version="0")
    text = desk.get(at)
    assert "Drug from the specialty pharmacy: none received for this dose yet" in text
    doses = re.findall(r'name="dose_id" [^>]*value="([0-9a-f]{32})"', text)

    desk.post(
        f"{at}/supply",
        dose_id=doses[0],
        version="0",
        route="specialty_pharmacy",
        stands="received",
        received_on="2026-03-16",
        received_amount="150",
    )

    assert "150 mg are here for a dose of 300 mg" in desk.get(at)


def test_a_stale_result_says_what_changed_keeps_what_was_typed_and_can_be_saved(
    desk: Desk,
) -> None:
    at = page_of(desk)
    code = first_code(desk, at)
    met = {"code": code, "stands": "met", "result_on": "2026-03-11", "note": "typed"}
    version = found(r'name="version"[^>]*value="(\d+)"', desk.get(at))
    desk.send(f"{at}/result", **seen(at, code), stands="failed", note="reactive")

    stale = unescape(desk.post(f"{at}/result", 409, **met, version=version).text)

    assert "Stored now: Failed." in stale
    assert "Stored now: reactive." in stale
    assert "Last changed by Jo Rask" in stale, stale[stale.index("Nothing was saved") :][:900]
    assert 'value="typed"' in stale
    shown = stale[stale.index(f'value="{code}"') :]
    renewed = found(r'name="version"[^>]*value="(\d+)"', shown)
    desk.post(f"{at}/result", **met, version=renewed)
    assert "met of Mar 11, 2026" in desk.get(at)


def test_a_stale_authorization_can_be_saved_after_a_look(desk: Desk) -> None:
    at = page_of(desk)
    form = {"stands": "approved", "number": "PA-7", "units": "1200"}
    desk.post(f"{at}/authorization", **form)
    known = found(r'name="authorization_id" [^>]*value="([0-9a-f]{32})"', desk.get(at))
    mine = form | {"authorization_id": known, "number": "PA-8", "version": "1"}
    desk.post(f"{at}/authorization", **(mine | {"units": "600", "until_day": "2026-12-31"}))

    stale = desk.post(f"{at}/authorization", 409, **mine).text

    assert "Stored now: 600." in stale
    assert "Stored now: December 31, 2026." in stale
    assert 'value="1200"' in stale
    desk.post(f"{at}/authorization", **(mine | {"version": version_behind(known, stale)}))
    assert "of 1200 units used" in desk.get(at)


def version_behind(known: str, text: str) -> str:
    """Return the version that the form of one record carries."""
    return found(r'name="version"[^>]*value="(\d+)"', text[text.index(f'value="{known}"') :])


def test_not_needed_is_not_offered_where_it_would_be_refused(desk: Desk) -> None:
    at = page_of(desk)
    mine, clerks = desk.get(at), desk.colleague(Role.FRONT_DESK).get(at).text
    option = '<option value="not_needed">'
    hbv, clerks = (
        text[text.index('id="stands-hbv"') : text.index('id="note-hbv"')] for text in (mine, clerks)
    )

    assert option not in hbv
    assert 'value="met"' in hbv
    assert 'value="met"' not in clerks


@pytest.mark.slow
def test_nobody_records_over_drug_that_somebody_has_just_recorded(desk: Desk) -> None:
    at = page_of(desk)
    ordered = {"route": "stock", "stands": "ordered", "version": "0"}
    desk.post(f"{at}/supply", **ordered)

    first = desk.post(f"{at}/supply", 409, **(ordered | {"stands": "needed"}))
    desk.post(f"{at}/supply", **(ordered | {"stands": "needed", "version": "1"}))
    desk.post(f"{at}/supply", 409, **(ordered | {"version": "1"}))

    assert "Somebody else changed this" in first.text
    assert "Stored now: Ordered." in first.text
    assert re.search(r'id="version-plan"[^>]*value="1"', first.text)


def test_who_may_not_clear_reads_who_may(desk: Desk) -> None:
    at = page_of(desk)
    code = first_code(desk, at)
    clerk, auditor = desk.colleague(Role.FRONT_DESK), desk.colleague(Role.AUDITOR)

    assert "Met and not needed: charge nurse, nurse or pharmacist." in clerk.get(at).text
    cleared = clerk.post(f"{at}/result", data={"code": code, "stands": "met", "version": "1"})
    assert cleared.status_code == 403
    assert "<summary>Record" not in auditor.get(at).text


def test_managers_choose_what_an_unauthorized_booking_is(desk: Desk) -> None:
    desk.post("/admin/rules", unauthorized="refused", second_approval="y")

    text = desk.get("/admin/rules")
    assert re.search(r'<option[^>]*selected[^>]*value="refused"', text)
    assert desk.colleague(Role.NURSE).get("/admin/rules").status_code == 403
    _, plan = desk.plan()
    asked = {"stands": "approved", "visits": "1"}
    desk.post(f"/plans/{plan}/requirements/authorization", **asked)
    assert "This is visit 2 of 1 authorized" not in desk.get(f"/plans/{plan}/book?until=2026-04-06")
    assert "authorized" in desk.get(f"/plans/{plan}/book")


@pytest.mark.parametrize("outcome", ["full", "part"])
def test_only_what_was_not_given_is_offered_to_be_given_back(desk: Desk, outcome: str) -> None:
    _, plan, visit = desk.booked()
    at = f"/plans/{plan}/requirements"
    desk.post(f"{at}/authorization", stands="approved", units="1200")
    desk.go_to(desk.clock.at.replace(month=4, day=6, hour=14))
    dose = found(r'name="outcome-([0-9a-f]{32})"', desk.get(f"/visits/{visit}/discharge"))
    part = {f"amount-{dose}": "100", f"reason-{dose}": "Reaction"} if outcome == "part" else {}
    desk.send(f"/visits/{visit}/discharge", **part, **{f"outcome-{dose}": outcome})

    text = desk.get(at)
    assert ("<summary>Give back" in text) is (outcome == "part")
    if outcome == "part":
        use = found(r'name="use_id" [^>]*value="([0-9a-f]{32})"', text)
        typed = {"use_id": use, "units": "250", "reason": "discarded"}
        refused = desk.post(f"{at}/give-back", 422, **typed).text
        assert "Units not used: more than 0 and at most 200, because 100 were given" in refused
        assert 'value="250"' in refused
        assert 'value="discarded"' in refused
