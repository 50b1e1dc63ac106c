"""Video and text at the public door and at the agents' console: who comes in, who answers, what each is told."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from agents.models import Skill
from agents.services.answer_request import name_of
from billing.models import Tariff
from billing.public.limit import ENTRIES
from billing.public.room_state import cost_words
from billing.selectors_requests import standing_of
from illico_platform.web.devices import media_servers
from numbers.models import AccessChannel, ChannelRequest, Intake, Membership, OpeningHours, User
from numbers.services.access_source import access_source
from numbers.services.hold_request import key_of
from numbers.services.store_requests import store_ended
from tests.cast import SIREN, START, Cast, make_agent
from tests.edges.portal import signed_in, text_of

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # a Wednesday, ten o'clock in Paris
DIGITS, DOOR = "0892690001", "/numero/0892690001/visio/"
CAMERA, NONE = "camera=(self)", "camera=()"


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def stage(cast: Cast) -> Cast:
    """The first number answers in sign language and in writing, A001 signs and has an account."""
    for channel in ("lsf", "text"):
        AccessChannel.objects.create(number=cast.numbers[DIGITS], channel=channel, valid_from=START)
    Skill.objects.create(agent=cast.agents["A001"], kind="lsf", since=START)
    cast.agents["A001"].user = cast.people["agent"]
    cast.agents["A001"].save()
    return cast


@pytest.fixture
def caller() -> Iterator[Client]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield Client()


def enter(caller: Client, *, channel: str = "lsf", consent: str = "1") -> HttpResponse:
    return caller.post(DOOR, {"channel": channel, "consent": consent})


def sign(client: Client, room: str, **fields: str) -> dict[str, Any]:
    answer = client.post(f"{room}signe/", {"seat": "one", "after": "0"} | fields)
    assert answer.status_code == 200
    return answer.json()


def space(route: str, **kwargs: Any) -> str:
    return reverse(f"portal:{route}", kwargs={"siren": SIREN, **kwargs})


# ---- The door -------------------------------------------------------------------------------------------------


def test_the_door_tells_price_and_channels_before_anything_starts(stage: Cast, caller: Client) -> None:
    page = caller.get(DOOR)
    text = text_of(page)
    assert page.headers["Permissions-Policy"].startswith(NONE)
    for told in ("Service 0,60 €/min", "Langue des signes", "Texte en temps réel", "sans supplément", "le 114"):
        assert told in text
    assert "Cette page a besoin de JavaScript." in text
    assert "parlée complétée" not in text
    assert "no-store" in page.headers["Cache-Control"]


def test_no_request_without_channel_consent_or_channel_that_is_open(stage: Cast, caller: Client) -> None:
    for fields, sentence in (
        ({"consent": "", "channel": "lsf"}, "Cochez la phrase d’accord"),
        ({"channel": ""}, "Choisissez comment vous voulez parler"),
        ({"channel": "lpc"}, "Choisissez comment vous voulez parler"),
    ):
        page = enter(caller, **fields)
        assert (page.status_code, sentence in text_of(page)) == (422, True)
    assert not ChannelRequest.objects.exists()


def test_outside_hours_nobody_is_put_on_hold(stage: Cast, caller: Client) -> None:
    OpeningHours.objects.filter(number=stage.numbers[DIGITS]).update(opens_s=14 * 3600, closes_s=18 * 3600)
    for page in (caller.get(DOOR), enter(caller)):
        text = text_of(page)
        assert "Fermé en ce moment" in text
        assert "Fermé, ouvre à 14:00" in text
        assert "Entrer dans la file" not in text
    assert not ChannelRequest.objects.exists()


def test_a_number_without_the_access_says_so_and_shows_the_other_ways(stage: Cast, caller: Client) -> None:
    text = text_of(caller.get("/numero/0892690002/visio/"))
    assert "Ce numéro ne répond ni en signes ni par écrit" in text
    assert 'href="tel:+33892690002"' in text
    assert caller.get("/numero/0892699999/visio/", follow=True).status_code == 404


def test_who_knocks_too_often_waits(stage: Cast, caller: Client) -> None:
    for _ in range(ENTRIES):
        assert enter(caller).status_code == 302
        caller.cookies.clear()
    assert enter(caller).status_code == 429
    assert ChannelRequest.objects.count() == ENTRIES


def test_a_browser_goes_on_with_what_it_has_open(stage: Cast, caller: Client) -> None:
    room = enter(caller).url
    assert caller.get(DOOR).url == room
    assert enter(caller, channel="text").url == room
    assert ChannelRequest.objects.count() == 1
    caller.post(f"{room}fin/")
    assert caller.get(DOOR).status_code == 200


# ---- The caller's room ----------------------------------------------------------------------------------------


def test_only_the_token_opens_the_room(stage: Cast, caller: Client) -> None:
    room = enter(caller).url
    token = room.rstrip("/").rsplit("/", 1)[-1]
    assert ChannelRequest.objects.get().key == key_of(token) != token
    page = caller.get(room)
    assert page.headers["Permissions-Policy"].startswith(CAMERA)
    assert "no-store" in page.headers["Cache-Control"]
    stranger = Client(enforce_csrf_checks=True)
    for address in (f"{DOOR}{token[:-1]}x/", f"/numero/0892690002/visio/{token}/"):
        assert stranger.get(address).status_code == 404
    for place in ("signe/", "message/", "fin/"):
        assert stranger.post(room + place).status_code == 403  # not from a page of ours
        assert caller.get(room + place).status_code == 405


def test_what_the_caller_is_told_as_time_passes(stage: Cast, caller: Client) -> None:
    room = enter(caller).url
    told = sign(caller, room, take="1")
    assert (told["phase"], told["cost"], told["seated"], told["clock"]) == ("waiting", "Rien", True, 0)
    assert "Vous êtes dans la file" in told["status"]
    with time_machine.travel(later(60), tick=False):
        told = sign(caller, room)
        assert (told["bar"], told["cost"]) == (100, "Offert")
        assert "Les 60 secondes sont passées" in told["status"]
    with time_machine.travel(later(100), tick=False):
        assert sign(caller, room, seat="two")["seated"] is False
        assert sign(caller, room, seat="two", take="1")["seated"] is True
        assert sign(caller, room)["seated"] is False
        ended = caller.post(f"{room}fin/", follow=True)
        assert "Attente finie" in text_of(ended)
        assert sign(caller, room)["phase"] == "ended"


def test_the_price_shown_is_the_price_of_the_rule(stage: Cast) -> None:
    number = stage.numbers[DIGITS]
    talk = ChannelRequest(
        number=number, channel="lsf", entered_at=NOW, caller_seen_at=NOW, answered_at=later(59), ready_at=later(70)
    )
    assert standing_of(talk, now=later(130)).charge_micros == 600_000
    assert cost_words(standing_of(talk, now=later(65))) == "Rien"
    talk.answered_at = later(60)
    assert cost_words(standing_of(talk, now=later(130))) == "Offert"
    Tariff.objects.filter(number=number).delete()
    assert cost_words(standing_of(talk, now=later(50))) == "Offert"
    talk.answered_at, number.payer = later(10), "sponsor"
    assert cost_words(standing_of(talk, now=later(130))) == "Gratuit"


def test_media_servers_get_a_password_that_lapses(settings: Any) -> None:
    assert media_servers(NOW) == []
    settings.RTC_SERVERS, settings.RTC_SECRET = ["stun:rtc.example:3478", "turn:rtc.example:3478"], "north"
    stun, turn = media_servers(NOW)
    # coturn, use-auth-secret: the name is the end of its validity, the password its keyed hash under the shared secret.
    assert stun == {"urls": "stun:rtc.example:3478"}
    assert turn["username"] == f"{int(NOW.timestamp()) + 21_600}:illico"
    assert re.fullmatch(r"[A-Za-z0-9+/]{27}=", turn["credential"])
    settings.RTC_SECRET = "south"
    assert media_servers(NOW)[1]["credential"] != turn["credential"]


# ---- The agents' console --------------------------------------------------------------------------------------


def test_an_agent_answers_sets_up_talks_and_ends(stage: Cast, caller: Client) -> None:
    room = enter(caller).url
    sign(caller, room, take="1")
    request = ChannelRequest.objects.get()
    with signed_in(stage.people["agent"], at=later(12)) as agent:
        text = text_of(agent.get(space("visio")))
        assert "Conseil" not in text.replace("Allô Conseil", "")
        assert "0:12" in text
        answered = agent.post(space("visio_answer", pk=request.pk))
        mine = space("visio_room", pk=request.pk)
        assert answered.url == mine
        assert agent.get(space("visio")).url == mine
        page = agent.get(mine)
        assert page.headers["Permissions-Policy"].startswith(CAMERA)
        assert "Interprète prêt" in text_of(page)
        assert sign(agent, mine, take="1")["phase"] == "setting_up"
        told = sign(caller, room)
        assert (told["phase"], told["clockName"], told["cost"]) == ("setting_up", "Conversation", "Rien")
        said = {"seat": "one", "round": str(told["round"]), "kind": "text", "payload": "bonjour"}
        assert caller.post(f"{room}message/", said).status_code == 204
        assert caller.post(f"{room}message/", said | {"kind": "x"}).status_code == 400
        assert [each["payload"] for each in sign(agent, mine)["signals"]] == ["bonjour"]
        agent.post(space("visio_ready", pk=request.pk))
    with signed_in(stage.people["agent"], at=later(42)) as agent:
        told = sign(agent, mine)
        assert (told["phase"], told["cost"].replace("\u202f", " ")) == ("talking", "0,30 €")
        sign(caller, room)
        ended = text_of(agent.post(space("visio_end", pk=request.pk), follow=True))
        assert "Conversation finie" in ended
        assert "L’agent a mis fin." in text_of(caller.get(room))


def test_the_console_is_for_agents_with_the_skill(stage: Cast, caller: Client) -> None:
    enter(caller, channel="text")
    written = ChannelRequest.objects.get()
    agent = stage.people["agent"]
    with signed_in(agent, at=NOW) as client:
        assert "Personne n’attend" in text_of(client.get(space("visio")))  # signs, does not write
        assert client.post(space("visio_answer", pk=written.pk), follow=True).status_code == 200
        Skill.objects.all().delete()
        assert "Votre fiche ne porte ni langue des signes" in text_of(client.get(space("visio")))
        stage.agents["A001"].user = None
        stage.agents["A001"].save()
        assert "relié à aucun agent" in text_of(client.get(space("visio")))
        assert client.post(space("visio_answer", pk=written.pk)).status_code == 404
    written.refresh_from_db()
    assert written.answered_at is None


@pytest.mark.parametrize("role", ["owner", "manager", "supervisor", "accountant"])
def test_other_roles_do_not_answer(stage: Cast, role: str) -> None:
    with signed_in(stage.people[role], at=NOW) as client:
        assert client.get(space("visio")).status_code == 403
        assert client.post(space("visio_answer", pk=1)).status_code == 403


def test_neither_a_colleague_nor_the_rival_looks_into_a_talk(stage: Cast, caller: Client) -> None:
    enter(caller)
    talk = ChannelRequest.objects.get()
    talk.answered_at, talk.agent_name = NOW, name_of(stage.agents["A001"])
    talk.save()
    colleague, rival = (User.objects.create_user(f"{name}@example.org", "un mot de passe long") for name in "cr")
    for user, company, agent in (
        (colleague, stage.company, stage.agents["A002"]),
        (rival, stage.rival, make_agent(stage.rival_source, "R001")),
    ):
        Membership.objects.create(user=user, company=company, role="agent")
        agent.user = user
        agent.save()
        Skill.objects.create(agent=agent, kind="lsf", since=START)
        for siren in {SIREN, company.siren}:
            with signed_in(user, at=NOW) as client:
                assert client.get(f"/espace/{siren}/visio/{talk.pk}/").status_code == 404
                for place in ("signe", "message", "pret", "fin"):
                    assert client.post(f"/espace/{siren}/visio/{talk.pk}/{place}/").status_code == 404
    talk.refresh_from_db()
    assert (talk.ended_at, talk.ready_at) == (None, None)


def test_who_fell_silent_is_no_longer_offered(stage: Cast, caller: Client) -> None:
    enter(caller)
    waiting = ChannelRequest.objects.get()
    with signed_in(stage.people["agent"], at=later(80)) as client:
        assert "Personne n’attend" in text_of(client.get(space("visio")))
        answer = client.post(space("visio_answer", pk=waiting.pk), follow=True)
        assert "Cette personne est partie avant votre réponse." in text_of(answer)
    waiting.refresh_from_db()
    assert waiting.ended_by == "caller_lost"


def test_what_was_asked_by_video_is_an_import_of_its_own_and_nobody_writes_files_for_it(
    stage: Cast, caller: Client
) -> None:
    caller.post(f"{enter(caller).url}fin/")
    store_ended(now=NOW)
    source = access_source(stage.company)
    with signed_in(stage.people["manager"], at=NOW) as manager:
        told = text_of(manager.get(space("import", pk=Intake.objects.get(source=source).pk)))
        assert "demandes par visio et texte" in told
        pages = [space("import_new"), space("name_new", pk=stage.agents["A001"].pk), space("agents_many")]
        for page in pages:
            assert f'<option value="{source.pk}"' not in text_of(manager.get(page))


def test_every_other_page_keeps_cameras_off(cast: Cast) -> None:
    for address in ("/", f"/numero/{DIGITS}/", "/compte/login/", "/health/"):
        assert Client().get(address).headers["Permissions-Policy"].startswith(NONE)


def test_channels_end_with_their_last_day(stage: Cast, caller: Client) -> None:
    AccessChannel.objects.filter(channel="lsf").update(valid_until=date(2026, 11, 25))
    assert "Langue des signes" not in text_of(caller.get(DOOR))
