"""Jobs that calls pay for, on the pages of the company, the caller and the operator; and pay that counts in part."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents.models import Payslip, WorkDay
from billing.models import WagePolicy
from billing.services.count_jobs import count_jobs
from tests.admin_rows import DAY, NOW, SINCE, declare_pay, run_stages, store_day
from tests.cast import RIVAL_SIREN, SIREN, Cast
from tests.edges.portal import signed_in
from tests.scenarios.test_pay import LOADED

DECEMBER = NOW + timedelta(days=20)


def at(route: str, **kwargs: Any) -> str:
    return reverse(f"portal:{route}", kwargs={"siren": SIREN, **kwargs})


def text(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return page.content.decode().replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def paid(cast: Cast) -> Cast:
    """A001 and A002, full time in Lille, both heard on one number."""
    store_day(cast)
    declare_pay(cast, gross="2000.00", agents=("A001", "A002"))
    Payslip.objects.update(hours_paid="151.67", workplaces=["59350"])
    run_stages(cast)
    count_jobs(company_id=cast.company.pk, day=DAY, since=SINCE, now=NOW)
    return cast


def test_each_role_sees_the_jobs_that_it_may(paid: Cast) -> None:
    for role, status in (("manager", 200), ("supervisor", 403), ("agent", 403)):
        with signed_in(paid.people[role], at=NOW) as client:
            assert client.get(at("jobs")).status_code == status
            assert client.get(reverse("portal:jobs", kwargs={"siren": RIVAL_SIREN})).status_code == 404


def test_the_page_tells_jobs_places_numbers_and_what_is_not_counted(paid: Cast) -> None:
    with signed_in(paid.people["manager"], at=NOW) as client:
        shown = text(client, at("jobs"))
        assert '<p class="big mid">2,00</p>' in shown
        assert "Nord" in shown
        assert "303,34" in shown
        assert "Elle est de 151,67 h." in shown
        assert "1 bulletin sans heures" not in shown
        Payslip.objects.filter(agent=paid.agents["A002"]).update(hours_paid=None)
        Payslip.objects.filter(agent=paid.agents["A001"]).update(workplaces=["99127"])
        count_jobs(company_id=paid.company.pk, day=DAY, since=SINCE, now=NOW)
        shown = text(client, at("jobs"))
        assert '<p class="big mid">0,00</p>' in shown
        assert "Hors de France" in shown
        assert "1 bulletin sans heures" in shown
        assert "Ce mois n’est pas complet" in shown


def test_callers_see_the_jobs_of_a_number_once_its_month_is_over_and_whole(paid: Cast, time_machine: Any) -> None:
    address = reverse("public_number", args=["0892690001"])
    line = "2,00 équivalents temps plein en France en novembre 2026 : Nord 2,00."
    time_machine.move_to(NOW, tick=False)
    assert line not in text(Client(), address)
    time_machine.move_to(DECEMBER, tick=False)
    assert line in text(Client(), address)
    Payslip.objects.filter(agent=paid.agents["A002"]).update(hours_paid=None)
    count_jobs(company_id=paid.company.pk, day=DAY, since=SINCE, now=NOW)
    time_machine.move_to(DECEMBER + timedelta(days=1), tick=False)
    assert "équivalents temps plein" not in text(Client(), address)


def test_the_operator_sees_the_sum_with_its_definition(paid: Cast) -> None:
    client = Client()
    client.force_login(paid.admin, backend="django.contrib.auth.backends.ModelBackend")
    shown = text(client, reverse("admin:billing_jobmonth_changelist"))
    assert "Novembre 2026 · 2,00 équivalents temps plein" in shown
    assert "rapportées à la durée légale mensuelle" in shown


def test_a_month_of_pay_shows_how_each_payslip_counts(paid: Cast) -> None:
    WagePolicy.objects.update(numerator="LOADED", counting="PRORATA")
    lines = {code: str(Decimal(cents) / 100) for code, cents in LOADED}
    Payslip.objects.filter(agent=paid.agents["A001"]).update(contributions=lines)
    WorkDay.objects.create(
        company=paid.company, agent=paid.agents["A001"], day=date(2026, 11, 2), logged_ms=75 * 3_600_000, paused_ms=0,
        first_in=NOW, last_out=NOW,
    )  # fmt: skip
    run_stages(paid)
    with signed_in(paid.people["manager"], at=NOW) as client:
        shown = text(client, at("payroll_month", month="2026-11"))
        assert "employeur : 1,10 €" in shown
        assert "part inconnue : 0,20 €" in shown
        assert "75,00 h connectées sur 151,67 payées" in shown
        assert "989,53 €" in shown  # 2,001.10 × 75 / 151.67
        assert "rien : temps connecté inconnu" in shown
        month = text(client, at("wages_month", month="2026-11"))
        assert "0,20 € de cotisations sont déclarés sans dire la part de l’employeur" in month
        assert "1 bulletin ne compte pas" in month
        assert "au moins 989,53 €" in month
        assert "en proportion : temps connecté" in month
