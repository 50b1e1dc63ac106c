"""The channels of a number in the space: what it offers, who changes it and from when, and what the law makes of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse

from billing.models import Finding
from billing.services.check import check_company
from numbers.models import AccessChannel, Call, PremiumNumber
from tests.cast import SIREN, START, Cast
from tests.edges.portal import THAT_NIGHT, look, play_evening, signed_in, text_of
from tests.scenarios.test_channels import tell

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


def test_a_channel_is_changed_from_what_it_is(cast: Cast, number: PremiumNumber) -> None:
    access = AccessChannel.objects.create(number=number, channel="text", opening="own", valid_from=START)
    access.hours.create(weekday=0, opens_s=NINE, closes_s=NOON)
    form = look(cast.people["manager"], "channels", query="canal=text", pk=number.pk).context["form"]
    found = [form[name].value() for name in ("channel", "opening", "d0", "d1", "start")]
    assert found == ["text", "own", "09:00-12:00", "", TOMORROW]
    form = look(cast.people["manager"], "channels", query="canal=lsf", pk=number.pk).context["form"]
    assert (form["channel"].value(), form["opening"].value()) == (None, "same")


def test_owners_and_managers_alone_change_channels(cast: Cast, number: PremiumNumber) -> None:
    for person in ("supervisor", "accountant"):
        assert send(cast, number, LSF, person)[0] in (403, 302)
    with signed_in(cast.people["manager"]) as client:
        other = cast.numbers["0892690009"]
        address = reverse("portal:channels", kwargs={"siren": SIREN, "pk": other.pk})
        assert (client.get(address).status_code, client.post(address, LSF).status_code) == (404, 404)
    assert not AccessChannel.objects.exists()


# ---- What came of their calls -----------------------------------------------------------------------------------


@pytest.fixture
def told(cast: Cast) -> Cast:
    return tell(cast)


def lines(page: HttpResponse) -> dict[str, tuple[int, int]]:
    """Of each channel that a page shows a line of: the calls under the promise, and those kept."""
    return {
        each["line"].channel: (each["line"].rate.received, each["line"].rate.kept)
        for each in page.context["by_channel"]
    }


LINES = {"voice": (2, 1), "lsf": (4, 2), "text": (3, 1)}


def test_every_channel_has_its_line_and_each_leads_to_its_calls(told: Cast, number: PremiumNumber) -> None:
    manager = told.people["manager"]
    pages = [
        look(manager, "dashboard"),
        look(manager, "dashboard", query="periode=30"),
        look(manager, "number", pk=number.pk),
    ]
    for page in pages:
        assert lines(page) == LINES
        with signed_in(manager) as client:
            for each in page.context["by_channel"]:
                found = client.get(each["url"]).context["paginator"].count
                assert found == each["line"].rate.received
    assert "Langue des signes (vidéo)" in text_of(pages[0])
    with signed_in(told.admin) as client:
        assert lines(client.get("/admin/")) == LINES


def test_where_voice_alone_was_used_no_line_is_drawn(cast: Cast) -> None:
    play_evening(cast)
    page = look(cast.people["manager"], "dashboard")
    assert (page.context["by_channel"], "Par canal" in text_of(page)) == ([], False)


def test_calls_are_chosen_by_channel_and_a_call_tells_its_own(told: Cast) -> None:
    manager = told.people["manager"]
    found = {
        channel: look(manager, "calls", query=f"canal={channel}").context["paginator"].count
        for channel in ("voice", "lsf", "text", "lpc", "")
    }
    assert found == {"voice": 2, "lsf": 4, "text": 3, "lpc": 0, "": 9}
    said = {}
    for call in Call.objects.filter(external_id__in=["lsf.kept.24", "text.kept.24", "voice.kept.24"]):
        said[call.channel] = text_of(look(manager, "call", pk=call.pk))
    assert "Demande par langue des signes (vidéo). Mise en place de 0:15, jamais facturée" in said["lsf"]
    assert "1:00 à 0,60 € la minute" in said["lsf"]
    assert "Demande par texte en temps réel. Au prix de la voix, sans supplément." in said["text"]
    assert "Demande par" not in said["voice"]
    with signed_in(told.admin) as client:
        page = text_of(client.get(f"/admin/numbers/call/{Call.objects.get(external_id='lsf.kept.24').pk}/change/"))
        assert "Mise en place de 0:15" in page
        listed = client.get("/admin/numbers/call/?jour=2026-11-24&channel__exact=text")
        assert listed.context["cl"].result_count == 3


def test_the_finding_leads_to_the_number_and_to_where_it_is_put_right(told: Cast, number: PremiumNumber) -> None:
    access = AccessChannel.objects.get(channel="text")
    access.opening = "own"
    access.save()
    check_company(company_id=told.company.pk, day=TODAY, since=START, now=THAT_NIGHT)
    finding = Finding.objects.get(kind="access_hours_short")
    page = text_of(look(told.people["manager"], "finding", pk=finding.pk))
    assert "0892690001, texte en temps réel : ouvert 0 % des horaires de la voix" in page.replace("\u00a0", " ")
    for route in ("number", "channels"):
        assert reverse(f"portal:{route}", kwargs={"siren": SIREN, "pk": number.pk}) in page


def test_callers_read_the_channels_their_hours_and_how_the_promise_was_kept(told: Cast, number: PremiumNumber) -> None:
    cache.clear()
    text = AccessChannel.objects.get(channel="text")
    text.opening = "own"
    text.save()
    text.hours.create(weekday=0, opens_s=NINE, closes_s=NOON)
    with signed_in(None) as caller:
        page, directory = text_of(caller.get("/numero/0892690001/")), text_of(caller.get("/"))
    assert "/numero/0892690001/visio/" in page
    assert "Aucun accès n’est proposé" not in page
    # On the Wednesday evening sign language is open as voice is; text opens on Monday.
    assert 'mêmes horaires</span></span><span class="small">Ouvert à toute heure' in page
    assert "Fermé, ouvre lundi à 09:00" in page
    assert "2 sur 4" in page
    assert "Accès : langue des signes (vidéo), texte en temps réel" in directory.replace("\u00a0", " ")
    # The directory is kept for minutes, yet what a company changes shows at once.
    text.delete()
    with signed_in(None) as caller:
        assert "Fermé, ouvre lundi" not in text_of(caller.get("/numero/0892690001/"))
