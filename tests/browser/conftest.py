"""Chromium on the real application; a request that would leave this machine fails the test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    sync_playwright,
)

from scheduler.persistence.database import Database
from scheduler.web.gatekeepers import COOKIE
from tests.browser.small_center import SmallCenter, small_center

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
Theme = Literal["light", "dark"]
OpenPage = Callable[..., Page]


@dataclass
class Guard:
    """Notes what a page must never do."""

    url: str
    faults: list[str] = field(default_factory=list)

    def look(self, route: Route) -> None:
        """Let a request through to this machine, and stop every other."""
        parts = urlsplit(route.request.url)
        if parts.scheme == "data" or f"{parts.scheme}://{parts.netloc}" == self.url:
            route.continue_()
        else:
            self.faults.append(f"asked for {route.request.url}")
            route.abort()

    def hear(self, message: ConsoleMessage) -> None:
        """Note complaints, as of the content policy; a status of 4xx is none."""
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def watch(self, context: BrowserContext) -> None:
        """Look at all that a browser does."""
        context.route("**/*", self.look)
        context.on("console", self.hear)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of Debian."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(sqlite_database: Database, tmp_path: Path) -> Iterator[SmallCenter]:
    """A small center, served; see ``SmallCenter`` for what is in it."""
    with small_center(sqlite_database, tmp_path) as center:
        yield center


@pytest.fixture
def open_page(browser: Browser, site: SmallCenter) -> Iterator[OpenPage]:
    """Call it for a page: ``open_page(width=390, height=844, theme="dark", script=False, staff=True)``."""
    guard, contexts = Guard(site.url), []

    def opened(
        *,
        width: int = 1440,
        height: int = 900,
        theme: Theme = "light",
        script: bool = True,
        staff: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            java_script_enabled=script,
        )
        contexts.append(context)
        guard.watch(context)
        if staff:
            context.add_cookies([{"name": COOKIE, "value": site.session(), "url": site.url}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert guard.faults == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A phone that belongs to nobody in particular."""
    return open_page(width=390, height=844)
