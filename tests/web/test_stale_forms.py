"""Forms say which version they show: one that does not is refused, one that is stale says what is stored now."""

from datetime import timedelta

import pytest

from tests.web.desk_person import FIRST_DAY, Desk, found


@pytest.mark.family
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/visits/{visit}/move", {"day": "2026-04-07", "start": "10:00"}),
        ("/visits/{visit}/cancel", {"reason": "patient"}),
        ("/visits/{visit}/discharge", {}),
        ("/plans/{plan}/change", {"kind": "stop", "reason": "moves away", "sure": "1"}),
        ("/plans/{plan}/requirements/result", {"code": "hbv", "stands": "requested"}),
        ("/plans/{plan}/requirements/supply", {"route": "stock", "stands": "ordered"}),
        ("/patients/{patient}/deceased", {"deceased_on": "2026-03-16"}),
        ("/patients/{patient}/edit", {"given_name": "Zoë", "family_name": "Ibáñez"}),
    ],
)
@pytest.mark.parametrize("version", ["", "x", "²"])
def test_a_form_without_the_version_it_shows_changes_nothing(
    desk: Desk, path: str, form: dict[str, str], version: str
) -> None:
    patient, plan, visit = desk.booked()
    facts = {"birth_date": "1980-02-03", "sex": "female", "spoken_language": "en"}
    form = form | facts | {"written_language": "en", "needs_kind": "", "version": version}
    if path.endswith("/discharge"):
        page = desk.get(f"/visits/{visit}/discharge")
        form[f"outcome-{found(r'outcome-([0-9a-f]{32})', page)}"] = "full"

    answer = desk.post(path.format(patient=patient, plan=plan, visit=visit), 422, **form)

    assert "did not say which version it shows" in answer.text
    assert "Booked" in desk.get(f"/patients/{patient}")


def test_a_step_without_a_version_is_refused_above_the_board(desk: Desk) -> None:
    _, _, visit = desk.booked()

    desk.post(f"/visits/{visit}/step", step="arrived")

    assert "did not say which version it shows" in desk.get(f"/day?day={FIRST_DAY}")


def test_a_stale_form_says_at_the_field_what_is_stored_now(desk: Desk) -> None:
    patient = desk.add_patient(mrn="M-1")
    at = f"/patients/{patient}/edit"
    facts = {"given_name": "Zoë", "family_name": "Ibáñez", "birth_date": "1980-02-03"}
    facts |= {"sex": "female", "spoken_language": "en", "written_language": "en"}
    first = desk.get(at)
    version = found(r'name="version"[^>]*value="(\d+)"', first)
    desk.send(at, **facts, needs_kind="", mrn="M-2")

    stale = desk.post(at, 409, **facts, needs_kind="", mrn="M-3", version=version)

    assert "Somebody else changed this" in stale.text
    assert "Stored now: M-2." in stale.text
    assert 'value="M-3"' in stale.text
    renewed = found(r'name="version"[^>]*value="(\d+)"', stale.text)
    desk.post(at, **facts, needs_kind="", mrn="M-3", version=renewed)
    assert "M-3" in desk.get(f"/patients/{patient}")


@pytest.mark.slow
def test_a_stale_change_of_a_plan_can_be_repeated(desk: Desk) -> None:
    _, plan, _ = desk.booked()
    at = f"/plans/{plan}/change"
    version = found(r'name="version"[^>]*value="(\d+)"', desk.get(at))
    hold = {"kind": "hold", "reason": "infection", "review_on": "2026-04-10", "sure": "1"}
    desk.send(at, **hold)

    stop = {"kind": "stop", "reason": "moves away", "sure": "1"}
    stale = desk.post(at, 409, **stop, version=version)

    assert "the plan is on hold" in stale.text
    desk.post(at, **stop, version=found(r'name="version"[^>]*value="(\d+)"', stale.text))


@pytest.mark.slow
def test_a_patient_who_did_not_come_is_noted_from_the_board(desk: Desk) -> None:
    patient, _, visit = desk.booked()
    board = f"/day?day={FIRST_DAY}&visit={visit}"
    early = desk.get(board)
    begins = desk.clock.at.replace(month=4, day=6, hour=22)
    desk.go_to(begins + timedelta(minutes=15))

    desk.send(f"/visits/{visit}/no-show", shown=board, after="/no-show")

    assert "Did not come" not in early
    assert "Noted." in desk.get(board)
    assert "Find a time" in desk.get(f"/patients/{patient}")
    desk.send(f"/visits/{visit}/step/undo", shown=board, after="/step/undo")
    assert "Did not come" in desk.get(board)
