"""The company's numbers: what each page shows, who may change hours, and what a change of hours leaves as it was."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from billing.models import Tariff
from numbers.models import NumberTransition, OpeningHours, PremiumNumber
from tests.cast import RIVAL_SIREN, SIREN, Cast
from tests.edges.portal import EVENING, THAT_NIGHT, look, play_evening, signed_in, text_of

NEXT_DAY = THAT_NIGHT + timedelta(days=1)
START = date(2026, 12, 1)


@pytest.fixture
def number(cast: Cast) -> PremiumNumber:
    return PremiumNumber.objects.get(company=cast.company, digits="0892690001")


def change(cast: Cast, number: PremiumNumber, person: str = "manager", **answers: str) -> tuple[int, str]:
    week = {f"d{day}": "9:00-12:30, 14:00-18:00" for day in range(5)} | {"start": START.isoformat()} | answers
    with signed_in(cast.people[person]) as client:
        page = client.post(reverse("portal:hours", kwargs={"siren": SIREN, "pk": number.pk}), week)
        return page.status_code, text_of(page)


def hours(number: PremiumNumber, day: date) -> list[tuple[int, int, int]]:
    rows = OpeningHours.objects.filter(number=number, valid_from__lte=day).exclude(valid_until__lte=day)
    return sorted(rows.values_list("weekday", "opens_s", "closes_s"))


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


def test_new_hours_hold_from_their_day_and_leave_the_days_before(cast: Cast, number: PremiumNumber) -> None:
    before = hours(number, EVENING)
    assert change(cast, number)[0] == 302
    assert hours(number, START - timedelta(days=1)) == before
    morning, afternoon = (32_400, 45_000), (50_400, 64_800)
    assert hours(number, START) == sorted((day, *span) for day in range(5) for span in (morning, afternoon))
    rows = OpeningHours.objects.filter(number=number).count()
    assert change(cast, number)[0] == 302
    assert OpeningHours.objects.filter(number=number).count() == rows


def test_planned_hours_are_replaced_before_they_begin(cast: Cast, number: PremiumNumber) -> None:
    change(cast, number)
    assert change(cast, number, d0="8:00-20:00", start="2026-11-30")[0] == 302
    assert [row for row in hours(number, START) if row[0] == 0] == [(0, 28_800, 72_000)]
    assert not OpeningHours.objects.filter(number=number, valid_from=START).exists()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"start": "2026-11-24"}, "Choisissez aujourd’hui ou un jour à venir"),
        ({f"d{day}": "" for day in range(5)}, "Donnez au moins un jour d’ouverture"),
        ({"d0": "9:00-12:00, 11:00-13:00"}, "Lundi"),
        ({"d0": "neuf heures"}, "Lundi"),
    ],
)
def test_hours_that_cannot_hold_are_refused_in_words(
    cast: Cast, number: PremiumNumber, answers: dict[str, str], said: str
) -> None:
    before = hours(number, START)
    status, text = change(cast, number, **answers)
    assert (status, said in text) == (422, True)
    assert hours(number, START) == before


def test_who_may_change_hours(cast: Cast, number: PremiumNumber) -> None:
    assert change(cast, number, "supervisor")[0] == 403
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
