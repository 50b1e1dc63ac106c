"""A browser for the tests that need one; without it they are skipped, or fail where nobody may skip them."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from illico_platform.chromium import MISSING, find_chromium, started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with started(path) as browser:
        yield browser
