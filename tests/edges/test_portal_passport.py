"""The passport of a call: every figure of it, every kind of verdict, who may read what."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from agents.models import CheckIn, EvidencePolicy, TeleworkAgreement
from billing.models import Entry
from numbers.models import Call, HolidayRule, OpeningException, OpeningHours
from tests.admin_rows import DAY, fill, run_stages, store_day
from tests.cast import RIVAL_SIREN, SIREN, START, Cast
from tests.edges.portal import EVENING, look, play_evening, signed_in, text_of
from tests.stored_calls import store_calls


def passport(cast: Cast, external_id: str, *, who: str = "manager", language: str = "fr") -> HttpResponse:
    call = Call.objects.get(external_id=external_id)
    return look(cast.people[who], "call", pk=call.pk, language=language)


def test_a_kept_call_tells_wait_agent_proof_and_each_line_of_its_price(cast: Cast) -> None:
    play_evening(cast)
    cast.agents["A001"].proofs.update(evidence_sha256="ab" * 32)
    text = text_of(passport(cast, "1795598659.0"))
    assert 'Appel de 10:24:19 au <span class="nb">0 892 69 00 01</span>' in text
    assert '<span class="chip kept">Tenue</span>' in text
    assert "Un agent a répondu après 3 s et la conversation a duré 0:18" in text
    for words in ("Agent <b>A001</b>", "CDI depuis le 1 janvier 2026", "Lille, commune 59350", "Bail et attestation",
                  "du 1 janvier 2026 au 1 janvier 2028 exclu", "abababababababab…"):  # fmt: skip
        assert words in text
    # 18 s at 0.60: S 0.18, VAT 0.03, HT 0.15, carriers a quarter of S, fee 5 % of HT and its VAT, wages 60 % of HT.
    amounts = "0,180000 0,030000 0,150000 0,045000 0,007500 0,001500 0,126000 0,090000 0,036000"
    for amount in amounts.split():
        assert f"{amount} €" in text


def test_the_links_that_the_policy_asked_for_stand_on_the_passport(cast: Cast) -> None:
    agent = cast.agents["A001"]
    EvidencePolicy.objects.create(valid_from=START, needs_check_in=True, needs_agreement=True)
    agent.proofs.update(place="home", site=None)
    TeleworkAgreement.objects.create(
        agent=agent, basis="charter", basis_on=START, consent_on=START, commune_insee="59350", starts_on=START,
        contact_from="09:00", contact_until="18:00", time_control="badge",
    )  # fmt: skip
    for each in cast.agents.values():
        CheckIn.objects.create(
            company=cast.company, agent=each, started_at=datetime(2026, 11, 25, 8, tzinfo=UTC),
            ends_at=datetime(2026, 11, 25, 18, tzinfo=UTC), place="home", commune_insee="59350", country="FR",
            signature="passkey",
        )  # fmt: skip
    play_evening(cast)
    text = text_of(passport(cast, "1795598659.0"))
    assert '<span class="chip kept">Tenue</span>' in text
    for words in ("Accord de télétravail, charte de l’entreprise", "Pointage signé", "Clé d’accès", "pays du réseau"):
        assert words in text


def test_the_days_posting_is_read_whole(cast: Cast) -> None:
    play_evening(cast)
    text = text_of(passport(cast, "1795598659.0"))
    entry = Entry.objects.get(kind="day", line_number__digits="0892690001")
    assert f"Écriture {entry} du 25 novembre 2026" in text
    # DESIGN's worked table: all five accounts, the operator's own among them.
    for account, amount in {"411": "5,21", "706": "0,29", "44571": "0,06", "4672": "3,47", "4671": "1,39"}.items():
        assert f'<th scope="row">{account}</th>' in text
        assert f"{amount} €" in text
    assert "Le fonds des salaires, novembre" in text


@pytest.mark.parametrize(
    ("name", "chip", "words"),
    [
        ("late.1", "Trop tard", ["offert", "répondu à 60 s ou plus", "Un agent a répondu après 60 s"]),
        ("unproven.1", "Lieu non prouvé", ["offert", "Pas de preuve de lieu valable à la réponse"]),
        ("unproven.2", "Lieu non prouvé", ["offert", "« ZZ99 », qu’aucun agent ne porte dans cette source"]),
        ("unanswered.1", "Sans réponse", ["Personne n’a répondu", "Sans réponse après 61 s", "Rien n’est facturé"]),
        ("abandoned.1", "Abandon", ["L’appelant est parti après 8 s", "l’appelant est parti avant 60 s"]),
        ("incomplete.1", "Inachevé", ["L’attente de cet appel n’a pas été enregistrée", "Rien n’est facturé"]),
        ("closed.1", "Hors horaires", ["hors des heures annoncées", "Rien n’est facturé"]),
    ],
)
def test_every_other_verdict_reads_well_and_costs_nothing(cast: Cast, name: str, chip: str, words: list[str]) -> None:
    store_day(cast)
    number = cast.numbers["0892690002"]
    OpeningHours.objects.filter(number=number).delete()
    row = {
        "external_id": "closed.1", "number": number.digits, "offered_at": datetime(2026, 11, 24, 12, tzinfo=UTC),
        "outcome": "answered", "wait_ms": 3_000, "talk_ms": 60_000, "agent": "A001",
    }  # fmt: skip
    store_calls(cast.source, [row])
    run_stages(cast)
    page = passport(cast, name)
    text = text_of(page)
    assert f"{chip}</span>" in text
    for each in words:
        assert each in text
    assert page.context["price_lines"] == []
    assert "0,000000 €" not in text
    assert text.count("<h1") == 1


def test_a_call_that_nothing_judged_yet_waits(cast: Cast) -> None:
    store_day(cast)
    text = text_of(passport(cast, "kept.1"))
    assert "à juger" in text
    assert "attend la prochaine nuit" in text


def test_a_late_proof_leaves_the_verdicts_and_the_prices_history(cast: Cast) -> None:
    fill(cast)
    text = text_of(passport(cast, "unproven.1"))
    assert "Lieu non prouvé</span>" in text
    assert '<span class="chip kept">Tenue</span>' in text
    assert "Prix : non facturé → 0,600000 €" in text
    assert "corrige VE-2026-" in text


def test_a_supervisor_reads_the_promise_and_the_price_but_no_money_of_wages(cast: Cast) -> None:
    play_evening(cast)
    page = passport(cast, "1795598659.0", who="supervisor")
    text = text_of(page)
    assert "0,180000 €" in text
    for hidden in ("0,090000 €", "réservé aux salaires", "Le fonds des salaires", "4672"):
        assert hidden not in text
    assert not any(line.get("is_wage") for line in page.context["price_lines"])


def test_who_may_and_who_finds_nothing(cast: Cast) -> None:
    play_evening(cast)
    call = Call.objects.first()
    assert call is not None
    for role, status in {"owner": 200, "manager": 200, "supervisor": 200, "accountant": 200, "agent": 403}.items():
        assert look(cast.people[role], "call", pk=call.pk).status_code == status
    assert look(cast.rival_owner, "call", pk=call.pk).status_code == 404
    # By the rival's own door another company's call does not exist either.
    assert look(cast.rival_owner, "call", siren=RIVAL_SIREN, pk=call.pk).status_code == 404
    assert look(cast.people["manager"], "call", pk=10**9).status_code == 404


def test_english_figures(cast: Cast) -> None:
    play_evening(cast)
    text = text_of(passport(cast, "1795598659.0", language="en"))
    for words in ("€0.180000", "€5.21", "20%", "3 s"):
        assert words in text
    assert "0,180000" not in text


def test_it_prints_with_its_address_and_the_date_of_its_figures(cast: Cast) -> None:
    play_evening(cast)
    call = Call.objects.get(external_id="1795598659.0")
    text = text_of(passport(cast, "1795598659.0"))
    assert f"Chiffres du 25 novembre 2026 22:00, à l’adresse http://testserver/espace/{SIREN}/appels/{call.pk}/" in text
    assert "data-print hidden" in text  # shown by its script: without one it would do nothing
    assert "illico/print" in text


def test_its_queries_do_not_grow(cast: Cast) -> None:
    play_evening(cast)
    call = Call.objects.get(external_id="1795598659.0")

    def measure() -> int:
        with signed_in(cast.people["manager"]) as client:
            address = f"/espace/{SIREN}/appels/{call.pk}/"
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            return len(queries)

    few = measure()
    store_day(cast, day=DAY - timedelta(days=1), copies=5)
    run_stages(cast, until=DAY)
    assert measure() <= few <= 22


def test_a_call_outside_hours_tells_the_hours_of_its_day(cast: Cast) -> None:
    number, day = cast.numbers["0892690001"], EVENING
    OpeningException.objects.create(number=number, day=day, opens_s=0, closes_s=3_600, reason="Inventaire")
    play_evening(cast)
    assert "Ce jour-là, le numéro annonçait : 00:00–01:00, Inventaire." in text_of(passport(cast, "1795598659.0"))
    OpeningException.objects.all().delete()
    HolidayRule.objects.create(number=number, policy="closed", valid_from=day)
    OpeningHours.objects.filter(number=number).update(opens_s=82_800)
    run_stages(cast)
    assert "Ce jour-là, le numéro annonçait : 23:00–24:00." in text_of(passport(cast, "1795598659.0"))
