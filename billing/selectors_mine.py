"""What an agent's calls of one day earned, as they may see it: seconds, and the part that goes to wages."""

from dataclasses import dataclass, field
from datetime import date

from agents.models import Agent, Verdict
from agents.selectors_mine import answered_on
from billing.models import RatedCall, RatedDay
from billing.selectors_call import call_shares
from numbers.models import Call

SHOWN = 40


@dataclass(frozen=True)
class MyCall:
    """One call that the agent answered; ``wage_micros`` is None while it has no price, or has none."""

    call: Call
    verdict: Verdict
    wage_micros: int | None


@dataclass(frozen=True)
class MyDay:
    """An agent's day: calls answered, of them kept, conversation in ms, the part of their price that goes to wages."""

    day: date
    answered: int = 0
    kept: int = 0
    talk_ms: int = 0
    wage_micros: int = 0
    calls: list[MyCall] = field(default_factory=list)


def my_day(*, agent: Agent, day: date) -> MyDay:
    """The agent's day, its calls newest first, in four queries."""
    verdicts = {verdict.call_id: verdict for verdict in answered_on(agent=agent, day=day)}
    keys = {"pk__in": list(verdicts), "month": day.replace(day=1)}
    calls = list(Call.objects.filter(**keys).order_by("-offered_at", "-id"))
    rates = {rated.number_id: rated for rated in RatedDay.objects.filter(company_id=agent.company_id, day=day)}
    wages: dict[int, int] = {}
    for rated in RatedCall.objects.filter(**keys):
        shares = call_shares(rated=rated, day=rates[rated.number_id]) if rated.number_id in rates else None
        if shares is not None:
            wages[rated.pk] = shares.wage
    mine = [MyCall(call, verdicts[call.pk], wages.get(call.pk)) for call in calls]
    return MyDay(
        day=day,
        answered=len(mine),
        kept=sum(each.verdict.verdict == "kept" for each in mine),
        talk_ms=sum(each.call.talk_ms or 0 for each in mine),
        wage_micros=sum(wages.values()),
        calls=mine[:SHOWN],
    )
