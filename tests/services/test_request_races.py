"""Two at once over one request by video or text: one answer, one ending, one call."""

from datetime import UTC, datetime, timedelta

import pytest

from agents.models import Skill
from agents.services.answer_request import answer_request
from numbers.models import AccessChannel, Call, CallDay, ChannelRequest
from numbers.rules.channel_clock import Side
from numbers.services.hold_request import RequestRefused, ask, end
from numbers.services.store_requests import store_ended
from tests.cast import START, Cast
from tests.services.test_enrolment_races import as_company, at_once

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ROUNDS = 10  # a race that is lost once in many is lost


def test_two_agents_press_at_once_and_the_caller_leaves(cast: Cast) -> None:
    number = cast.numbers["0892690001"]
    AccessChannel.objects.create(number=number, channel="lsf", valid_from=START)
    agents = [cast.agents["A001"], cast.agents["A002"]]
    Skill.objects.bulk_create(Skill(agent=agent, kind="lsf", since=START) for agent in agents)
    for round_ in range(ROUNDS):
        at = NOW + timedelta(minutes=round_)
        request, _token = ask(number=number, channel="lsf", now=at)
        presses = [
            as_company(
                cast.company,
                lambda agent=agent, pk=request.pk, at=at: answer_request(
                    agent=agent, request_id=pk, channel="lsf", now=at
                ),
            )
            for agent in agents
        ]
        leaves = [lambda pk=request.pk, at=at: end(request_id=pk, side=Side.CALLER, now=at)] * (round_ % 3 > 0)
        outcomes = at_once(*presses, *leaves)
        won = [each for each in outcomes[:2] if isinstance(each, ChannelRequest)]
        lost = {each.why for each in outcomes[:2] if isinstance(each, RequestRefused)}
        request.refresh_from_db()
        assert len(won) == (1 if request.agent_name else 0)
        assert lost <= {"taken", "over"}
        end(request_id=request.pk, side=Side.AGENT, now=at)
    stored = at_once(*[lambda: store_ended(now=NOW + timedelta(hours=1))] * 2)
    assert all(isinstance(each, list) for each in stored)
    assert (Call.objects.count(), CallDay.objects.get().calls) == (ROUNDS, ROUNDS)
