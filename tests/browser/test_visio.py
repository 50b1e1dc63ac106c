"""Two people in two browsers by video and text, with cameras that pretend; what comes of it in the books."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect

from agents.models import Skill, Verdict
from billing.models import RatedCall
from billing.services.night import run_night
from illico_platform.lib.periods import paris_day
from numbers.models import AccessChannel, Call, OpeningHours
from tests.browser.reader import PATIENCE_MS, Reader, sit_down
from tests.cast import SIREN, START, Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)
DOOR, CONSOLE = "/numero/0892690001/visio/", f"/espace/{SIREN}/visio/"
PICTURE = "() => { const v = document.querySelector('[data-remote]'); return [v.videoWidth, v.currentTime]; }"
# What Chromium says of a page that stays open; the page itself is drawn with that font.
IDLE = "was preloaded using link preload but not used"


@dataclass
class Line:
    """A caller and an agent, each at a screen of their own."""

    cast: Cast
    caller: Reader
    agent: Reader

    def faults(self) -> list[str]:
        return [fault for reader in (self.caller, self.agent) for fault in reader.faults if IDLE not in fault]


@pytest.fixture
def line(browser: Browser, live_server: Any) -> Iterator[Line]:
    cast = make_cast()
    cache.clear()
    agent = cast.agents["A001"]
    agent.user = cast.people["agent"]
    agent.save()
    for kind in ("lsf", "text"):
        AccessChannel.objects.create(number=cast.numbers["0892690001"], channel=kind, valid_from=START)
        Skill.objects.create(agent=agent, kind=kind, since=START)
    client = Client()
    client.force_login(cast.people["agent"], backend="django.contrib.auth.backends.ModelBackend")
    found = Line(cast, sit_down(browser, live_server.url, width=360), sit_down(browser, live_server.url))
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    found.agent.page.context.add_cookies([session])
    yield found
    for context in browser.contexts:
        context.close()


def until(holds: Callable[[], Any]) -> Any:
    """Look again until it holds; the page's policy lets no waiting script be written into it."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not (found := holds()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
    return found


def sees_moving_pictures(reader: Reader) -> None:
    """Frames of the other side arrive, and go on arriving."""
    _width, first = until(lambda: (seen := reader.page.evaluate(PICTURE))[0] > 0 and seen[1] > 0 and seen)
    until(lambda: reader.page.evaluate(PICTURE)[1] > first + 0.3)


def reads_typed(reader: Reader, text: str) -> None:
    expect(reader.page.locator(".line.them").last).to_contain_text(text, timeout=PATIENCE_MS)


def come_in_and_answer(caller: Reader, agent: Reader) -> None:
    """From the door to the beginning of the conversation, without a mouse."""
    agent.open(CONSOLE)
    agent.sees("Personne n’attend")
    caller.open(DOOR)
    assert caller.look() == []
    caller.mark("Langue des signes")
    caller.mark("J’accepte")
    caller.key("Entrer dans la file")
    caller.sees("Vous êtes dans la file")
    assert caller.look() == []

    agent.sees("Langue des signes")  # the list fills by itself
    expect(agent.page.locator("#queue-says")).to_have_text("1 personne attend.")
    assert agent.look() == []
    agent.tab_to("Répondre")
    clock = agent.page.locator(".queue-clock > b")
    shown = clock.inner_text()
    until(lambda: clock.inner_text() != shown)  # the list is drawn anew under the finger
    expect(agent.page.get_by_role("button", name="Répondre")).to_be_focused()
    agent.enter()
    for reader in (caller, agent):
        sees_moving_pictures(reader)
    caller.sees("Ce temps n’est pas facturé")
    agent.press("Interprète prêt")
    caller.sees("Elle est facturée à la seconde")


def write_to_each_other(caller: Reader, agent: Reader) -> None:
    """Each letter as it is typed; who hears the page is not told each letter."""
    expect(caller.page.locator("[data-type]")).to_be_focused()
    caller.page.keyboard.type("Bonjour, je vo")
    reads_typed(agent, "Bonjour, je vo")  # before the line is ended
    caller.page.keyboard.press("Backspace")
    caller.page.keyboard.type("eux un conseil.\n")
    reads_typed(agent, "Bonjour, je veux un conseil.")
    heard = agent.page.locator("[data-heard]")
    expect(heard).to_contain_text("je veux un conseil.", timeout=PATIENCE_MS)
    assert heard.locator("span").count() <= 3  # not letter after letter
    agent.page.get_by_label("Écrire").press_sequentially("Dites-moi.")
    reads_typed(caller, "Dites-moi.")
    assert caller.look() + agent.look() == []
    for reader in (caller, agent):
        for width in (1280, 320):
            reader.at_width(width)
            assert not reader.overflows()


def test_two_browsers_talk_by_video_and_text_and_it_becomes_a_call(line: Line) -> None:
    caller, agent = line.caller, line.agent
    come_in_and_answer(caller, agent)
    write_to_each_other(caller, agent)
    caller.page.reload()  # the camera's light goes out and on; the talk goes on
    sees_moving_pictures(caller)
    sees_moving_pictures(agent)
    reads_typed(caller, "Dites-moi.")
    caller.key("Mettre fin")
    caller.sees_title("Conversation finie")
    agent.sees_title("Conversation finie")
    assert caller.look() + agent.look() == []

    now = timezone.now()
    run_night(day=paris_day(now), now=now + timedelta(hours=12))
    call = Call.objects.get(channel="lsf")
    assert call.outcome == "answered"
    assert 0 < call.setup_ms < call.talk_ms
    verdict = Verdict.objects.get(call_id=call.pk)
    assert (verdict.verdict, verdict.charged_ms) == ("kept", call.talk_ms - call.setup_ms)
    assert RatedCall.objects.get(call_id=call.pk).ttc_micros == 600_000 * verdict.charged_ms // 60_000
    assert line.faults() == []


def test_text_goes_by_the_site_where_no_path_opens(line: Line) -> None:
    caller, agent = line.caller, line.agent
    caller.page.add_init_script("delete window.RTCPeerConnection")
    caller.open(DOOR)
    caller.tick("Texte en temps réel")
    caller.tick("J’accepte")
    caller.press("Entrer dans la file")
    agent.open(CONSOLE)
    agent.press("Répondre")
    caller.sees("Elle est facturée à la seconde")
    for reader, other, text in ((caller, agent, "Par le site"), (agent, caller, "Je vous lis")):
        reader.page.get_by_label("Écrire").press_sequentially(text)
        reads_typed(other, text)
    # The caller's browser dies: the agent is told, ends it, and nobody is charged for talking to nobody.
    caller.page.context.close()
    agent.sees("ne donne plus signe de vie")
    agent.press("Mettre fin")
    agent.sees_title("Conversation finie")
    assert line.faults() == []


def test_what_the_door_says_when_nobody_can_come_in(line: Line, browser: Browser) -> None:
    caller = line.caller
    OpeningHours.objects.filter(number=line.cast.numbers["0892690001"]).delete()
    for address, title in ((DOOR, "Fermé en ce moment"), (DOOR.replace("01/", "02/"), "ne répond ni en signes")):
        caller.open(address)
        caller.sees_title(title)
        caller.sees("Par la voix")
        assert caller.look() == []
    weekly = {"opens_s": 0, "closes_s": 86_400, "valid_from": START}
    OpeningHours.objects.bulk_create(
        OpeningHours(number=line.cast.numbers["0892690001"], weekday=day, **weekly) for day in range(7)
    )
    cache.clear()
    plain = browser.new_context(java_script_enabled=False, locale="fr-FR").new_page()
    plain.goto(caller.site + DOOR)
    expect(plain.get_by_text("Cette page a besoin de JavaScript.")).to_be_visible()
    expect(plain.get_by_role("button", name="Entrer dans la file")).to_have_count(0)
    expect(plain.get_by_role("link", name="0 892 69 00 01").last).to_have_attribute("href", "tel:+33892690001")
    assert line.faults() == []
