"""A real server on 127.0.0.1 and a real Chromium before it; nothing else on the network is reached."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.browser.chromium import FLAGS, executable
from tests.conftest import ROOT

Serve = Callable[..., str]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start the dashboard on a free port, over a data folder of one's own where one is named; return its address.

    `more` is added to its environment."""
    running: list[subprocess.Popen[bytes]] = []

    def start(data: Path | None = None, **more: str) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = tmp_path_factory.mktemp("server") / "log.txt"
        environment = {**os.environ, "TAPELINE_DATA": str(data) if data else "", **more}
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
        with log.open("wb") as out:
            process = subprocess.Popen([*command, "--server.address=127.0.0.1"], cwd=ROOT, env=environment, stdout=out, stderr=out)
        running.append(process)
        address = f"http://127.0.0.1:{port}"
        for _ in range(240):
            if process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                    return address
            except OSError:
                time.sleep(0.25)
        pytest.fail(f"The server did not start:\n{log.read_text()}")

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(10)


@pytest.fixture(scope="session")
def address(serve: Serve) -> str:
    """The dashboard over the shipped data."""
    return serve()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests."""
    path = executable()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


Open = Callable[..., Page]


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """One window for all tests: a page that opens in a tab that is there already need not compile Streamlit's scripts again."""
    context = browser.new_context(accept_downloads=True)
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def open_page(window: BrowserContext) -> Iterator[Open]:
    """Open an address as a new visitor, in some width and theme; fail where the page asks anybody else for anything.

    Nothing but compiled scripts and cached files is left of the test before: no cookie, no storage, no permission, no route, no second tab.
    """
    strangers: list[str] = []
    used: list[Page] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            strangers.append(request.url)

    def opened(url: str, width: int = 1440, height: int = 900, theme: str = "light") -> Page:
        spare = [page for page in window.pages if page not in used]
        page = spare[0] if spare else window.new_page()
        used.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.goto(url)
        settle(page)
        return page

    window.on("request", note)
    yield opened
    window.remove_listener("request", note)
    for page in window.pages[1:]:
        page.close()
    for page in window.pages:
        page.unroute_all(behavior="ignoreErrors")
        page.mouse.move(0, 0)
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
    window.clear_cookies()
    window.clear_permissions()
    assert strangers == [], "the page asked somebody else"


UNFINISHED = "[data-testid=stSkeleton], .tapeline-plot[data-state=loading], .tapeline-plot[data-state=drawing]"


def settle(page: Page) -> None:
    """Wait until the script has run and what it drew stands still."""
    page.wait_for_selector("[data-testid=stMain] h1")
    quiet = 0
    for _ in range(300):
        state = page.get_attribute("[data-testid=stApp]", "data-test-script-state")
        quiet = quiet + 1 if state == "notRunning" and not page.locator(UNFINISHED).count() else 0
        if quiet >= 6:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the page did not come to rest within 30 seconds")
