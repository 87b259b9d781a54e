"""The Chromium of this machine, driven by Playwright. `python -m tests.support.browser` starts it and says which."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

OVERRIDE = "VIGIE_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# No sandbox, because the tests may be root; nothing in the background, because a browser that calls home from a
# closed network fills the log with refusals.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class ChromiumUnavailable(Exception):
    """No Chromium on this machine. The message says what to run."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}\n`make test` installs one; or name one: {OVERRIDE}=/path/to/chromium make test")


def find() -> Path:
    """The browser that the tests use: VIGIE_CHROMIUM, else the system's, else the one Playwright downloaded.

    Raises ChromiumUnavailable, also for a program that does not start (Ubuntu's `chromium-browser` package is only a
    pointer to a snap).
    """
    given = os.environ.get(OVERRIDE)
    if given:
        if not _starts(Path(given)):
            raise ChromiumUnavailable(f"{OVERRIDE} names {given}, which does not start.")
        return Path(given)
    for candidate in _candidates():
        if _starts(candidate):
            return candidate
    raise ChromiumUnavailable(f"No working Chromium found (looked for {', '.join(NAMES)}, and Playwright's own).")


@contextmanager
def running() -> Iterator[Browser]:
    """A headless Chromium, closed at the end of the block."""
    executable = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, headless=True, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def _candidates() -> Iterator[Path]:
    for name in NAMES:
        if found := shutil.which(name):
            yield Path(found)
    with sync_playwright() as playwright:
        yield Path(playwright.chromium.executable_path)


def _starts(program: Path) -> bool:
    if not program.is_file():
        return False
    asked = subprocess.run([program, "--version"], capture_output=True, timeout=60)
    return asked.returncode == 0


def main() -> None:
    """Start Chromium, as the tests will, and say which one it is; exit with 1 and the reason when that fails."""
    try:
        with running() as browser:
            print(f"Chromium {browser.version}")
    except ChromiumUnavailable as fault:
        sys.exit(f"error: {fault}")


if __name__ == "__main__":
    main()
