"""The desk's pages in Chromium: the way through by keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.small_center import SmallCenter

pytestmark = pytest.mark.browser


def faults(page: Page) -> list[str]:
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    return [f"{page.url} {each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def press_to(page: Page, words: str) -> None:
    """Go on with Tab until something of that name has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => { const e = document.activeElement;"
            " return (e.getAttribute('aria-label') || e.innerText || e.value || '').trim(); }"
        )
        label = page.evaluate(
            "() => { const e = document.activeElement;"
            " return (e.labels && e.labels[0] && e.labels[0].innerText || '').trim(); }"
        )
        if " ".join(str(name).split()).startswith(words) or str(label).startswith(words):
            return
    raise AssertionError(f"Tab never came to {words}")


def test_the_way_through_needs_no_mouse(open_page: OpenPage, site: SmallCenter) -> None:
    page = open_page(staff=True)
    keys = page.keyboard
    page.goto("/day", wait_until="networkidle")

    keys.press("/")
    page.wait_for_selector(".app-find input[name=q]:focus")
    keys.type("nobody")
    keys.press("Enter")
    page.wait_for_selector("text=Nobody here fits")
    press_to(page, "or add a patient.")
    keys.press("Enter")
    page.wait_for_url("**/patients/new")
    for label, typed in (
        ("Given name", "Kay"),
        ("Family name", "Board"),
        ("Birth date", "03241980"),
    ):
        press_to(page, label)
        keys.type(typed)
    press_to(page, "Add the patient")
    keys.press("Enter")
    page.wait_for_selector("h1:has-text('Kay Board')")
    order_and_book(page)

    assert page.locator("text=Booked").count() >= 2


def order_and_book(page: Page) -> None:
    keys = page.keyboard
    press_to(page, "New order")
    keys.press("Enter")
    page.wait_for_url("**/orders/new")
    keys.type("Ocrevus")
    keys.press("Enter")
    page.wait_for_url("**find=Ocrevus")
    press_to(page, "Choose Ocrelizumab IV")
    keys.press("Enter")
    page.wait_for_selector("h1:has-text('Ocrelizumab IV')")
    press_to(page, "Prescriber")
    keys.type("Dr. Key")
    press_to(page, "Show the series")
    keys.press("Enter")
    page.wait_for_selector("text=Due 6 months after dose 1")
    press_to(page, "Save as treatment plan")
    keys.press("Enter")
    page.wait_for_url("**/book")
    press_to(page, "Doses due until")
    keys.type("06302026")
    press_to(page, "Show")
    keys.press("Enter")
    page.wait_for_url("**until=2026-06-30")
    press_to(page, "Book all 2")
    keys.press("Enter")
    page.wait_for_selector("h1:has-text('Kay Board')")
