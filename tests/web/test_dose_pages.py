"""One dose on its page: missed, left out, due again, given elsewhere, corrected; and why it has its day."""

from datetime import UTC, datetime
from html import unescape

import pytest

from scheduler.domain.ids import OrganizationId
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.services.check import organizations_here
from scheduler.services.raising import raise_due
from tests.web.desk_person import Desk, found

LATER = datetime(2026, 4, 22, 14, tzinfo=UTC)


def doses_of(desk: Desk, patient: str) -> list[str]:
    """Return the pages of the doses of a patient's plan, in order."""
    text = desk.get(f"/patients/{patient}")
    return [f"/doses/{part[:36]}" for part in text.split('href="/doses/')[1:] if part[36] == '"']


@pytest.mark.slow
def test_a_missed_dose_is_late_until_it_is_left_out_or_due_again(desk: Desk) -> None:
    patient, _ = desk.plan()
    desk.go_to(LATER)
    _, second = doses_of(desk, patient)[:2]
    refused = desk.post(f"{second}/fate", 422, fate="missed", reason="")
    assert "Say why." in refused.text

    desk.post(f"{second}/fate", fate="missed", reason="The patient rang.")
    text = desk.get(f"/patients/{patient}")
    assert "Missed on Mon, Apr 20, 2026: to be given as soon as possible" in text.replace(
        "missed on", "Missed on"
    )
    assert "planned Tue, Apr 21" in text
    assert "Dose 2 was missed: book it as soon as possible." in text
    assert "marked missed planned dose" in text

    desk.post(f"{second}/fate", fate="left_out", reason="The prescriber said so.")
    assert "Skipped" in desk.get(f"/patients/{patient}")
    desk.post(f"{second}/fate", fate="due_again", reason="It is wanted after all.")
    assert "to be given as soon as possible" not in desk.get(f"/patients/{patient}")


@pytest.mark.slow
def test_a_fate_is_undone(desk: Desk) -> None:
    patient, _ = desk.plan()
    first = doses_of(desk, patient)[0]
    desk.post(f"{first}/fate", fate="left_out", reason="Ordered by mistake.")
    text = desk.get(f"/patients/{patient}")
    assert "Skipped" in text

    desk.post(found(r'action="(/changes/[^"]+/undo)"', text))

    assert "Skipped" not in desk.get(f"/patients/{patient}")


def test_a_dose_whose_day_is_to_come_is_not_missed_and_a_booked_one_not_left_out(
    desk: Desk,
) -> None:
    patient, plan = desk.plan()
    first = doses_of(desk, patient)[0]
    assert "still to come" in desk.post(f"{first}/fate", 422, fate="missed", reason="x").text
    assert "Choose what happened." in desk.post(f"{first}/fate", 422, fate="x", reason="x").text

    desk.post(f"/plans/{plan}/book", mode="all", until="2026-04-30")

    assert "cancel that visit" in desk.post(f"{first}/fate", 409, fate="left_out", reason="x").text


@pytest.mark.slow
def test_a_dose_given_elsewhere_is_recorded_and_corrected(desk: Desk) -> None:
    patient, _ = desk.plan()
    desk.go_to(LATER)
    first = doses_of(desk, patient)[0]
    assert "Enter the day." in desk.post(f"{first}/elsewhere", 422, day="").text

    desk.post(f"{first}/elsewhere", day="2026-04-08", amount="300", place="City Hospital")
    text = desk.get(f"/patients/{patient}")
    assert "Due 2 weeks after dose 1 (Wed, Apr 8, 2026)" in text

    wrong = {"outcome": "full", "given_on": "2026-04-07", "amount": "300"}
    assert "Say why the entry was wrong." in desk.post(f"{first}/correct", 422, **wrong).text
    desk.post(f"{first}/correct", **wrong, why="Misread.")
    assert "Due 2 weeks after dose 1 (Tue, Apr 7, 2026)" in desk.get(f"/patients/{patient}")


def test_every_date_says_its_rule_source_and_arithmetic(desk: Desk) -> None:
    patient, _ = desk.plan()

    text = desk.get(f"/patients/{patient}")

    assert "Due day: 2026-04-20" in text
    assert "2026-04-06 (the order's first day) + 2 weeks = 2026-04-20" in text
    assert "Not before: " in text
    assert "(label; S" in text
    third = desk.get(doses_of(desk, patient)[2])
    assert "+ 5 months = 2026-09-20" in third


def test_what_comes_before_the_first_dose_stands_on_the_plan(desk: Desk) -> None:
    patient, _ = desk.plan()

    text = desk.get(f"/patients/{patient}")

    assert "Before the first dose" in text
    assert "Live vaccine" in text
    assert "Mon, Mar 9" in text


def test_the_front_desk_reads_a_dose_and_says_nothing_of_it(desk: Desk) -> None:
    patient, _ = desk.plan()
    first = doses_of(desk, patient)[0]
    clerk = desk.colleague(Role.FRONT_DESK)

    assert "It was not given" not in clerk.get(first).text
    asked = {"fate": "left_out", "reason": "x"}
    assert clerk.post(f"{first}/fate", data=asked).status_code == 403


def shown_order(desk: Desk, product: str) -> str:
    """Show the series of an order for a new patient; nothing is saved."""
    return desk.order(desk.add_patient(), do="show", product=product).text


def test_an_order_shows_what_comes_before_it_and_why_each_date(desk: Desk) -> None:
    shown = shown_order(desk, "Tysabri")

    assert "Brain MRI" in shown
    assert "not older than Jan 6" in shown
    assert "Due day: 2026-05-04" in shown


def test_an_order_shows_what_waits_for_the_prescriber(desk: Desk) -> None:
    shown = shown_order(desk, "Vyvgart")

    assert "Waits for the prescriber" in shown
    assert "Next cycle</b> from Tue, May 26 on, when the prescriber asks for it" in shown


def test_a_dose_whose_check_was_not_passed_is_held(desk: Desk) -> None:
    patient, plan = desk.plan()
    at = f"/plans/{plan}/requirements"
    failed = {"code": "hbv", "stands": "failed", "note": "active hepatitis B"}

    desk.send(f"{at}/result", shown=at, after='value="hbv"', **failed)

    text = desk.get(f"/patients/{patient}")
    assert "not passed: hepatitis B screen" in text
    assert "On hold" in text
    assert "Hepatitis B screen: failed." in text
    desk.post(f"/plans/{plan}/book", mode="all", until="2026-04-10")
    assert "to be held" in desk.get(f"/patients/{patient}")


def efgartigimod(desk: Desk) -> tuple[str, str]:
    """Return a patient and the plan of a first cycle from April 6; the next one waits for the prescriber."""
    patient = desk.add_patient()
    desk.order(patient, product="Vyvgart")
    return patient, found(r"/plans/([0-9a-f-]{36})/phase", desk.get(f"/patients/{patient}"))


def test_a_phase_that_the_prescriber_asks_for_is_laid_out_from_the_page(desk: Desk) -> None:
    patient, plan = efgartigimod(desk)
    assert len(doses_of(desk, patient)) == 4

    desk.post(f"/plans/{plan}/phase", phase="next-cycle", reason="")
    assert "Say who asked for it, and why." in desk.get(f"/patients/{patient}")
    desk.post(f"/plans/{plan}/phase", phase="next-cycle", reason="Dr. Lind, by phone.")

    assert len(doses_of(desk, patient)) == 8


@pytest.mark.slow
def test_the_worklist_asks_to_decide_on_a_phase_and_takes_not_now_for_an_answer(
    desk: Desk, database: Database
) -> None:
    patient, plan = efgartigimod(desk)
    desk.go_to(datetime(2026, 5, 12, 14, tzinfo=UTC))
    ((organization_id, _),) = organizations_here(database.system())
    raise_due(database.write(OrganizationId(organization_id)), now=desk.clock())

    text = desk.get("/worklist?queue=review")
    assert "Decide whether “next cycle” is wanted" in text
    assert f"/patients/{patient}#plan-{plan.replace('-', '')}" in text
    later = found(r'action="(/tasks/[^"]+/later)', text)

    assert "Say on which day" in desk.post(later, 422, again_on="", reason="x").text
    refused = unescape(desk.post(later, 422, again_on="2026-05-20", reason="").text)
    assert "why not now" in refused
    assert 'value="2026-05-20"' in refused
    desk.post(later, again_on="2026-05-20", reason="Dr. Lind: still well")
    assert "Not now: Dr. Lind: still well" in desk.get("/worklist")


def test_who_may_not_change_plans_is_not_asked_to_decide(desk: Desk, database: Database) -> None:
    efgartigimod(desk)
    desk.go_to(datetime(2026, 5, 12, 14, tzinfo=UTC))
    ((organization_id, _),) = organizations_here(database.system())
    raise_due(database.write(OrganizationId(organization_id)), now=desk.clock())

    text = desk.colleague(Role.FRONT_DESK).get("/worklist").text

    assert "See the plan" in text
    assert "Put off" not in text


@pytest.mark.slow
def test_a_phase_that_is_no_longer_wanted_is_taken_back_once_it_is_shown_what_goes(
    desk: Desk,
) -> None:
    patient, plan = efgartigimod(desk)
    at = f"/plans/{plan}/phase/withdraw"
    assert "No phase was asked for" in desk.get(at)
    assert "No longer wanted" not in desk.get(f"/patients/{patient}")
    desk.post(f"/plans/{plan}/phase", phase="next-cycle", reason="Dr. Lind, by phone.")
    assert "No longer wanted: next cycle" in desk.get(f"/patients/{patient}")

    refused = desk.send(at, 422, reason="")
    assert "Say who said so, and why." in refused.text
    shown = unescape(desk.send(at, 200, reason="Dr. Lind: well again.").text)
    assert "This cancels no visit, ends 4 doses" in shown
    assert "Planned" in desk.get(f"/patients/{patient}")
    old = found(r'name="version"[^>]*value="(\d+)"', desk.get(at))
    desk.send(at, sure="1", reason="Dr. Lind: well again.")
    text = desk.get(f"/patients/{patient}")
    assert "No longer wanted: next cycle" not in text

    desk.post(found(r'action="(/changes/[^"]+/undo)"', text))
    assert "No longer wanted: next cycle" in desk.get(f"/patients/{patient}")
    stale = desk.post(at, 409, version=old, sure="1", reason="Dr. Lind: well again.")
    assert "No longer wanted" in stale.text
    unnamed = desk.post(at, 422, sure="1", reason="Dr. Lind: well again.")
    assert "No longer wanted" in unnamed.text


@pytest.mark.slow
def test_laying_a_phase_out_is_undone(desk: Desk) -> None:
    patient, plan = efgartigimod(desk)
    desk.post(f"/plans/{plan}/phase", phase="next-cycle", reason="Dr. Lind, by phone.")

    desk.post(found(r'action="(/changes/[^"]+/undo)"', desk.get(f"/patients/{patient}")))

    assert "No longer wanted: next cycle" not in desk.get(f"/patients/{patient}")
