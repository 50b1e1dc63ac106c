"""Calls in the admin: one day at a time, and a page that tells the whole story of one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agents.models import Verdict
from billing.models import Entry, RatedCall
from illico_platform.web.show import NARROW
from numbers.models import Call, CallDay, Intake
from tests.admin_rows import DAY, fill, run_stages, store_day
from tests.cast import Cast

LIST = "admin:numbers_call_changelist"


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    client.force_login(cast.admin)
    return client


def story(boss: Client, external_id: str) -> str:
    call = Call.objects.get(external_id=external_id)
    return boss.get(reverse("admin:numbers_call_change", args=[call.pk])).content.decode()


def plain(text: str) -> str:
    return text.replace(NARROW, " ").replace("\u00a0", " ")


def test_a_kept_call_tells_wait_agent_proof_price_posting_and_fund(boss: Client, cast: Cast) -> None:
    fill(cast)
    page = plain(story(boss, "kept.1"))
    verdict = Verdict.objects.get(call_id=Call.objects.get(external_id="kept.1").pk)
    entry = Entry.objects.filter(kind="day").get()
    assert '<span class="chip kept">Tenue</span>' in page
    assert "Un agent a répondu après 2 s et la conversation a duré 0:18" in page
    for row in (verdict.agent, verdict.contract, verdict.proof, entry):
        assert reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]) in page
    # 18 s at 0.60: S 0.18, VAT 0.03, HT 0.15, carriers a quarter of S, fee 5 % of HT and its VAT, wages 60 % of HT.
    amounts = "0,180000 0,030000 0,150000 0,045000 0,007500 0,001500 0,126000 0,090000 0,036000"
    for amount in amounts.split():
        assert f"{amount} €" in page
    assert "Écriture" in page
    assert "Le fonds des salaires, novembre" in page


@pytest.mark.parametrize(("name", "why"), [("late.1", "répondu à 60 s ou plus"), ("unproven.2", "agent inconnu")])
def test_a_broken_promise_is_offered_never_zero(boss: Client, cast: Cast, name: str, why: str) -> None:
    fill(cast)
    page = plain(story(boss, name))
    assert "offert" in page
    assert "0,000000 €" not in page
    assert why in page


def test_a_late_proof_leaves_the_verdict_s_and_the_price_s_history(boss: Client, cast: Cast) -> None:
    fill(cast)
    page = plain(story(boss, "unproven.1"))
    assert '<span class="chip unproven">Lieu non prouvé</span> → <span class="chip kept">Tenue</span>' in page
    assert "Prix : non facturé → 0,600000 €" in page
    assert "Régularisations du mois" in page


def test_a_call_that_waits_for_its_verdict_says_so(boss: Client, cast: Cast) -> None:
    store_day(cast)
    assert "attend la prochaine nuit" in story(boss, "kept.1")


def test_the_list_shows_the_last_day_with_verdict_and_price(boss: Client, cast: Cast) -> None:
    store_day(cast, day=DAY.replace(day=20))
    store_day(cast)
    run_stages(cast)
    page = boss.get(reverse(LIST))
    assert page.context["cl"].result_count == 8
    text = plain(page.content.decode())
    assert "0,18 €" in text
    assert "offert" in text
    assert '<span class="chip unanswered">Sans réponse</span>' in text


def test_the_list_goes_to_another_day_and_to_one_verdict(boss: Client, cast: Cast) -> None:
    store_day(cast, day=DAY.replace(day=20), copies=2)
    store_day(cast)
    run_stages(cast)
    there = {"jour": "2026-11-20"}
    assert boss.get(reverse(LIST), there).context["cl"].result_count == 16
    assert boss.get(reverse(LIST), {**there, "promesse": "kept"}).context["cl"].result_count == 4
    company = {"jour": "tous", "company__id__exact": cast.company.pk}
    assert boss.get(reverse(LIST), company).context["cl"].result_count == 24
    assert boss.get(reverse(LIST), {"company__id__exact": cast.rival.pk}).context["cl"].result_count == 0


def test_a_call_is_found_by_its_identifier_or_its_number_on_any_day(boss: Client, cast: Cast) -> None:
    store_day(cast, day=DAY.replace(day=20))
    store_day(cast)
    assert boss.get(reverse(LIST), {"q": "kept.1.01.1120.0"}).context["cl"].result_count == 1
    assert boss.get(reverse(LIST), {"q": "+33 892 69 00 01"}).context["cl"].result_count == 16
    assert boss.get(reverse(LIST), {"q": "rien"}).context["cl"].result_count == 0


def test_a_source_s_list_opens_on_its_own_last_day(boss: Client, cast: Cast) -> None:
    store_day(cast, day=DAY.replace(day=20))
    CallDay.objects.create(company=cast.rival, number=cast.numbers["0892690009"], day=DAY, calls=1)
    page = boss.get(reverse(LIST), {"source__id__exact": cast.source.pk})
    assert page.context["cl"].result_count == 8


def test_a_count_past_the_cap_says_more_than(boss: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    store_day(cast)
    assert " 8" in boss.get(reverse(LIST)).content.decode()
    monkeypatch.setattr("illico_platform.web.pages.CAP", 5)
    assert "plus de 5" in boss.get(reverse(LIST)).content.decode()


def test_prices_and_verdicts_lead_to_their_call(boss: Client, cast: Cast) -> None:
    store_day(cast)
    run_stages(cast)
    call = RatedCall.objects.first()
    for name in ("agents_verdict", "billing_ratedcall"):
        page = boss.get(reverse(f"admin:{name}_changelist")).content.decode()
        assert reverse("admin:numbers_call_change", args=[call.pk]) in page


def test_all_days_of_a_number_and_the_calls_of_an_import_are_read_whole(
    boss: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the roll-ups say that the last days fill the list, older ones are not opened; its beginning is the same."""
    number = cast.numbers["0892690001"].pk
    for shift in (0, 20, 40):
        store_day(cast, day=DAY - timedelta(days=shift), copies=2)
    run_stages(cast)
    brought = Intake.objects.get(pk=Call.objects.filter(day=DAY).values("intake")[:1])
    Intake.objects.filter(pk=brought.pk).update(first_day=DAY, last_day=DAY)
    newest = list(Call.objects.order_by("-offered_at", "-id"))
    late = set(Verdict.objects.filter(verdict="late").values_list("call_id", flat=True))

    def shown(query: str) -> list[Call]:
        return list(boss.get(f"{reverse(LIST)}?{query}").context["cl"].result_list)

    of_number = f"jour=tous&number__id__exact={number}"
    assert shown(of_number) == newest
    assert shown(f"{of_number}&promesse=late") == [call for call in newest if call.pk in late]
    assert shown(f"intake__id__exact={brought.pk}") == [call for call in newest if call.intake_id == brought.pk]
    monkeypatch.setattr("billing.admin.facts.CAP", 8)
    assert shown(of_number) == newest[:32]  # two days hold twice the cap
    assert len(shown(f"{of_number}&o=-1")) == len(newest)
