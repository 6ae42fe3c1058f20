"""The nurses of a day, by forms alone."""

from tests.web.desk_person import FIRST_DAY, Desk, found


def test_nurses_are_found_handed_over_and_chosen(desk: Desk) -> None:
    desk.booked()
    open_page = desk.get(f"/day/nurses?day={FIRST_DAY}")

    desk.post("/day/nurses", day=FIRST_DAY, do="rest")
    page = desk.get(f"/day/nurses?day={FIRST_DAY}")
    visit = found(r'name="visit" value="([0-9a-f]{32})"', page)
    nurse = found(r'<option value="([0-9a-f]{32})">', page)
    desk.post("/day/nurses/choose", day=FIRST_DAY, visit=visit, nurse=nurse)

    assert "Without a nurse" in open_page
    assert "Without a nurse" not in page
    assert "first dose" in page
    assert "Nurse: " in desk.get(f"/day/print?day={FIRST_DAY}")
    assert "Nurses of the day" in desk.get(f"/day?day={FIRST_DAY}")


def test_what_is_no_visit_or_nurse_is_refused(desk: Desk) -> None:
    desk.booked()

    wrong = desk.post("/day/nurses/choose", 422, day=FIRST_DAY, visit="x", nurse="y")
    desk.get("/day/nurses?day=2026-99-99", 404)

    assert "Choose one of the list" in wrong.text
    assert "Nobody is on shift" in desk.get("/day/nurses?day=2026-04-05")
