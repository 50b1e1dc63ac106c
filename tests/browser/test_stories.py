"""Whole stories on a house of their own: real server, worker, mails and files; only the calendar is set."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chapters, keyboard
from tests.browser.chapters import Firm, day
from tests.browser.house import House
from tests.browser.reader import Reader, sit_down
from tests.machine import ROOT

LOG, DSN = ROOT / "sample/evening/queue_log", ROOT / "sample/payroll/allo_conseil_2026_11.dsn"
CONSEIL = Firm(
    "Allô Conseil", "999999006", "gerante@allo-conseil.example",
    {"Conseil juridique": "0892690001", "Conseil jardin": "0892690002"},
)  # fmt: skip
ECOUTE = Firm(
    "Renfort Écoute", "999999105", "gerant@renfort-ecoute.example",
    {"Écoute et orientation": "0892690101", "Aide aux démarches": "0892690102"},
)  # fmt: skip


@dataclass
class Stories:
    """The operator's office, and the companies whose evening has been told, each once."""

    browser: Browser
    house: House
    operator: Reader
    papers: Path
    owners: dict[str, tuple[Reader, str]] = field(default_factory=dict)

    def evening_of(self, firm: Firm, *, width: int = 1280) -> tuple[Reader, str]:
        """A company from signing up to its first evening: its owner at a screen, and the key on their phone."""
        if firm.siren not in self.owners:
            self.owners[firm.siren] = self._told(firm, width)
        return self.owners[firm.siren]

    def _told(self, firm: Firm, width: int) -> tuple[Reader, str]:
        owner = sit_down(self.browser, self.house.url, width=width)
        self.house.at(day(24, 9))
        chapters.sign_up(owner, self.house, firm)
        chapters.register(owner, firm)
        secret = chapters.take_second_factor(owner, self.house)
        owner.sees("Tout commence par un numéro")
        chapters.add_switch(owner)
        chapters.take_on(owner, firm, self.papers)
        for service in firm.numbers:
            chapters.enrol(owner, firm, service, self.papers)
            chapters.approve(self.operator, firm, service)
            assert f"Dossier « {service} », {firm.name}\n\nVotre numéro est ouvert." in self.house.said()
        self.house.at(day(25, 14))
        chapters.give_log(owner, chapters.of(firm, LOG, self.papers))
        return owner, secret


@pytest.fixture(scope="module")
def stories(browser: Browser, house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stories]:
    operator = sit_down(browser, house.url)
    chapters.lay_ground(operator, house)
    yield Stories(browser, house, operator, tmp_path_factory.mktemp("papers"))
    for context in browser.contexts:
        context.close()


@pytest.mark.parametrize(("firm", "width"), [(CONSEIL, 1280), (ECOUTE, 360)], ids=["desktop", "phone"])
def test_from_signing_up_to_pay_that_is_proven(stories: Stories, firm: Firm, width: int) -> None:
    owner, _secret = stories.evening_of(firm, width=width)
    owner.go_to("Tableau")
    owner.sees_title("La promesse aujourd’hui")
    owner.sees("61 appels tenus sur 94 reçus")
    chapters.read_a_late_call(owner)

    stories.house.at(day(26, 9))
    chapters.close_day(stories.operator)
    owner.go_to("Tableau")
    owner.sees("0 % prouvés")
    owner.reads("Retenu jusqu’à preuve", "4,33 €")

    stories.house.at(day(5, 10, month=12))
    chapters.give_pay(owner, chapters.of(firm, DSN, stories.papers))
    owner.go_to("Tableau")
    owner.sees("100 % prouvés")
    owner.reads("Retenu jusqu’à preuve", "0,00 €")
    assert owner.faults + stories.operator.faults == []


def test_by_keyboard_alone(stories: Stories) -> None:
    _owner, secret = stories.evening_of(CONSEIL)
    stories.house.at(day(7, 9, month=12))
    typist = sit_down(stories.browser, stories.house.url)
    keyboard.sign_in(typist, stories.house, CONSEIL, secret)
    keyboard.enrol(typist, CONSEIL, "Conseil couture", "0892690003", stories.papers)
    keyboard.give_log(typist, LOG)
    typist.sees("Ce fichier est déjà importé")
    assert typist.faults == []


def test_in_english(stories: Stories) -> None:
    _owner, secret = stories.evening_of(CONSEIL)
    stories.house.at(day(7, 10, month=12))
    reader = sit_down(stories.browser, stories.house.url, language="en")
    reader.open("/espace/")
    reader.sees_title("Sign in")
    reader.fill("Email", CONSEIL.owner)
    reader.fill("Password", "not this one")
    reader.press("Sign in")
    reader.sees("The address or the password is wrong.")
    reader.fill("Password", chapters.PASSWORD)
    reader.press("Sign in")
    reader.sees_title("Your second factor")
    reader.fill("Code", stories.house.code_of_phone(secret))
    reader.press("Continue")
    reader.sees_title("The promise on 25 November")
    reader.sees("64.9%")
    reader.sees("61 calls kept out of 94 received")
    reader.sees("€8.66")
    reader.press("2 calls")
    reader.page.get_by_role("row", name="Too late").get_by_role("link").first.click()
    reader.sees_title("Too late")
    reader.sees("Wednesday 25 November 2026")
    reader.sees("The promise was not kept: the caller pays nothing for the service.")
    reader.go_to("Imports")
    reader.press("Import a call log")
    reader.press("Import")
    reader.sees("One answer needs checking")
    reader.sees("File: Choose a file.")
    assert reader.faults == []
