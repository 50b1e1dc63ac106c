"""The dashboard: every figure equals what the rows say, leads to them, and is shown to those who may see it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from billing.models import Finding
from numbers.models import PremiumNumber
from tests.admin_rows import declare_pay, record_night, run_stages, store_day
from tests.cast import RIVAL_SIREN, Cast, prove
from tests.edges.portal import EVENING, THAT_NIGHT, look, play_evening, signed_in, text_of

NEXT_DAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def test_the_evening_kept_61_of_94(cast: Cast) -> None:
    rows = play_evening(cast)
    page = look(cast.people["manager"], "dashboard")
    rate = page.context["promise"].rate
    assert (rate.kept, rate.received, rate.strict_bp, rate.lenient_bp) == (61, 94, 6489, 7439)
    text = text_of(page)
    assert "La promesse aujourd’hui" in text
    for words in ("64,9 %", "74,4 %", "61 appels tenus", "94 reçus", "61 / (63 + 19 + 12) = 64,9 %", "61 / 82"):
        assert words in text
    waits = [row["wait_ms"] // 1000 for row in rows if row["outcome"] == "answered"]
    bins = Counter(min(wait // 5, 12) for wait in waits)
    assert page.context["promise"].histogram == [bins[rank] for rank in range(13)]
    assert f"Attente des {len(waits)} appels répondus" in text


@pytest.mark.parametrize(("name", "calls"), [("kept", 61), ("received", 94), ("missed", 33), ("charged", 61)])
def test_its_figures_lead_to_the_calls_behind_them(cast: Cast, name: str, calls: int) -> None:
    play_evening(cast)
    address = look(cast.people["manager"], "dashboard").context["links"][name]
    with signed_in(cast.people["manager"]) as client:
        assert client.get(address).context["paginator"].count == calls


def test_each_cause_says_how_many_and_what_helps(cast: Cast) -> None:
    rows = play_evening(cast)
    causes = look(cast.people["manager"], "dashboard").context["causes"]
    assert [(cause["kind"], cause["calls"]) for cause in causes] == [("unanswered", 19), ("abandoned", 12), ("late", 2)]
    left = [row["wait_ms"] for row in rows if row["outcome"] == "abandoned" and row["wait_ms"] < 60_000]
    mean = sum(left) // len(left) // 1000
    words = {cause["kind"]: cause["words"].replace("\u202f", " ") for cause in causes}
    assert f"attente moyenne {mean} s" in words["abandoned"]
    late = {row["wait_ms"] // 1000 for row in rows if row["outcome"] == "answered" and row["wait_ms"] >= 60_000}
    assert late == {60}
    assert "répondu après 60 s ·" in words["late"]
    assert "la file a renvoyé l’appelant" in words["unanswered"]
    with signed_in(cast.people["manager"]) as client:
        assert client.get(causes[0]["url"]).context["paginator"].count == 19


def test_revenue_and_wages_equal_the_worked_table(cast: Cast) -> None:
    play_evening(cast)
    page = look(cast.people["manager"], "dashboard")
    revenue = page.context["revenue"]
    assert (revenue.ttc_micros, revenue.calls) == (8_660_000, 61)
    assert page.context["fund"].month.due == Decimal("4.33")
    landing = page.context["landing"]
    # 25 days of November gave 4.33: thirty give 5.196.
    assert (landing["due"], landing["proven"], landing["missing"]) == (
        Decimal("5.20"),
        Decimal("0.00"),
        Decimal("5.20"),
    )
    text = text_of(page)
    assert "8,66 €" in text
    assert "4,33 € × 30 / 25 = 5,20 €" in text


def test_declared_pay_moves_the_gauge(cast: Cast) -> None:
    play_evening(cast)
    declare_pay(cast, gross="1.50", agents=("A001", "A002"))
    run_stages(cast, until=EVENING)
    page = look(cast.people["manager"], "dashboard")
    assert page.context["fund"].proven == Decimal("3.00")
    assert page.context["proven_share"] == 69  # 3.00 of 4.33
    assert page.context["landing"]["proven"] == Decimal("3.00")


def test_a_supervisor_sees_no_money_of_wages(cast: Cast) -> None:
    play_evening(cast)
    record_night(cast)
    Finding.objects.create(
        key="pay", kind="wage_short", severity="error", company=cast.company, title="Il manque 4,33 € de paie",
        action="a", first_seen_on=EVENING, last_seen_on=EVENING,
    )  # fmt: skip
    text = text_of(look(cast.people["supervisor"], "dashboard"))
    assert "4,33 €" not in text
    assert "sont montrés au gérant, au responsable et au comptable" in text
    assert "Constat unpriced" in text
    assert "4,33 €" in text_of(look(cast.people["manager"], "dashboard"))


def test_the_last_judged_day_is_shown_and_said(cast: Cast) -> None:
    play_evening(cast)
    text = text_of(look(cast.people["manager"], "dashboard", at=NEXT_DAY))
    assert "La promesse le 25 novembre" in text
    assert "voici le dernier jour jugé" in text
    assert "64,9 %" in text


def test_thirty_days_add_up_and_stand_day_by_day(cast: Cast) -> None:
    store_day(cast, day=EVENING - timedelta(days=3))
    store_day(cast, day=EVENING - timedelta(days=40))
    play_evening(cast)
    page = look(cast.people["manager"], "dashboard", query="periode=30")
    assert (page.context["promise"].rate.kept, page.context["promise"].rate.received) == (63, 101)
    assert [(bar["day"], bar["rate_bp"]) for bar in page.context["days"]["bars"]] == [
        (EVENING - timedelta(days=3), 2857),
        (EVENING, 6489),
    ]
    text = text_of(page)
    assert "La promesse sur 30 jours" in text
    assert "de 28,6 % le 22 novembre 2026 à 64,9 % le 25 novembre 2026" in text
    assert "surtout le 25 novembre (19)" in text


def test_before_the_first_call_it_says_what_to_do(cast: Cast) -> None:
    page = look(cast.people["manager"], "dashboard")
    assert "Importer un journal" in text_of(page)
    accountant = look(cast.people["accountant"], "dashboard")
    assert "Importer un journal" not in text_of(accountant)


def test_a_proof_that_ends_soon_is_to_do_unless_another_follows(cast: Cast) -> None:
    play_evening(cast)
    for name, days in (("A001", 7), ("A002", 31), ("A003", -2)):
        cast.agents[name].proofs.update(valid_until=THAT_NIGHT + timedelta(days=days, hours=1))
    cast.agents["A004"].proofs.update(valid_until=THAT_NIGHT + timedelta(days=7))
    prove(cast.agents["A004"])
    page = look(cast.people["manager"], "dashboard")
    assert [each.agent.employee_number for each in page.context["renewals"]] == ["A003", "A001"]
    text = text_of(page)
    assert "La preuve de lieu de <b>A001 Agent A001</b> vaut encore 8 jours, jusqu’au 02/12/2026" in text
    assert "La preuve de lieu de <b>A003 Agent A003</b> a expiré le 23/11/2026" in text


def test_worst_findings_first_and_only_the_companys(cast: Cast) -> None:
    play_evening(cast)
    record_night(cast)
    Finding.objects.create(
        key="rival", kind="k", severity="error", company=cast.rival, title="Chez la rivale", action="a",
        first_seen_on=EVENING, last_seen_on=EVENING,
    )  # fmt: skip
    page = look(cast.people["manager"], "dashboard")
    assert [finding.severity for finding in page.context["findings"]] == ["error", "warning", "info"]
    text = text_of(page)
    assert "Chez la rivale" not in text
    assert '<span class="count">3<' in text


@pytest.mark.parametrize(
    ("who", "status"),
    [("owner", 200), ("manager", 200), ("supervisor", 200), ("accountant", 200), ("agent", 403)],
)
def test_each_role_enters_or_not(cast: Cast, who: str, status: int) -> None:
    play_evening(cast)
    assert look(cast.people[who], "dashboard").status_code == status


def test_the_rival_finds_nothing_there_and_their_own_is_empty(cast: Cast) -> None:
    play_evening(cast)
    assert look(cast.rival_owner, "dashboard").status_code == 404
    own = look(cast.rival_owner, "dashboard", siren=RIVAL_SIREN)
    assert own.context["day"] is None
    assert look(None, "dashboard").status_code == 302


def test_the_operator_looks_and_is_told_so(cast: Cast) -> None:
    play_evening(cast)
    assert "lecture seule" in text_of(look(cast.admin, "dashboard"))


def test_english_figures(cast: Cast) -> None:
    play_evening(cast)
    text = text_of(look(cast.people["manager"], "dashboard", language="en"))
    for words in ("64.9%", "€8.66", "€4.33", '<html lang="en"'):
        assert words in text
    assert "64,9" not in text


def test_a_new_company_is_led_to_its_first_number(cast: Cast) -> None:
    assert "Importer un journal" in text_of(look(cast.people["manager"], "dashboard"))
    PremiumNumber.objects.filter(company=cast.company).update(company=cast.rival)
    assert "Tout commence par un numéro" in text_of(look(cast.people["manager"], "dashboard"))
    assert "Tout commence par un numéro" not in text_of(look(cast.people["supervisor"], "dashboard"))
