"""A request by video or text from the door to the call: who gets in, who gets it, who is lost, what is stored."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from agents.models import PbxName, Skill, Verdict
from agents.services.answer_request import answer_request, name_of
from billing.models import RatedCall
from billing.services.night import run_night
from billing.services.take_requests import take_requests
from numbers.models import AccessChannel, Call, CallDay, ChannelRequest, Intake, OpeningException, Source
from numbers.rules.channel_clock import Side
from numbers.services import store_requests
from numbers.services.hold_request import RequestRefused, ask, end, expire_silent, give_sign, say_ready
from numbers.services.room_signals import LONGEST_BYTES, MOST_UNREAD, send_signal, signals_for
from tests.cast import START, Cast, make_agent

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DIGITS = "0892690001"


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def stage(cast: Cast) -> Cast:
    """The first number answers in sign language and in writing; A001 and A002 sign, A001 writes too."""
    for channel in ("lsf", "text"):
        AccessChannel.objects.create(number=cast.numbers[DIGITS], channel=channel, valid_from=START)
    for name, kind in (("A001", "lsf"), ("A001", "text"), ("A002", "lsf"), ("A900", "lsf")):
        Skill.objects.create(agent=cast.agents[name], kind=kind, since=START)
    return cast


def enter(cast: Cast, *, channel: str = "lsf", seconds: float = 0) -> ChannelRequest:
    return ask(number=cast.numbers[DIGITS], channel=channel, now=at(seconds))[0]


def answered(cast: Cast, request: ChannelRequest, seconds: float, *, agent: str = "A001") -> ChannelRequest:
    found = cast.agents[agent]
    return answer_request(agent=found, request_id=request.pk, channel=request.channel, now=at(seconds))


def signs(request: ChannelRequest, until: int, *sides: Side, since: int = 0, seat: str = "one") -> ChannelRequest:
    """A sign of life of these sides every 30 seconds."""
    for seconds in range(since, until + 1, 30):
        for side in sides:
            request = give_sign(request_id=request.pk, side=side, seat=f"{side}-{seat}", now=at(seconds))
    return request


def refusal(act: Callable[[], Any]) -> str:
    with pytest.raises(RequestRefused) as refused:
        act()
    return refused.value.why


# ---- The door -------------------------------------------------------------------------------------------------


def test_who_gets_in(stage: Cast) -> None:
    number, other = stage.numbers[DIGITS], stage.numbers["0892690002"]
    request, token = ask(number=number, channel="lsf", now=NOW)
    assert len(token) >= 22  # 128 bits
    assert token not in str(ChannelRequest.objects.filter(pk=request.pk).values())
    assert refusal(lambda: ask(number=number, channel="lpc", now=NOW)) == "no_channel"
    assert refusal(lambda: ask(number=number, channel="voice", now=NOW)) == "no_channel"
    assert refusal(lambda: ask(number=other, channel="lsf", now=NOW)) == "no_channel"
    OpeningException.objects.create(number=number, day=date(2026, 11, 26))
    assert refusal(lambda: ask(number=number, channel="lsf", now=NOW + timedelta(days=1))) == "closed"
    AccessChannel.objects.filter(number=number, channel="text").update(valid_until=date(2026, 11, 25))
    assert refusal(lambda: ask(number=number, channel="text", now=NOW)) == "no_channel"
    assert ChannelRequest.objects.count() == 1


# ---- The answer -----------------------------------------------------------------------------------------------


def test_the_first_who_presses_has_it(stage: Cast) -> None:
    request = enter(stage)
    first = answered(stage, request, 12)
    assert (first.answered_at, first.agent_name, first.ready_at) == (at(12), name_of(stage.agents["A001"]), None)
    assert refusal(lambda: answered(stage, request, 13, agent="A002")) == "taken"
    assert answered(stage, request, 14).answered_at == at(12)  # pressed twice
    other = enter(stage, seconds=20)
    assert refusal(lambda: answered(stage, other, 21)) == "busy"
    assert answered(stage, other, 22, agent="A002").answered_at == at(22)


def test_an_answer_that_comes_too_late_finds_nobody(stage: Cast) -> None:
    gone, left = enter(stage), enter(stage)
    give_sign(request_id=left.pk, side=Side.CALLER, seat="one", now=at(5))
    give_sign(request_id=left.pk, side=Side.CALLER, seat="one", now=at(6), leaves=True)
    assert refusal(lambda: answered(stage, left, 26)) == "over"
    assert refusal(lambda: answered(stage, gone, 20)) == "over"  # whose page never spoke
    found = ChannelRequest.objects.in_bulk()
    assert (found[left.pk].ended_at, found[left.pk].ended_by) == (at(6), "caller_lost")
    assert (found[gone.pk].ended_at, found[gone.pk].ended_by) == (at(0), "caller_lost")
    assert answered(stage, enter(stage, seconds=80), 81).agent_name  # and the agent is free


@pytest.mark.parametrize(("agent", "channel"), [("A002", "text"), ("A003", "lsf")])
def test_only_who_has_the_skill_answers(stage: Cast, agent: str, channel: str) -> None:
    request = enter(stage, channel=channel)
    assert refusal(lambda: answered(stage, request, 1, agent=agent)) == "no_skill"


def test_a_skill_counts_from_its_day_on(stage: Cast) -> None:
    Skill.objects.filter(agent=stage.agents["A001"], kind="lsf").update(since=date(2026, 11, 26))
    assert refusal(lambda: answered(stage, enter(stage), 1)) == "no_skill"


def test_another_companys_agent_does_not_even_find_it(stage: Cast) -> None:
    rival = make_agent(stage.rival_source, "R001")
    Skill.objects.create(agent=rival, kind="lsf", since=START)
    with pytest.raises(ChannelRequest.DoesNotExist):
        answer_request(agent=rival, request_id=enter(stage).pk, channel="lsf", now=at(1))


def test_a_written_talk_needs_no_setting_up_and_a_signed_one_does(stage: Cast) -> None:
    written, signed = enter(stage, channel="text"), enter(stage)
    assert answered(stage, written, 5).ready_at == at(5)
    answered(stage, signed, 6, agent="A002")
    mine, other = name_of(stage.agents["A002"]), name_of(stage.agents["A001"])
    told = {"request_id": signed.pk, "company_id": stage.company.pk}
    assert refusal(lambda: say_ready(**told, agent_name=other, now=at(9))) == "not_yours"
    assert say_ready(**told, agent_name=mine, now=at(10)).ready_at == at(10)
    assert say_ready(**told, agent_name=mine, now=at(20)).ready_at == at(10)


# ---- Signs of life --------------------------------------------------------------------------------------------


def test_a_second_page_takes_the_seat_and_the_first_speaks_for_nobody(stage: Cast) -> None:
    request = answered(stage, enter(stage), 5)
    one = {"request_id": request.pk, "side": Side.CALLER, "seat": "one"}
    assert give_sign(**one, now=at(6)).round == 1
    taken = give_sign(**one | {"seat": "two"}, now=at(10), takes_seat=True)
    assert (taken.caller_seat, taken.round) == ("two", 2)
    still = give_sign(**one, now=at(60))
    assert (still.caller_seat, still.round, still.caller_seen_at) == ("two", 2, at(10))


def test_a_reload_goes_on_and_a_closed_page_ends(stage: Cast) -> None:
    request = answered(stage, enter(stage), 5)
    signs(request, 30, Side.CALLER, Side.AGENT)
    seat = {"request_id": request.pk, "side": Side.CALLER}
    give_sign(**seat, seat="caller-one", now=at(31), leaves=True)
    back = give_sign(**seat, seat="caller-new", now=at(34), takes_seat=True)
    assert (back.ended_at, back.caller_left) == (None, False)
    give_sign(**seat, seat="caller-new", now=at(40), leaves=True)
    give_sign(request_id=request.pk, side=Side.AGENT, seat="agent-one", now=at(60))
    request.refresh_from_db()
    assert (request.ended_at, request.ended_by) == (at(40), "caller_lost")


def test_who_is_silent_is_ended_by_the_round_or_by_the_other_side(stage: Cast) -> None:
    waiting, talking = enter(stage), answered(stage, enter(stage), 5)
    signs(talking, 60, Side.CALLER)
    assert expire_silent(now=at(91)) == 2
    found = ChannelRequest.objects.in_bulk()
    assert (found[waiting.pk].ended_at, found[waiting.pk].ended_by) == (at(0), "caller_lost")
    assert (found[talking.pk].ended_at, found[talking.pk].ended_by) == (at(5), "agent_lost")
    assert expire_silent(now=at(900)) == 0


def test_nobody_waits_longer_than_a_queue_lets_them(stage: Cast) -> None:
    request = signs(enter(stage), 600, Side.CALLER)
    assert (request.ended_at, request.ended_by) == (at(600), "limit")


@pytest.mark.parametrize("what", ["number", "company"])
def test_a_number_that_is_suspended_lets_nobody_wait_but_lets_talks_end(stage: Cast, what: str) -> None:
    waiting, talking = enter(stage), answered(stage, enter(stage), 5)
    if what == "number":
        type(stage.numbers[DIGITS]).objects.filter(digits=DIGITS).update(status="suspended")
    else:
        type(stage.company).objects.filter(pk=stage.company.pk).update(is_active=False)
    told = [signs(each, 0, Side.CALLER) for each in (waiting, talking)]
    assert [each.ended_by for each in told] == ["withdrawn", ""]


# ---- Words between the two ------------------------------------------------------------------------------------


def test_words_go_to_the_other_side_once_and_die_with_the_talk(stage: Cast) -> None:
    request = answered(stage, enter(stage), 1)
    signs(request, 0, Side.CALLER, Side.AGENT)
    request.refresh_from_db()

    def word(side: Side, **changed: Any) -> None:
        facts = {"seat": f"{side}-one", "link": request.round, "kind": "text", "payload": "é"} | changed
        send_signal(request_id=request.pk, side=side, now=at(2), **facts)

    def heard(side: Side, after: int = 0) -> list[Any]:
        return signals_for(request=request, side=side, seat=f"{side}-one", after=after)

    word(Side.CALLER)
    word(Side.CALLER, payload="à")
    word(Side.CALLER, link=request.round - 1)
    word(Side.CALLER, seat="a tab that lost the seat")
    words = heard(Side.AGENT)
    assert ([each.payload for each in words], heard(Side.CALLER)) == (["é", "à"], [])
    assert signals_for(request=request, side=Side.AGENT, seat="another tab", after=0) == []
    assert [each.payload for each in heard(Side.AGENT, after=words[0].pk)] == ["à"]
    assert request.signals.count() == 1  # what was read is gone
    assert refusal(lambda: word(Side.AGENT, payload="x" * (LONGEST_BYTES + 1))) == "bad_signal"
    assert refusal(lambda: word(Side.AGENT, kind="other")) == "bad_signal"
    for _ in range(MOST_UNREAD - 1):
        word(Side.CALLER)
    assert refusal(lambda: word(Side.CALLER)) == "too_many"
    end(request_id=request.pk, side=Side.CALLER, now=at(9))
    assert request.signals.count() == 0
    word(Side.CALLER)
    assert request.signals.count() == 0


# ---- Calls ----------------------------------------------------------------------------------------------------

FACTS = ("channel", "outcome", "wait_ms", "talk_ms", "setup_ms", "agent_name", "caller_hash")


def play(cast: Cast) -> None:
    """A talk with 20 s of setting up and 60 s of conversation, a late written one, one left, one unproven."""
    signed = enter(cast)
    signs(answered(cast, signed, 10), 90, Side.CALLER, Side.AGENT, since=10)
    mine = name_of(cast.agents["A001"])
    say_ready(request_id=signed.pk, company_id=cast.company.pk, agent_name=mine, now=at(30))
    signs(signed, 90, Side.CALLER, Side.AGENT, since=88)
    end(request_id=signed.pk, side=Side.AGENT, now=at(90))
    late = enter(cast, channel="text", seconds=100)
    signs(late, 160, Side.CALLER, since=100)
    answered(cast, late, 160)
    end(request_id=late.pk, side=Side.AGENT, now=at(165))
    end(request_id=enter(cast, seconds=200).pk, side=Side.CALLER, now=at(209))
    abroad = answered(cast, enter(cast, seconds=300), 301, agent="A900")
    end(request_id=abroad.pk, side=Side.CALLER, now=at(310))


def test_what_ended_becomes_calls_once_and_the_night_judges_and_prices_them(stage: Cast) -> None:
    play(stage)
    running = enter(stage, seconds=400)
    assert take_requests(now=at(401)) == 1
    a001, a900 = name_of(stage.agents["A001"]), name_of(stage.agents["A900"])
    calls = Call.objects.filter(channel__in=["lsf", "text"]).order_by("offered_at")
    assert list(calls.values_list(*FACTS)) == [
        ("lsf", "answered", 10_000, 80_000, 20_000, a001, None),
        ("text", "answered", 60_000, 5_000, 0, a001, None),
        ("lsf", "abandoned", 9_000, None, None, None, None),
        ("lsf", "answered", 1_000, 9_000, 9_000, a900, None),
    ]
    source = Source.objects.get(company=stage.company, kind="access")
    [intake] = Intake.objects.filter(source=source)
    assert (intake.calls, intake.read, intake.connector) == (4, 4, "access")
    verdicts = Verdict.objects.filter(number=stage.numbers[DIGITS]).order_by("call_id")
    told = [("kept", 60_000), ("late", None), ("abandoned", None), ("unproven", None)]
    assert list(verdicts.values_list("verdict", "charged_ms")) == told
    [price] = RatedCall.objects.all()
    assert (price.ttc_micros, price.price_micros) == (600_000, 600_000)  # a minute at the price of voice, no more

    assert take_requests(now=at(402)) == 0
    run_night(day=date(2026, 11, 25), now=NOW + timedelta(days=1))  # whoever waited still is gone by then
    running.refresh_from_db()
    assert (running.ended_by, calls.count(), Intake.objects.filter(source=source).count()) == ("caller_lost", 5, 2)
    assert CallDay.objects.get(number=stage.numbers[DIGITS]).calls == 5
    assert list(PbxName.objects.filter(source=source, name=a001).values_list("valid_from")) == [(date(2026, 11, 25),)]


@pytest.mark.parametrize("broken", ["mark_days", "write"])
def test_a_stop_at_any_point_and_again_gives_the_same(
    stage: Cast, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    play(stage)

    def stop(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store_requests.CallWriter, broken, stop)
        with pytest.raises(KeyboardInterrupt):
            store_requests.store_ended(now=at(400))
    assert (Call.objects.count(), Intake.objects.count(), CallDay.objects.count()) == (0, 0, 0)
    for _ in range(2):
        store_requests.store_ended(now=at(401))
    assert (Call.objects.count(), CallDay.objects.get().calls) == (4, 4)
    ChannelRequest.objects.update(stored_at=None)  # as if only that had been lost
    store_requests.store_ended(now=at(402))
    assert (Call.objects.count(), CallDay.objects.get().calls) == (4, 4)
    assert store_requests.forget_stored(now=at(402) + timedelta(days=8)) == 4


def test_the_database_itself_keeps_an_agent_to_one_talk(stage: Cast) -> None:
    one, two = enter(stage), enter(stage)
    answered(stage, one, 1)
    with connection.cursor() as cursor, pytest.raises(Exception, match="request_one_talk_an_agent"):
        cursor.execute(
            "UPDATE numbers_channelrequest SET agent_name = %s WHERE id = %s",
            [name_of(stage.agents["A001"]), two.pk],
        )
