"""The pages behind a mail's link in Chromium: what axe says, at a phone and a desk, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, Theme
from tests.browser.small_center import SmallCenter

pytestmark = pytest.mark.browser


def enter(page: Page, secret: str, born: tuple[str, str, str] = ("6", "1", "1984")) -> None:
    page.goto(f"/v/{secret}")
    for name, typed in zip(("month", "day", "year"), born, strict=True):
        page.fill(f"[name={name}]", typed)
    page.click("main form button")
    page.wait_for_url(f"**/v/{secret}*")


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing(
    open_page: OpenPage, site: SmallCenter, width: int, theme: Theme
) -> None:
    page = open_page(width=width, height=844, theme=theme)

    page.goto(f"/v/{site.ann.secret}")
    assert faults(page) == []
    enter(page, site.ann.secret)
    assert page.locator("h1").count() == 1
    assert faults(page) == []
