"""The board in Chromium: keyboard, refresh in place, lock, undo, and what axe says in both themes."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from scheduler.web.desk.board_view import BoardView, Choice, build
from scheduler.web.desk.panel_view import PanelCheck, PanelFacts, build_panel
from tests.factories.board import at, make_day_facts
from tests.web.bare_pages import FakeLinks, render
from tests.web.served_pages import Answer, Site, served

pytestmark = pytest.mark.browser
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ME = UUID(int=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@dataclass(slots=True)
class Desk:
    """A served board whose facts a test changes under the open page."""

    site: Site
    board: BoardView
    theme: str = "light"
    etag: str = '"1"'
    away: bool = False
    undo: object = None

    def answer(self, fragment: bool) -> Answer:
        """Answer the page or its fragment, as the app does."""
        if self.away:
            return Answer("", status=503)
        template = "desk/_board.html" if fragment else "desk/day.html"
        panel = build_panel(self.board.selected, FACTS) if self.board.selected else None
        html = render(
            template,
            theme=self.theme,
            board=self.board,
            panel=panel,
            links=FakeLinks(),
            etag=self.etag,
            undo=self.undo,
        )
        return Answer(html, self.etag)


FACTS = PanelFacts(
    born="June 4, 1987",
    mrn="40-118-265",
    allergies="latex, hives",
    window="Mar 17 – Mar 24, due today",
    first_dose=True,
    checks=(
        PanelCheck(words="Order", value="to Sep 1"),
        PanelCheck(tone="wait", icon="clock", words="Infection check", small="at the chair"),
    ),
    undo_step="arrive",
)


@pytest.fixture
def desk() -> Iterator[Desk]:
    site = Site()
    desk = Desk(site, build(make_day_facts(), Choice()))
    site.pages["/day"] = desk.answer
    with served(site):
        yield desk


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    yield page
    page.close()
    assert [line for line in problems if "503" not in line] == []


def opened(page: Page, desk: Desk) -> Page:
    page.goto(f"{desk.site.url}/day")
    page.wait_for_selector("[data-visit][tabindex='0']")
    return page


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.title")).split(",")[0]


def focus_first(page: Page) -> None:
    page.focus("[data-visit][tabindex='0']")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("selected", [None, ME])
def test_axe_finds_nothing(page: Page, desk: Desk, theme: str, selected: UUID | None) -> None:
    desk.theme = theme
    desk.board = build(make_day_facts(), Choice(selected=selected))

    opened(page, desk)

    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("width", [390, 768, 1280, 1440, 1920])
def test_no_width_scrolls_sideways(page: Page, desk: Desk, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(f"{desk.site.url}/day")

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_board_is_one_stop_of_the_tab_key(page: Page, desk: Desk) -> None:
    opened(page, desk)

    assert page.locator("[data-visit][tabindex='0']").count() == 1
    assert page.locator("[data-visit][tabindex='-1']").count() == 25


def test_arrows_go_along_a_chair_and_to_the_nearest_visit_of_the_next(
    page: Page, desk: Desk
) -> None:
    opened(page, desk)
    focus_first(page)
    names = []

    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp", "Home"):
        page.keyboard.press(key)
        names.append(focused(page))

    assert names == [
        "Gus Pemberton",
        "Hana Kowalczyk",
        "June Abernathy",
        "Hana Kowalczyk",
        "Nora Feldhaus",
    ]


def test_n_goes_to_what_needs_a_person_and_back(page: Page, desk: Desk) -> None:
    opened(page, desk)
    focus_first(page)

    page.keyboard.press("n")
    first = focused(page)
    page.keyboard.press("n")
    second = focused(page)
    page.keyboard.press("Shift+N")

    assert (first, second, focused(page)) == ("Ines Calloway", "Amara Dunleavy", "Ines Calloway")


def test_enter_shows_the_details_without_leaving_the_page(page: Page, desk: Desk) -> None:
    opened(page, desk)
    desk.board = build(make_day_facts(), Choice(selected=ME))
    page.focus(f"#v-{ME}")

    page.keyboard.press("Enter")
    page.wait_for_selector("text=latex, hives")
    page.wait_for_selector(f"#v-{ME}:focus")

    assert focused(page) == "Imani Castellan"
    assert desk.site.seen[-1] == f"fragment /day?visit={ME}"


def test_s_takes_the_next_step_with_version_and_token(page: Page, desk: Desk) -> None:
    opened(page, desk)
    page.focus(f"#v-{ME}")

    page.keyboard.press("s")
    page.wait_for_selector("text=Done")

    posted = [line for line in desk.site.seen if line.startswith("post")]
    assert posted == [f"post /day?visit={ME} csrf_token=token&step=in_chair&version=1"]


def test_question_mark_shows_the_keys_and_escape_puts_them_away(page: Page, desk: Desk) -> None:
    opened(page, desk)
    focus_first(page)

    page.keyboard.press("?")
    shown = page.locator("#keys").is_visible()
    page.keyboard.press("Escape")

    assert shown
    assert not page.locator("#keys").is_visible()


def refresh(page: Page) -> None:
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_change_by_someone_else_appears_and_focus_stays(page: Page, desk: Desk) -> None:
    opened(page, desk)
    page.focus(f"#v-{ME}")
    desk.board = build(make_day_facts(now=at("10:55")), Choice())
    desk.etag = '"2"'

    refresh(page)
    page.wait_for_selector("text=30 min over")

    assert focused(page) == "Imani Castellan"
    assert "Amara Dunleavy" in (page.locator("#live").text_content() or "")
    assert page.locator(".is-changed").count() > 0


def test_nothing_new_leaves_the_page_alone(page: Page, desk: Desk) -> None:
    opened(page, desk)
    page.evaluate("document.querySelector('.day-main').dataset.mine = 'yes'")

    with page.expect_response(lambda answer: answer.status == 304):
        refresh(page)

    assert page.get_attribute(".day-main", "data-mine") == "yes"


def test_a_server_that_is_away_is_said_in_one_line(page: Page, desk: Desk) -> None:
    opened(page, desk)
    desk.away = True

    refresh(page)
    page.wait_for_selector("text=Board is read only until the connection is back.")

    desk.away = False
    refresh(page)
    page.wait_for_selector("[data-away]", state="hidden")


def test_slash_goes_to_the_find_box(page: Page, desk: Desk) -> None:
    opened(page, desk)

    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.name") == "q"


@dataclass(frozen=True, slots=True)
class FakeUndo:
    words: str = "Leila Novak moved to 11:15."
    url: str = "/undo/7"
    seconds: int = 24


def test_z_undoes_while_there_is_time(page: Page, desk: Desk) -> None:
    desk.undo = FakeUndo()
    opened(page, desk)
    page.wait_for_selector("text=Undo for 23 s.")

    page.keyboard.press("z")
    page.wait_for_selector("text=Done")

    assert desk.site.seen[-1].startswith("post /undo/7 csrf_token=token")


def test_the_undo_bar_leaves_when_the_time_is_over(page: Page, desk: Desk) -> None:
    desk.undo = FakeUndo(seconds=1)
    opened(page, desk)

    page.wait_for_selector(".undo", state="detached")


def test_an_idle_page_locks_and_keeps_what_was_typed(page: Page, desk: Desk) -> None:
    page.clock.install()
    page.goto(f"{desk.site.url}/day")
    page.fill(".app-find input", "Nov")
    page.wait_for_timeout(200)

    page.clock.fast_forward("16:00")
    page.wait_for_selector("dialog.lock")
    page.fill("dialog.lock input[name=password]", "correct horse")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog.lock", state="detached")

    assert page.input_value(".app-find input") == "Nov"
    assert any(line.startswith("post /session/unlock") for line in desk.site.seen)
