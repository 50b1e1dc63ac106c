"""Whole stories on a house of their own: real server, worker, mails and files; only the calendar is set."""

import pytest
from playwright.sync_api import Browser

from tests.browser import chapters
from tests.browser.chapters import Firm, day
from tests.browser.house import House
from tests.browser.reader import sit_down

FIRMS = {
    1280: Firm("Allô Conseil", "999999006", "gerante@allo-conseil.example", ("0892690001", "0892690002")),
    360: Firm("Renfort Écoute", "999999105", "gerant@renfort-ecoute.example", ("0892690101", "0892690102")),
}


@pytest.mark.parametrize("width", FIRMS)
def test_from_signing_up_to_pay_that_is_proven(browser: Browser, house: House, width: int) -> None:
    firm = FIRMS[width]
    owner = sit_down(browser, house.url, width=width)
    house.at(day(24, 9))
    chapters.sign_up(owner, house, firm)
    chapters.register(owner, firm)
    chapters.take_second_factor(owner, house)
    owner.sees_title("Tout est prêt")
    assert owner.faults == []
