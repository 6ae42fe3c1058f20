"""The day and what waits: steps, discharge, new dates, the worklist and the lists of the bar."""

import re
from datetime import UTC, datetime

import pytest

from tests.web.desk_person import FIRST_DAY, Desk, found


def refused_decisions(desk: Desk, plan: str, key: str, asked: str, *, other: str) -> None:
    """Decide as nobody may: for another plan, without an id, leaving a visit too early without a reason."""
    desk.post(f"/plans/{other}/recalculation", 404, id=key, do="apply")
    desk.post(f"/plans/{other}/recalculation", 404, id=key, do="keep", reason="Patient asks")
    visit = found(r'name="visit-([0-9a-f]{32})"', asked)
    stay = {f"visit-{visit}": "stay", f"why-{visit}": ""}
    desk.post(f"/plans/{plan}/recalculation", 422, id=key, do="apply", **stay)
    desk.post(f"/plans/{plan}/recalculation", 404, id="nothing", do="apply")


@pytest.mark.slow
def test_a_dose_given_three_weeks_late_asks_what_becomes_of_the_booked_ones(desk: Desk) -> None:
    patient, plan = desk.plan()
    desk.post(f"/plans/{plan}/book", mode="all", until="2027-04-30")
    visits = re.findall(r"/visits/([0-9a-f-]{36})/move", desk.get(f"/patients/{patient}"))
    third = list(dict.fromkeys(visits))[2]
    late = {"day": "2026-10-27", "start": "09:00", "chair_id": ""}
    desk.send(f"/visits/{third}/move", **late, outside_window_reason="away")
    desk.go_to(datetime(2026, 10, 27, 19, tzinfo=UTC))
    page = desk.get(f"/visits/{third}/discharge")
    dose = found(r'name="outcome-([0-9a-f]{32})"', page)

    answer = desk.send(
        f"/visits/{third}/discharge", **{f"outcome-{dose}": "full", f"lot-{dose}": "K1"}
    )

    assert answer.headers["Location"].endswith(f"/plans/{plan}/recalculation")
    asked = desk.get(f"/plans/{plan}/recalculation")
    assert "no longer fits" in asked
    assert "Apr 6" in asked
    assert "Apr 27" in asked
    key = found(r'name="id" value="([0-9a-f-]{36})"', asked)
    desk.post(f"/plans/{plan}/recalculation", 422, id=key, do="keep", reason="")
    refused_decisions(desk, plan, key, asked, other=desk.second_plan(patient))
    desk.post(f"/plans/{plan}/recalculation", id=key, do="apply")
    assert "Nothing waits" in desk.get(f"/plans/{plan}/recalculation")
    assert "Ibáñez" in desk.get("/worklist?queue=rebook")


def test_a_visit_that_ended_without_treatment_says_what_it_was_for(desk: Desk) -> None:
    _, _, visit = desk.booked()
    desk.go_to(datetime(2026, 4, 6, 17, tzinfo=UTC))
    dose = found(r'name="outcome-([0-9a-f]{32})"', desk.get(f"/visits/{visit}/discharge"))
    none = {f"outcome-{dose}": "none", f"reason-{dose}": "fever"}

    desk.send(f"/visits/{visit}/discharge", **none)

    panel = desk.get(f"/day?day={FIRST_DAY}&visit={visit}")
    assert found(r'<dt>For</dt><dd><span class="strong">([^<]*)<', panel) == (
        "Ocrelizumab 300 mg, dose 1"
    )
    assert "Not treated" in panel


def test_the_day_happens_step_by_step_and_ends_with_what_was_given(desk: Desk) -> None:
    patient, _, visit = desk.booked()
    desk.go_to(datetime(2026, 4, 6, 17, tzinfo=UTC))

    for step in ("arrived", "in_chair", "infusing", "observation"):
        desk.send(f"/visits/{visit}/step", shown=f"/day?day={FIRST_DAY}&visit={visit}", step=step)
    dose = found(r'name="outcome-([0-9a-f]{32})"', desk.get(f"/visits/{visit}/discharge"))
    part = {f"outcome-{dose}": "part", f"amount-{dose}": "", f"reason-{dose}": "reaction"}
    desk.send(f"/visits/{visit}/discharge", 422, **part)
    desk.send(f"/visits/{visit}/discharge", **(part | {f"amount-{dose}": "150"}))

    board = f"/day?day={FIRST_DAY}&visit={visit}"
    assert "Undo discharge" in desk.get(board)
    desk.send(f"/visits/{visit}/step/undo", shown=board, after="/step/undo")
    assert "Given in part" not in desk.get(f"/patients/{patient}")
    desk.send(f"/visits/{visit}/discharge", **(part | {f"amount-{dose}": "150"}))
    assert "Given in part" in desk.get(f"/patients/{patient}")
    review = desk.get("/worklist?queue=review")
    assert "was given in part" in review
    about = desk.get(found(r'href="(/doses/[^"]+)"', review))
    assert "150 mg: reaction" in about
    assert "It is booked." not in about


@pytest.mark.parametrize(
    "page", ["/day", "/patients", "/worklist", "/messages", "/formulary", "/closures"]
)
def test_each_page_of_the_bar_opens_empty(desk: Desk, page: str) -> None:
    assert "</html>" in desk.get(page)


def test_a_regimen_shows_its_numbers_their_basis_and_their_sources(desk: Desk) -> None:
    version = found(r"/formulary/([0-9a-f-]{36})", desk.get("/formulary?find=Ocrevus"))

    page = desk.get(f"/formulary/{version}")

    assert "every 6 months" in page
    assert "label" in page
    assert "ocrevus" in page.casefold()


@pytest.mark.slow
def test_a_call_is_logged_and_a_task_taken_and_closed_and_that_undone(desk: Desk) -> None:
    _, _, visit = desk.booked()
    desk.send(f"/visits/{visit}/cancel", reason="patient")
    task = found(r"/tasks/([0-9a-f-]{36})/call", desk.get("/worklist"))

    desk.post(f"/tasks/{task}/own", take="1")
    desk.post(f"/tasks/{task}/call", outcome="no_answer")
    refused = desk.post(f"/tasks/{task}/close", 422, outcome="declined", note="")
    assert "<details open><summary>Close" in refused.text
    past = {"outcome": "left_word", "note": "with her son", "next_try_on": "2026-03-01"}
    again = desk.post(f"/tasks/{task}/call", 422, **past)
    assert 'value="with her son"' in again.text
    desk.post(f"/tasks/{task}/call", 422, **past | {"next_try_on": "2026-02-30"})
    desk.post(f"/tasks/{task}/call", **past | {"next_try_on": "2026-03-20"})
    tried = desk.get("/worklist")
    desk.post(f"/tasks/{task}/close", outcome="declined", note="wants to wait")

    assert "no answer" in tried
    closed = desk.get("/worklist")
    assert f"/tasks/{task}/" not in closed
    assert "Task closed: declined." in closed
    desk.post(found(r'action="(/changes/[^"]+/undo)"', closed), back="/worklist")
    assert f"/tasks/{task}/" in desk.get("/worklist")
