"""Whole stories on a house of their own: real server, worker, mails and files; only the calendar is set."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chapters
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


@pytest.fixture(scope="module")
def operator(browser: Browser, house: House) -> Reader:
    """The one who runs the numbers, with the ground laid."""
    operator = sit_down(browser, house.url)
    chapters.lay_ground(operator, house)
    return operator


@pytest.mark.parametrize(("firm", "width"), [(CONSEIL, 1280), (ECOUTE, 360)], ids=["desktop", "phone"])
def test_from_signing_up_to_pay_that_is_proven(
    browser: Browser, house: House, operator: Reader, tmp_path: Path, firm: Firm, width: int
) -> None:
    owner = sit_down(browser, house.url, width=width)
    house.at(day(24, 9))
    chapters.sign_up(owner, house, firm)
    chapters.register(owner, firm)
    chapters.take_second_factor(owner, house)
    owner.sees("Tout commence par un numéro")
    chapters.add_switch(owner)
    chapters.take_on(owner, firm, tmp_path)
    for service in firm.numbers:
        chapters.enrol(owner, firm, service, tmp_path)
        chapters.approve(operator, firm, service)
        assert f"Dossier « {service} », {firm.name}\n\nVotre numéro est ouvert." in house.said()

    house.at(day(25, 14))
    chapters.give_log(owner, chapters.of(firm, LOG, tmp_path))
    owner.go_to("Tableau de bord")
    owner.sees_title("La promesse aujourd’hui")
    owner.sees("61 appels tenus sur 94 reçus")
    chapters.read_a_late_call(owner)

    house.at(day(26, 9))
    chapters.close_day(operator)
    owner.go_to("Tableau de bord")
    owner.sees("0 % prouvés")
    owner.sees("Retenu jusqu’à preuve 4,33 €")

    house.at(day(5, 10, month=12))
    chapters.give_pay(owner, chapters.of(firm, DSN, tmp_path))
    owner.go_to("Tableau de bord")
    owner.sees("100 % prouvés")
    owner.sees("Retenu jusqu’à preuve 0,00 €")
    assert owner.faults + operator.faults == []
