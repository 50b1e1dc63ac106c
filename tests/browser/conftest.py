"""A browser for the tests that need one; without it they are skipped, or fail where nobody may skip them."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from illico_platform.chromium import MISSING, find_chromium, started
from tests.browser.house import House

# A camera that shows a clock, a microphone that beeps; who is asked for them says yes.
FAKE_DEVICES = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with started(path, *FAKE_DEVICES) as browser:
        yield browser


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for all stories; each has a company of its own in it."""
    house = House(tmp_path_factory.mktemp("house"))
    try:
        house.move_in()
        yield house
        if "Traceback" in house.said():
            pytest.fail(house.said()[-5000:], pytrace=False)
    finally:
        house.leave()
