"""The company's numbers: the list, the page of each, and what stands on it beside the promise."""

from datetime import date, timedelta

import pytest

from billing.models import Tariff
from numbers.models import NumberTransition, PremiumNumber
from tests.cast import RIVAL_SIREN, Cast
from tests.edges.portal import EVENING, THAT_NIGHT, look, play_evening, text_of

NEXT_DAY = THAT_NIGHT + timedelta(days=1)
JANUARY = date(2027, 1, 1)


@pytest.fixture
def number(cast: Cast) -> PremiumNumber:
    return PremiumNumber.objects.get(company=cast.company, digits="0892690001")


def test_the_list_tells_price_state_and_promise(cast: Cast, number: PremiumNumber) -> None:
    play_evening(cast)
    page = text_of(look(cast.people["supervisor"], "numbers", at=NEXT_DAY))
    assert "2 numéros" in page
    assert "0,60 €" in page
    rows = {
        row["number"].pk: row["shown"].fact
        for row in look(cast.people["manager"], "numbers", at=NEXT_DAY).context["rows"]
    }
    assert sum(fact.rate.received for fact in rows.values()) == 94
    assert rows[number.pk].rate.kept == 48
    assert (
        f"numero={number.pk}&amp;du=2026-10-27&amp;au=2026-11-25"
        in look(cast.people["manager"], "numbers", at=NEXT_DAY).content.decode()
    )


def test_a_number_shows_what_callers_read_and_hear(cast: Cast, number: PremiumNumber) -> None:
    play_evening(cast)
    NumberTransition.objects.create(
        number=number, from_status="approved", to_status="live", reason="Essais faits", at=THAT_NIGHT, by=cast.admin
    )
    page = look(cast.people["manager"], "number", pk=number.pk, at=NEXT_DAY)
    text = text_of(page)
    assert "Service 0,60 €/min + prix appel" in text
    assert "Essais faits" in text
    assert cast.admin is not None
    assert cast.admin.email not in text
    assert [bar["day"] for bar in page.context["days"]["bars"]] == [EVENING]
    assert 'href="/numero/0892690001/"' in text


def test_a_planned_price_stands_on_the_page_until_when_it_may_be_cancelled(cast: Cast, number: PremiumNumber) -> None:
    Tariff.objects.filter(number=number).update(valid_until=JANUARY)
    Tariff.objects.create(number=number, price_micros=450_000, valid_from=JANUARY)
    page = text_of(look(cast.people["manager"], "number", pk=number.pk))
    assert "janvier 2027 : 0,45 € la minute." in page.replace("\xa0", " ")
    assert "S’annule jusqu’au 25 décembre 2026 inclus." in page
    assert "Voir ou annuler ce changement" in page
    reader = text_of(look(cast.people["supervisor"], "number", pk=number.pk))
    assert "janvier 2027" in reader
    assert "Voir ou annuler ce changement" not in reader
    late = text_of(look(cast.people["manager"], "number", pk=number.pk, at=THAT_NIGHT + timedelta(days=31)))
    assert "Ne s’annule plus depuis le" in late
    assert "Voir ou annuler ce changement" not in late


def test_who_reads_a_number(cast: Cast, number: PremiumNumber) -> None:
    assert look(cast.people["supervisor"], "number", pk=number.pk).status_code == 200
    assert look(cast.people["agent"], "number", pk=number.pk).status_code == 403
    assert look(cast.rival_owner, "number", pk=number.pk).status_code == 404
    assert look(cast.rival_owner, "number", siren=RIVAL_SIREN, pk=number.pk).status_code == 404


def test_a_company_without_numbers_is_told_how_to_begin(cast: Cast) -> None:
    Tariff.objects.filter(number__company=cast.rival).delete()
    PremiumNumber.objects.filter(company=cast.rival).delete()
    text = text_of(look(cast.rival_owner, "numbers", siren=RIVAL_SIREN))
    assert f"/espace/{RIVAL_SIREN}/numeros/inscrire/" in text
    assert "Inscrire le premier prend dix minutes." in text
