"""A regimen of one's own by keyboard alone: a phase is added where the focus goes, a fault leads to its field."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, Theme
from tests.browser.test_desk_pages import faults, press_to

pytestmark = pytest.mark.browser


def open_form(page: Page) -> None:
    page.goto("/formulary?find=natalizumab")
    page.locator("td a").first.click()
    page.get_by_role("link", name="Copy and change").click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phase_is_added_and_a_fault_is_found_by_keyboard(
    open_page: OpenPage, theme: Theme
) -> None:
    page = open_page(theme=theme, staff=True)
    open_form(page)
    page.locator("#f-vaccine").wait_for(state="attached")

    page.get_by_role("button", name="Phase", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#f-phase-2:focus")
    press_to(page, "Short name")
    page.keyboard.type("bridge of our own")
    found = faults(page)
    page.keyboard.press("Enter")  # saves, and adds nothing
    page.wait_for_selector(".note.is-stop:focus")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    found += faults(page)

    assert page.url.endswith("#f-phase-2-kind")
    assert "it is missing" in page.locator("#f-phase-2-kind-error").inner_text()
    assert page.locator("#f-phase-2-id").input_value() == "bridge of our own"
    assert found == []
