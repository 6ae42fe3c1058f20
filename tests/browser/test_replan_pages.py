"""Closing a day and moving its visits by keyboard alone, in both themes, with nothing for axe to say."""

import pytest

from tests.browser.conftest import OpenPage, Theme
from tests.browser.small_center import SmallCenter
from tests.browser.test_desk_pages import faults, press_to

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_day_is_closed_and_its_visits_move_without_a_mouse(
    open_page: OpenPage, site: SmallCenter, theme: Theme
) -> None:
    page = open_page(theme=theme, staff=True)
    keys = page.keyboard
    page.goto("/closures", wait_until="networkidle")
    press_to(page, "From")
    keys.type("03242026")
    press_to(page, "Reason")
    keys.type("Burst pipe")
    press_to(page, "Close it")
    keys.press("Enter")

    page.wait_for_url("**/replan?first=2026-03-24**")
    found = faults(page)
    press_to(page, "Move the checked visits")
    keys.press("Enter")

    page.wait_for_selector("text=moved. Each patient is owed one message.")
    assert found + faults(page) == []
    assert page.locator("text=moved together").count() == 1
