"""The public directory: what it tells, what it never tells, how it may be kept, what it costs."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models import EvidencePolicy, JudgedDay
from billing.models import Tariff
from billing.public.limit import SEARCHES
from numbers.models import DirectoryRecord, HolidayRule, OpeningException, OpeningHours, PremiumNumber
from tests.cast import START, Cast, make_number

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # Wednesday, 16:00 in Paris
ONE = "0892690001"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield
    cache.clear()


def judge(number: PremiumNumber, day: date, **counts: int) -> None:
    JudgedDay.objects.create(
        company_id=number.company_id, number=number, day=day, seen_revision=1, calls=sum(counts.values()), **counts
    )


def text(client: Client, address: str, status: int = 200, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2])).strip()


def test_the_directory_names_each_live_number_with_price_hours_and_rate(client: Client, cast: Cast) -> None:
    number = cast.numbers[ONE]
    PremiumNumber.objects.filter(pk=number.pk).update(label="Conseil juridique")
    judge(number, date(2026, 11, 24), kept=61, late=2, unanswered=19, abandoned=12)
    judge(number, date(2026, 11, 25), late=100)  # today is not over
    judge(number, date(2026, 10, 25), late=100)  # the thirty-first day
    page = text(client, "/")
    assert "Conseil juridique" in page
    assert "Allô Conseil" in page
    assert "Service 0,60\xa0€/min + prix appel".replace("\xa0", " ") in page.replace("\xa0", " ")
    assert "64,9 %" in page.replace("\u202f", " ")
    assert "61 sur 94" in page
    assert "Ouvert à toute heure" in page
    assert "3 numéros" in page


def test_a_number_page_tells_what_a_caller_must_know(client: Client, cast: Cast) -> None:
    number = cast.numbers[ONE]
    cast.company.address = "12 rue de l’Essai, 59000 Lille"
    cast.company.complaint_contact = "reclamations@allo.example"
    cast.company.save()
    OpeningHours.objects.filter(number=number).update(opens_s=32_400, closes_s=64_800)
    OpeningException.objects.create(number=number, day=date(2026, 11, 27))
    judge(number, date(2026, 11, 24), kept=61, late=2, unanswered=19, abandoned=12)
    page = text(client, f"/numero/{ONE}/").replace("\u202f", " ")
    for told in (
        "0 892 69 00 01",
        "12 rue de l’Essai, 59000 Lille",
        "999 999 006",
        "reclamations@allo.example",
        "3,00 €",
        "Ouvert maintenant, jusqu’à 18:00",
        "09:00–18:00",
        "vendredi 27 novembre 2026 fermé",
        "61 appels tenus sur 94 reçus.",
        "Sans compter les abandons : 74,4 %.",
        "Aucun accès n’est proposé sur ce numéro.",
    ):
        assert told in page


def test_the_record_of_the_directory_comes_before_the_company(client: Client, cast: Cast) -> None:
    DirectoryRecord.objects.create(
        number=cast.numbers[ONE],
        purpose="Répondre aux questions de droit",
        provider_name="Conseil du Nord",
        provider_address="Lille",
        complaint_contact="09 69 00 00 00",
        deaf_access="Relais par texte : 114 n’est pas ce service",
        confirmed_on=START,
    )
    page = text(client, f"/numero/{ONE}/")
    assert "par Conseil du Nord" in page
    assert "Relais par texte" in page
    assert "Aucun accès" not in page


def test_closed_says_when_it_opens(client: Client, cast: Cast) -> None:
    OpeningHours.objects.filter(number=cast.numbers[ONE]).update(opens_s=32_400, closes_s=54_000)
    address = f"/numero/{ONE}/"
    assert "Fermé, ouvre demain à 09:00" in text(client, address)
    OpeningHours.objects.filter(number=cast.numbers[ONE], weekday=3).delete()
    assert "Fermé, ouvre vendredi à 09:00" in text(client, address)
    OpeningHours.objects.filter(number=cast.numbers[ONE]).delete()
    assert "Fermé, sans réouverture annoncée" in text(client, address)


def test_a_sponsored_number_is_free_and_an_unpriced_one_says_so(client: Client, cast: Cast) -> None:
    free = make_number(cast.company, "0805123456")
    PremiumNumber.objects.filter(pk=free.pk).update(payer="sponsor", family="free")
    page = text(client, "/numero/0805123456/")
    assert "Service &amp; appel gratuits" in page
    assert "ne coûte rien de plus" in page
    Tariff.objects.filter(number=cast.numbers[ONE]).delete()
    assert "Aucun prix en vigueur" in text(client, f"/numero/{ONE}/")


@pytest.mark.parametrize("written", ["0 892 69 00 01", "+33 892 69 00 01", "08.92.69.00.01", "8926900"])
def test_a_number_is_found_however_it_is_written(client: Client, cast: Cast, written: str) -> None:
    page = text(client, reverse("home") + "?" + f"q={written.replace('+', '%2B')}")
    assert "0 892 69 00 01" in page.replace("\u202f", " ")
    assert "0 892 69 00 09" not in page.replace("\u202f", " ") or written == "8926900"


def test_words_are_found_without_case_or_accents_and_all_must_match(client: Client, cast: Cast) -> None:
    PremiumNumber.objects.filter(digits=ONE).update(label="Écoute et orientation")
    assert "1 numéro " in text(client, "/?q=ECOUTE allo")
    assert "Aucun numéro en service ne répond" in text(client, "/?q=ecoute rivale")
    assert "2 numéros" in text(client, "/?q=allo conseil")
    assert "3 numéros" in text(client, "/?usage=PAID_ADVICE")
    assert "3 numéros" in text(client, "/?usage=nonsense")


def test_other_forms_of_an_address_lead_to_the_one_page(client: Client, cast: Cast) -> None:
    answer = client.get("/numero/+33 892 69 00 01/")
    assert (answer.status_code, answer["Location"]) == (301, f"/numero/{ONE}/")
    assert (
        f'<link rel="canonical" href="http://testserver/numero/{ONE}/">'
        in client.get(f"/numero/{ONE}/?from=mail").content.decode()
    )


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        ("suspended", 404, "ne peut pas être appelé pour l’instant"),
        ("ceased", 410, "a été résilié"),
        ("quarantined", 410, "a été résilié"),
        ("draft", 404, "n’est pas un numéro illico en service"),
        ("submitted", 404, "n’est pas un numéro illico en service"),
    ],
)
def test_a_number_out_of_service_says_why_and_shows_nothing(
    client: Client, cast: Cast, status: str, code: int, sentence: str
) -> None:
    PremiumNumber.objects.filter(digits=ONE).update(status=status, label="Secret")
    page = text(client, f"/numero/{ONE}/", code)
    assert sentence in page
    assert "Secret" not in page
    assert "Allô" not in page
    assert "2 numéros" in text(client, "/")


def test_what_is_no_number_is_not_found(client: Client, cast: Cast) -> None:
    assert "numéro d’urgence" in text(client, "/numero/15/", 404)
    assert "n’est pas un numéro illico en service" in text(client, "/numero/0892699999/", 404)


def test_nobody_s_name_or_address_is_on_any_public_page(client: Client, cast: Cast) -> None:
    pages = ["/", f"/numero/{ONE}/", "/sitemap.xml", "/robots.txt"]
    said = "".join(client.get(page).content.decode() for page in pages)
    assert "Agent A001" not in said
    assert "A001" not in said
    assert "@" not in said
    assert "pbx1" not in said


def test_pages_may_be_kept_by_anybody_unless_the_reader_signed_in(client: Client, cast: Cast) -> None:
    for address in ("/", f"/numero/{ONE}/"):
        answer = Client().get(address)
        assert answer["Cache-Control"] == "public, max-age=60"
        assert {"Cookie", "Accept-Language"} <= set(answer["Vary"].split(", "))
        assert not answer.cookies
        again = Client().get(address, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    client.force_login(cast.owner)
    answer = client.get("/")
    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert "Mon espace" in answer.content.decode()
    assert "Mon espace" not in Client().get("/").content.decode()


def test_a_change_shows_at_once_although_figures_are_kept(client: Client, cast: Cast) -> None:
    assert "64,9" not in text(client, "/")
    judge(cast.numbers[ONE], date(2026, 11, 24), kept=61, late=2, unanswered=19, abandoned=12)
    assert "64,9" not in text(client, "/"), "rates may be five minutes old"
    Tariff.objects.filter(number=cast.numbers[ONE]).update(price_micros=300_000)
    page = text(client, "/")
    assert "Service 0,30" in page
    assert "64,9" in page
    PremiumNumber.objects.filter(digits=ONE).update(status="suspended")
    assert "2 numéros" in text(client, "/")


def test_a_day_given_or_taken_back_shows_at_once(client: Client, cast: Cast) -> None:
    address, number = f"/numero/{ONE}/", cast.numbers[ONE]
    far = date(2027, 8, 2)
    assert "Jours particuliers" not in text(client, address)
    row = OpeningException.objects.create(number=number, day=far, opens_s=32_400, closes_s=43_200, reason="Été")
    assert "lundi 2 août 2027 Été 09:00–12:00" in text(client, address)
    row.delete()
    assert "Jours particuliers" not in text(client, address)
    rule = HolidayRule.objects.create(number=number, policy="closed", valid_from=START)
    with time_machine.travel(datetime(2026, 12, 20, 9, tzinfo=UTC), tick=False):
        cache.clear()
        assert "vendredi 25 décembre 2026 jour férié fermé" in text(client, address)
        rule.delete()
        assert "jour férié" not in text(client, address)


def test_opening_on_one_far_day_is_no_reopening(client: Client, cast: Cast) -> None:
    OpeningHours.objects.filter(number=cast.numbers[ONE]).delete()
    far = NOW.date() + timedelta(days=40)
    OpeningException.objects.create(number=cast.numbers[ONE], day=far, opens_s=0, closes_s=60, reason="Essai")
    page = text(client, f"/numero/{ONE}/")
    assert "Fermé, sans réouverture annoncée" in page
    assert "4 janvier 2027 Essai 00:00–00:01" in page


def test_pages_run_no_script_and_load_nothing_from_elsewhere(client: Client, cast: Cast) -> None:
    for address in ("/", f"/numero/{ONE}/", "/numero/15/"):
        answer = client.get(address)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        body = answer.content.decode()
        assert "style=" not in body
        assert "<script" not in body
        assert body.count("<h1") == 1


def test_english_readers_read_english_figures_and_french_signage(client: Client, cast: Cast) -> None:
    page = text(client, f"/numero/{ONE}/", **{"accept-language": "en"})
    assert "€3.00" in page
    assert "Service 0,60" in page


def test_searching_too_often_is_answered_with_a_sentence(client: Client, cast: Cast) -> None:
    for rank in range(SEARCHES):
        assert client.get(f"/?q=mot{rank}").status_code == 200
    answer = client.get("/?q=encore")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert "public" not in answer.get("Cache-Control", "")
    assert "Attendez une minute" in answer.content.decode()
    assert client.get("/").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.7").get("/?q=encore").status_code == 200


def test_crawlers_are_told_what_to_read(client: Client, cast: Cast) -> None:
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /espace/" in robots
    assert "Sitemap: http://testserver/sitemap.xml" in robots
    PremiumNumber.objects.filter(digits="0892690002").update(status="ceased")
    sitemap = client.get("/sitemap.xml").content.decode()
    assert f"http://testserver/numero/{ONE}/</loc>" in sitemap
    assert "0892690002" not in sitemap
    assert "noindex" in client.get("/?q=allo").content.decode()
    assert "noindex" not in client.get("/").content.decode()


def test_a_page_costs_the_same_however_many_numbers_and_one_query_when_kept(client: Client, cast: Cast) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    few, kept, one = queries("/"), queries("/"), queries(f"/numero/{ONE}/")
    for rank in range(40):
        judge(make_number(cast.rival, f"08926920{rank:02d}"), NOW.date() - timedelta(days=1), kept=1)
    assert (few, kept, one) == (12, 1, 13)
    assert queries("/") == few
    assert queries(f"/numero/{ONE}/") == one
    assert "Page 1 sur 2" in text(client, "/")
    assert "Page 2 sur 2" in text(client, "/?page=2")


def test_the_public_is_told_what_in_france_asks_for_and_since_when(client: Client, cast: Cast) -> None:
    never = text(client, "/")
    assert "une preuve valable de son lieu de travail : toujours" in never
    assert "comptent comme la métropole. L’annuaire" in never
    rows = [
        (date(2026, 1, 1), {"needs_check_in": True}),
        (date(2026, 2, 1), {"needs_network": True, "counts_overseas": False}),  # no check-in in February
        (date(2026, 3, 1), {"needs_network": True, "needs_check_in": True, "counts_overseas": False}),
        (date(2026, 12, 1), {"needs_training": True}),  # not yet
    ]
    for day, needs in rows:
        EvidencePolicy.objects.create(valid_from=day, **needs)
    cache.clear()
    for page in (text(client, "/"), text(client, f"/numero/{ONE}/")):
        assert "un pointage signé au début du travail depuis le 1 mars 2026" in page
        assert "un réseau vu en France depuis le 1 février 2026" in page
        assert "d’outre-mer ne comptent pas. Depuis le 1 février 2026." in page
        assert "formations" not in page
    english = text(client, "/", **{"accept-language": "en"})
    assert "a network seen in France since" in english
