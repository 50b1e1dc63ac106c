"""Debian's Chromium, driven by Playwright: where it is, and one sentence when it is not."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# A container has neither the rights for Chromium's sandbox nor a /dev/shm of any size.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
MISSING = "Chromium is missing: « apt-get install chromium », or set CHROMIUM to its path"


def find_chromium() -> str | None:
    """The browser named by CHROMIUM, else the one on the path."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return wanted if os.access(wanted, os.X_OK) else None
    return shutil.which("chromium")


@contextmanager
def started(path: str, *more: str) -> Iterator[Browser]:
    """A browser without a window, with more of its own options; ended afterwards."""
    # Playwright's loop runs in this thread; Django would take every query beside it for one inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *more])
        try:
            yield browser
        finally:
            browser.close()
