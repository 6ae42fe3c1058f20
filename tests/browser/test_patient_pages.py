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

    for path in (f"/v/{site.luz.secret}", f"/s/{site.ann.secret}", "/v/unknown"):
        page.goto(path)
        assert faults(page) == [], path
    enter(page, site.ann.secret)
    assert faults(page) == []
    page.click("[value=cannot_come]")
    page.wait_for_selector("text=We will call you to find another day")
    assert faults(page) == []


def test_everything_works_without_a_script(open_page: OpenPage, site: SmallCenter) -> None:
    page = open_page(width=390, height=844, script=False)

    enter(page, site.ann.secret)
    page.click("text=Yes, I will come")

    assert page.wait_for_selector("text=We know that you will come")


def test_a_phone_scrolls_down_only_and_hits_what_it_aims_at(page: Page, site: SmallCenter) -> None:
    enter(page, site.luz.secret)

    targets = page.locator("main button:visible, main summary:visible, header a:visible").all()
    heights = [box["height"] for each in targets if (box := each.bounding_box())]

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert len(heights) > 5
    assert min(heights) >= 44
