"""Find a real Chromium for the browser tests, or get one, or say exactly what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
HELP = """No Chromium was found for the browser tests, and none could be installed:
{tried}
Do one of these, then run `make test` again:
  - install Chromium or Google Chrome (Debian, Ubuntu: sudo apt-get install chromium);
  - let Playwright fetch its own: .venv/bin/python -m playwright install --with-deps chromium;
  - name one: CHROMIUM=/path/to/chrome make test"""


def executable() -> str:
    """Return the path of a Chromium: CHROMIUM, an installed one, Playwright's, or Debian's package installed now.

    Raises RuntimeError with what was tried and what to do.
    """
    if named := os.environ.get("CHROMIUM"):
        if Path(named).is_file():
            return named
        raise RuntimeError(f"CHROMIUM names {named}, which is no file. Correct it, or unset it so that one is looked for.")
    tried = []
    for way in (_installed, _of_playwright, _from_playwright, _from_debian):
        if found := way():
            return found
        tried.append(f"  - {(way.__doc__ or '').split('.')[0]}: no")
    raise RuntimeError(HELP.format(tried="\n".join(tried)))


def _installed() -> str | None:
    """An installed Chromium or Chrome."""
    return next(filter(None, (*map(shutil.which, NAMES), *(name for name in APPLICATIONS if Path(name).is_file()))), None)


def _of_playwright() -> str | None:
    """A Chromium that Playwright installed before."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def _from_playwright() -> str | None:
    """Playwright's Chromium, downloaded now."""
    return _of_playwright() if _done([sys.executable, "-m", "playwright", "install", "chromium"]) else None


def _from_debian() -> str | None:
    """Debian's package, installed now where this user may."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    ready = _done(["apt-get", "update", "-qq"], quiet) and _done(["apt-get", "install", "-y", "-qq", "chromium"], quiet)
    return _installed() if ready else None


def _done(command: list[str], environment: dict[str, str] | None = None, run: Callable[..., object] = subprocess.run) -> bool:
    try:
        run(command, env=environment, check=True, capture_output=True, timeout=600)
    except (OSError, subprocess.SubprocessError):
        return False
    return True
