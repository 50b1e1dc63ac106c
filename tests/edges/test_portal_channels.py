"""The channels of a number in the space: what it offers, who changes it and from when, and what the law makes of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from numbers.models import AccessChannel, PremiumNumber
from tests.cast import SIREN, START, Cast
from tests.edges.portal import look, signed_in, text_of

TODAY, TOMORROW, DECEMBER = date(2026, 11, 25), date(2026, 11, 26), date(2026, 12, 1)
LSF = {"channel": "lsf", "opening": "same", "start": TOMORROW.isoformat()}
MORNINGS = LSF | {"opening": "own"} | {f"d{day}": "9:00-12:00" for day in range(5)}
NONE = LSF | {"opening": "none", "start": DECEMBER.isoformat()}
NINE, NOON = 32_400, 43_200


@pytest.fixture
def number(cast: Cast) -> PremiumNumber:
    return cast.numbers["0892690001"]


def send(
    cast: Cast, number: PremiumNumber, answers: dict[str, Any], person: str = "manager"
) -> tuple[int, HttpResponse]:
    with signed_in(cast.people[person]) as client:
        page = client.post(reverse("portal:channels", kwargs={"siren": SIREN, "pk": number.pk}), answers)
        return page.status_code, page


def spans(number: PremiumNumber) -> list[tuple[str, str, date, date | None]]:
    rows = AccessChannel.objects.filter(number=number).order_by("channel", "valid_from")
    return list(rows.values_list("channel", "opening", "valid_from", "valid_until"))


def test_a_channel_begins_changes_and_ends_and_no_day_before_changes(cast: Cast, number: PremiumNumber) -> None:
    assert send(cast, number, LSF | {"start": TODAY.isoformat()})[0] == 302  # nobody came by it yet today
    assert send(cast, number, MORNINGS | {"start": "2026-11-28"})[0] == 302
    changed = [("lsf", "same", TODAY, date(2026, 11, 28)), ("lsf", "own", date(2026, 11, 28), None)]
    assert spans(number) == changed
    own = AccessChannel.objects.get(opening="own")
    assert set(own.hours.values_list("weekday", "opens_s", "closes_s")) == {(day, NINE, NOON) for day in range(5)}
    assert send(cast, number, MORNINGS | {"start": "2026-11-30"})[0] == 302  # the same again
    assert send(cast, number, NONE)[0] == 302
    assert spans(number) == [changed[0], ("lsf", "own", date(2026, 11, 28), DECEMBER)]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "Choisissez demain ou un jour plus tard"),  # today, on a channel in force
        ({"channel": "text", "start": "2026-11-24"}, "Choisissez demain ou un jour plus tard"),
        ({"channel": "text", "opening": "none"}, "Ce numéro ne propose pas ce canal"),
        ({"channel": "text", "opening": "own"}, "choisissez les mêmes horaires que la voix"),
        ({"opening": "own", "d0": "neuf heures"}, "Lundi"),
        ({"channel": "voice"}, "Canal"),
        ({"start": ""}, "À partir du"),
    ],
)
def test_what_cannot_hold_is_refused_in_words(
    cast: Cast, number: PremiumNumber, answers: dict[str, str], said: str
) -> None:
    AccessChannel.objects.create(number=number, channel="lsf", valid_from=START)
    status, page = send(cast, number, LSF | {"start": TODAY.isoformat()} | answers)
    assert (status, said in text_of(page)) == (422, True)
    assert spans(number) == [("lsf", "same", START, None)]


@pytest.mark.parametrize("plan", [NONE, MORNINGS | {"start": DECEMBER.isoformat()}])
def test_what_is_planned_is_named_and_replaced_only_when_agreed(
    cast: Cast, number: PremiumNumber, plan: dict[str, str]
) -> None:
    AccessChannel.objects.create(number=number, channel="lsf", valid_from=START)
    send(cast, number, plan)
    before = spans(number)
    status, page = send(cast, number, MORNINGS)
    assert (status, "1 décembre 2026 serait remplacé" in text_of(page).replace("1er", "1")) == (422, True)
    assert spans(number) == before
    form = page.context["form"]
    agreed = {"agree": "on", form["named"].html_name: form["named"].value()}
    assert send(cast, number, MORNINGS | agreed)[0] == 302
    assert spans(number) == [("lsf", "same", START, TOMORROW), ("lsf", "own", TOMORROW, None)]


def test_pages_tell_the_channels_and_what_the_law_would_have(cast: Cast, number: PremiumNumber) -> None:
    page = text_of(look(cast.people["manager"], "number", pk=number.pk))
    assert "les personnes sourdes ne peuvent pas joindre ce numéro" in page
    for rank, channel in enumerate(("lsf", "text")):
        AccessChannel.objects.create(number=number, channel=channel, opening=("same", "own")[rank], valid_from=START)
    AccessChannel.objects.get(channel="text").hours.create(weekday=0, opens_s=0, closes_s=86_400)
    AccessChannel.objects.create(number=number, channel="lpc", valid_from=TODAY + timedelta(days=9))
    for route in ("number", "channels"):
        page = text_of(look(cast.people["manager"], route, pk=number.pk))
        assert "Langue des signes (vidéo)" in page
        assert "Les mêmes horaires que la voix" in page
        assert "langue parlée complétée (vidéo) : les mêmes horaires" in page.replace("\u00a0", " ")
        # One day of seven.
        assert page.count("Ouvert 14,3 % des horaires de la voix ; la loi en demande 100 %") == 1


def test_owners_and_managers_alone_change_channels(cast: Cast, number: PremiumNumber) -> None:
    for person in ("supervisor", "accountant"):
        assert send(cast, number, LSF, person)[0] in (403, 302)
    with signed_in(cast.people["manager"]) as client:
        other = cast.numbers["0892690009"]
        address = reverse("portal:channels", kwargs={"siren": SIREN, "pk": other.pk})
        assert (client.get(address).status_code, client.post(address, LSF).status_code) == (404, 404)
    assert not AccessChannel.objects.exists()
