"""The wage share in the space: who sees it, and that every figure is what stands behind it."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents.models import Verdict
from billing.models import FundMonth, Line, RatedDay
from billing.services.release_fund import release_company
from numbers.models import Membership, User
from tests.admin_rows import DAY, SINCE, declare_pay, run_stages, store_day
from tests.cast import RIVAL_SIREN, SIREN, Cast

NOVEMBER = date(2026, 11, 1)
NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


@pytest.fixture
def people(cast: Cast) -> dict[str, Client]:
    found = {}
    for name, company, role in (
        ("manager", cast.company, "manager"),
        ("supervisor", cast.company, "supervisor"),
        ("agent", cast.company, "agent"),
        ("rival", cast.rival, "manager"),
    ):
        user = User.objects.create_user(f"{name}@people.example", "un mot de passe long")
        Membership.objects.create(user=user, company=company, role=role)
        found[name] = Client()
        found[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return found


@pytest.fixture
def boss(people: dict[str, Client]) -> Client:
    return people["manager"]


@pytest.fixture
def month(cast: Cast) -> FundMonth:
    """A month of two numbers, half of whose due is proven; one payslip names nobody."""
    store_day(cast)
    store_day(cast, number="0892690002", copies=2)
    declare_pay(cast, gross="0.20", agents=("A001", "A002", "X1"))
    run_stages(cast)
    return FundMonth.objects.get(company=cast.company)


def at(route: str, **kwargs: Any) -> str:
    return reverse(f"portal:{route}", kwargs={"siren": SIREN, **kwargs})


def test_each_role_enters_what_it_may(month: FundMonth, people: dict[str, Client]) -> None:
    pages = [at("wages"), at("wages_month", month="2026-11"), at("wages_file")]
    for name, status in {"manager": 200, "supervisor": 403, "agent": 403, "rival": 404}.items():
        assert {people[name].get(page).status_code for page in pages} == {status}, name
    rival = reverse("portal:wages_month", kwargs={"siren": RIVAL_SIREN, "month": "2026-11"})
    assert people["rival"].get(rival).status_code == 404


def test_the_months_figures_are_the_ledgers(month: FundMonth, boss: Client) -> None:
    assert (month.credited, month.proven, month.missing) == (
        Decimal("0.40"),
        Decimal("0.40"),
        month.due - Decimal("0.40"),
    )
    context = boss.get(at("wages_month", month="2026-11")).context
    lines = Line.objects.filter(account_id="4672", company=month.company)
    held, released = sum(line.credit for line in lines), sum(line.debit for line in lines)
    assert [(count, amount) for _, count, amount in context["kinds"]] == [(2, held), (1, released)]
    assert (held, released) == (month.held, month.released)
    assert len(context["entries"]) == 3
    assert sum(due for *_, due in context["numbers"]) == month.due
    assert sum(base for *_, base, _ in context["numbers"]) == month.base
    calls = {each.number.pk: each.calls for each, *_ in context["numbers"]}
    rated = RatedDay.objects.filter(company=month.company)
    assert calls == dict(rated.values_list("number_id", "calls"))


def test_the_pay_behind_the_credit_is_shown_agent_by_agent(cast: Cast, month: FundMonth, boss: Client) -> None:
    cast.agents["A002"].is_call_centre = False
    cast.agents["A002"].save()
    context = boss.get(at("wages_month", month="2026-11")).context
    rows = {row.agent.employee_number if row.agent else "": row for row in context["pay"]}
    assert {name: (row.gross, row.counted, row.why_not) for name, row in rows.items()} == {
        "A001": (Decimal("0.20"), Decimal("0.20"), None),
        "A002": (Decimal("0.20"), Decimal(0), "not_call_centre"),
        "": (Decimal("0.20"), Decimal(0), "no_agent"),
    }
    answered = Verdict.objects.filter(agent=cast.agents["A001"], month=NOVEMBER).count()
    assert rows["A001"].answered.calls == answered == 3
    assert [agent.employee_number for agent, _ in context["unpaid"]] == ["A003", "A900"]


def test_pay_proves_earlier_months_before_its_own(cast: Cast, boss: Client) -> None:
    for day in (date(2026, 10, 12), DAY):
        store_day(cast, day=day)
    run_stages(cast)
    october, november = FundMonth.objects.filter(company=cast.company).order_by("month")
    declare_pay(cast, gross=f"{october.due + Decimal('0.10')}", agents=("A001",))
    release_company(company_id=cast.company.pk, until=DAY, since=SINCE, now=NOW)
    november.refresh_from_db()
    assert (november.proven, november.missing) == (Decimal("0.10"), november.due - Decimal("0.10"))
    assert november.still_missing == november.missing
    text = boss.get(at("wages_month", month="2026-11")).content.decode()
    assert "La paie prouve d’abord ce qui manquait aux mois d’avant." in text


def test_the_list_shows_the_year_and_the_policy(month: FundMonth, boss: Client) -> None:
    page = boss.get(at("wages"))
    text = page.content.decode().replace("\u202f", " ")
    assert page.context["held"] == month.held - month.released
    assert "Règle « 60 % », version 1" in text
    assert "le prix des appels facturés, hors taxes" in text
    assert "Il manque encore" in text


def test_a_covered_month_says_so(cast: Cast, month: FundMonth, boss: Client) -> None:
    declare_pay(cast, gross="2000.00", agents=("A004",))
    release_company(company_id=cast.company.pk, until=DAY, since=SINCE, now=NOW)
    page = boss.get(at("wages_month", month="2026-11"))
    assert sorted(event.kind for event in page.context["events"]) == ["declared", "declared", "release", "release"]
    text = page.content.decode().replace("\u202f", " ")
    due = f"{month.due}".replace(".", ",")
    assert f"{due} € dus aux salaires, couverts par 2 000,40 € de paie déclarée. Libéré : {due} €" in text


def test_the_file_holds_the_companys_months_alone(cast: Cast, month: FundMonth, boss: Client) -> None:
    FundMonth.objects.create(
        company=cast.rival, month=NOVEMBER, policy=month.policy, base=1, due=1, held=1, credited=0, balance=-1,
        carried_in=0, carried_out=-1, released=0, year_due=1, year_credited=0,
    )  # fmt: skip
    answer = boss.get(at("wages_file"))
    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    assert [(row["siren"], row["month"], row["due"], row["released"]) for row in rows] == [
        (SIREN, "2026-11", str(month.due), str(month.released))
    ]
    assert answer["Content-Type"].startswith("text/csv")


def test_an_empty_space_says_what_will_stand_there(cast: Cast, boss: Client) -> None:
    assert "Ici se tiendra, mois par mois" in boss.get(at("wages")).content.decode()
    assert boss.get(at("wages_month", month="2026-11")).status_code == 404
    assert boss.get(at("wages_month", month="demain")).status_code == 404
    assert boss.get(at("wages_file")).status_code == 404
