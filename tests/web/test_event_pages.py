"""Clinical events on the requirements page: recorded, followed by readiness, taken out, undone, audited."""

import pytest

from scheduler.domain.roles import Role
from tests.web.desk_person import Desk, found


def natalizumab(desk: Desk) -> tuple[str, str]:
    """Enter an order of natalizumab; return the patient and the address of its requirements."""
    patient = desk.add_patient()
    saved = desk.order(patient, product="Tysabri")
    plan = found(r"/plans/([0-9a-f-]{36})/book", saved.headers["Location"])
    return patient, f"/plans/{plan}/requirements"


@pytest.mark.slow
def test_plasma_exchange_makes_a_sample_worthless_until_it_is_taken_out(desk: Desk) -> None:
    patient, at = natalizumab(desk)
    desk.post(f"{at}/result", version="1", code="jcv", stands="met", result_on="2026-03-16")
    assert "says nothing" not in desk.get(at)

    desk.post(f"{at}/event", name="plasma-exchange", on_day="2026-03-10", note="at City Hospital")

    text = desk.get(at)
    assert (
        "Anti-JCV antibody; repeat every 6 months if negative of March 16 says nothing:"
        " plasma exchange on March 10; needs one from March 24 on" in text
    )
    assert "Plasma exchange: at City Hospital" in text
    assert "again from Mar 24, 2026 on" in text
    assert "recorded a clinical event" in desk.get(f"/patients/{patient}")
    event = found(r'name="event_id" [^>]*value="([0-9a-f]{32})"', text)
    assert "Say why" in desk.post(f"{at}/event/withdraw", 422, event_id=event, why="").text
    desk.post(f"{at}/event/withdraw", event_id=event, why="Another patient's.")
    assert "says nothing" not in desk.get(at)


def test_an_event_is_undone(desk: Desk) -> None:
    _, at = natalizumab(desk)
    desk.post(f"{at}/result", version="1", code="jcv", stands="met", result_on="2026-03-16")
    desk.post(f"{at}/event", name="ivig", on_day="2026-03-10")
    text = desk.get(at)
    assert "IVIG on March 10" in text

    desk.post(found(r'action="(/changes/[^"]+/undo)"', text))

    assert "IVIG on March 10" not in desk.get(at)


def test_a_live_vaccine_holds_the_first_dose_back(desk: Desk) -> None:
    patient, plan = desk.plan()

    desk.post(f"/plans/{plan}/requirements/event", name="vaccine-live", on_day="2026-03-16")

    sentence = "Live vaccine on March 16: the first dose from April 13 on, 4 weeks later"
    assert sentence in desk.get(f"/plans/{plan}/requirements")
    assert "so from Mon, Apr 13, 2026 on" in desk.get(f"/patients/{patient}")


@pytest.mark.slow
def test_what_was_typed_stays_when_it_is_refused(desk: Desk) -> None:
    _, at = natalizumab(desk)

    text = desk.post(f"{at}/event", 422, name="ivig", on_day="2031-01-01", note="typed").text

    assert "in the future" in text
    assert 'value="typed"' in text
    assert (
        "Choose one of the events"
        in desk.post(f"{at}/event", 422, name="x", on_day="2026-03-01").text
    )
    assert "Enter the day." in desk.post(f"{at}/event", 422, name="ivig", on_day="").text


def test_the_front_desk_reads_events_but_records_none(desk: Desk) -> None:
    _, at = natalizumab(desk)
    clerk = desk.colleague(Role.FRONT_DESK)

    assert "Record what happened" not in clerk.get(at).text
    asked = {"name": "ivig", "on_day": "2026-03-10"}
    assert clerk.post(f"{at}/event", data=asked).status_code == 403


@pytest.mark.slow
def test_a_moved_visit_says_which_result_is_too_old_for_the_new_day(desk: Desk) -> None:
    patient, at = natalizumab(desk)
    met = {"code": "mri-baseline", "stands": "met", "result_on": "2026-01-07"}
    desk.send(f"{at}/result", shown=at, after='value="mri-baseline"', **met)
    plan = at.split("/")[2]
    desk.post(f"/plans/{plan}/book", mode="all", until="2026-04-10")
    visit = found(r"/visits/([0-9a-f-]{36})/move", desk.get(f"/patients/{patient}"))
    version = found(r'name="version" value="(\d+)"', desk.get(f"/visits/{visit}/move"))

    desk.post(f"/visits/{visit}/move", day="2026-04-08", start="13:00", version=version)

    said = "of January 7 is too old for April 8: needs one from January 8 on."
    assert said in desk.get("/day?day=2026-04-08")
