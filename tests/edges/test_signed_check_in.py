"""A check-in that the agent's own passkey signs: for this agent, this place, this minute, and verifiable later."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents.models import CheckIn
from agents.selectors_evidence import evidence_of
from agents.services.sign_check_in import is_signed
from illico_platform.lib.periods import paris_day
from numbers.models import User
from tests.cast import SIREN, Cast, prove
from tests.edges.portal import look, signed_in, text_of
from tests.passkey import Passkey
from tests.scenarios.test_evidence import MONDAY, ask_for, at, call, judged

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 16, 8, tzinfo=UTC)  # Monday, 9:00 in Paris


@pytest.fixture
def me(cast: Cast) -> User:
    user = cast.people["agent"]
    agent = cast.agents["A001"]
    agent.user = user
    agent.save()
    return user


@pytest.fixture
def key(me: User) -> Passkey:
    return Passkey(me)


def site(cast: Cast) -> str:
    return f"site-{cast.company.sites.get().pk}"


def ask(client: Client, place: str) -> Any:
    answer = client.post(reverse("portal:check_in_sign", args=[SIREN]), {"workplace": place})
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def send(client: Client, place: str, assertion: str) -> str:
    address = reverse("portal:check_in", args=[SIREN])
    return text_of(client.post(address, {"do": "in", "workplace": place, "assertion": assertion}, follow=True))


def test_a_passkey_signs_and_what_it_signed_can_be_verified_later(cast: Cast, me: User, key: Passkey) -> None:
    with signed_in(me, at=MORNING) as client:
        assert "Signer avec ma clé d’accès" in text_of(client.get(reverse("portal:my_day", args=[SIREN])))
        assert "Arrivée signée par votre clé d’accès." in send(client, site(cast), key.sign(ask(client, site(cast))))
    signed = CheckIn.objects.get()
    assert signed.signature == "passkey"
    assert signed.assertion["statement"].split("\n")[1:4] == [str(signed.agent_id), site(cast), "2026-11-16T08:00Z"]
    assert is_signed(signed)
    for field, value in (("agent_id", cast.agents["A002"].pk), ("commune_insee", "75056"), ("signed_sha256", "0" * 64)):
        other = CheckIn.objects.get()
        setattr(other, field, value)
        other.site_id = None if field == "commune_insee" else other.site_id
        assert not is_signed(other), field
    for field in signed.assertion:
        if field != "credential_sha256":
            other = CheckIn.objects.get()
            other.assertion[field] = other.assertion[field][:-6] + "AAAAAA"
            assert not is_signed(other), field


def test_what_does_not_fit_the_question_is_refused(cast: Cast, me: User, key: Passkey) -> None:
    prove(cast.agents["A001"])  # at home, beside the site
    other = Passkey(cast.people["supervisor"])
    with signed_in(me, at=MORNING) as client:
        options = ask(client, site(cast))
        assert "n’a pas signé ce pointage" in send(client, "home-59350", key.sign(options))  # for another place
        assert "n’a pas signé ce pointage" in send(client, site(cast), key.sign(options))  # asked once, answered once
        for answer in (
            other.sign(ask(client, site(cast))),
            key.sign(ask(client, site(cast)), challenge="AAAA"),
            "{}",
            "not json",
        ):
            ask(client, site(cast))
            assert "n’a pas signé ce pointage" in send(client, site(cast), answer)
        refused = client.post(reverse("portal:check_in_sign", args=[SIREN]), {"workplace": "home-75056"})
        assert (refused.status_code, "prouvé" in refused.json()["fault"]) == (422, True)
        late = key.sign(ask(client, site(cast)))
        session = client.cookies
    with signed_in(me, at=MORNING + timedelta(minutes=6)) as client:
        client.cookies = session
        assert "répondu trop tard" in send(client, site(cast), late)
    assert not CheckIn.objects.exists()
    assert look(cast.people["supervisor"], "my_day").status_code == 403


def test_where_a_passkey_is_asked_for_the_session_s_signature_does_not_count(
    cast: Cast, me: User, key: Passkey
) -> None:
    ask_for(needs_check_in=True, needs_passkey=True)
    early, late = call(cast, at(MONDAY, 9, 30)), call(cast, at(MONDAY, 11))
    with signed_in(me, at=MORNING) as client:
        page = text_of(client.get(reverse("portal:my_day", args=[SIREN])))
        assert "Sans votre clé d’accès, ce pointage ne comptera pas" in page
        assert "Arrivée signée." in send(client, site(cast), "")
    with signed_in(me, at=MORNING + timedelta(hours=1)) as client:
        client.post(reverse("portal:check_in", args=[SIREN]), {"do": "out"})
        send(client, site(cast), key.sign(ask(client, site(cast))))
    assert judged(cast) == {early: "no_check_in", late: "kept"}
    known = evidence_of(company_id=cast.company.pk, first=paris_day(MORNING), last=paris_day(MORNING))
    assert (known.check_ins.height, known.by_passkey.height) == (2, 1)
