"""Deaf callers in the demo: channels of two numbers, who answers them, and ten days of requests."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from agents.models import Agent, PbxName, Skill
from agents.services.answer_request import name_of
from illico_platform.demo.people import START, Cast
from illico_platform.lib.periods import day_start, paris_day
from numbers.models import AccessChannel, Call, ChannelRequest, PremiumNumber
from numbers.services.access_source import access_source
from numbers.services.hold_request import key_of
from numbers.services.store_requests import store_ended

DAYS = 10
NINE, SIX = 9 * 3600, 18 * 3600
# What a day brings: hour, channel, wait, set-up and talk in seconds (none: gone while waiting), who answers.
_STORY: list[tuple[int, str, int, int, int | None, str]] = [
    (10, "lsf", 22, 35, 275, "R001"),
    (11, "text", 12, 0, 190, "R006"),
    (14, "text", 41, 0, None, ""),
    (16, "lsf", 48, 28, 150, "R001"),
]
_LATE = (17, "lsf", 75, 30, 120, "R001")  # on Mondays


def lay_channels(conseil: Cast, renfort: Cast) -> None:
    """Sign language and text on one number of each; the second one's text is open less than its voice."""
    _offer(conseil.numbers[0], "lsf")
    _offer(conseil.numbers[0], "text")
    _offer(renfort.numbers[1], "lsf")
    text, created = _offer(renfort.numbers[1], "text", opening=AccessChannel.Hours.OWN)
    for weekday in range(5) if created else ():
        text.hours.create(weekday=weekday, opens_s=NINE, closes_s=SIX)
    for cast, name, kind, level in (
        (conseil, "A001", Skill.Kind.LSF, "B2"),
        (conseil, "A001", Skill.Kind.TEXT, ""),
        (renfort, "R001", Skill.Kind.LSF, "C1"),
        (renfort, "R006", Skill.Kind.TEXT, ""),
    ):
        agent = Agent.objects.get(company=cast.company, employee_number=name)
        Skill.objects.get_or_create(agent=agent, kind=kind, language="", defaults={"level": level, "since": START})


def play_channels(renfort: Cast, *, now: datetime) -> None:
    """Requests of the last days, from the door to their calls; once they are in it changes nothing."""
    source = access_source(renfort.company)
    if Call.objects.filter(source=source, company=renfort.company).exists():
        return
    for agent in Agent.objects.filter(company=renfort.company, employee_number__in=["R001", "R006"]):
        PbxName.objects.get_or_create(source=source, name=name_of(agent), agent=agent, defaults={"valid_from": START})
    today = paris_day(now)
    for day in (today - timedelta(days=back) for back in range(DAYS, 0, -1)):
        ChannelRequest.objects.bulk_create(_requests(renfort, day))
    store_ended(now=now)


def _offer(number: PremiumNumber, channel: str, **more: str) -> tuple[AccessChannel, bool]:
    return AccessChannel.objects.get_or_create(number=number, channel=channel, defaults={"valid_from": START, **more})


def _requests(cast: Cast, day: date) -> Iterator[ChannelRequest]:
    agents = {agent.employee_number: agent for agent in Agent.objects.filter(company=cast.company)}
    for hour, channel, wait, setup, talk, agent in [*_STORY, *([_LATE] if day.weekday() == 0 else [])]:
        if channel == "text" and day.weekday() > 4:
            continue  # the door was closed
        entered = day_start(day) + timedelta(hours=hour)
        answered = entered + timedelta(seconds=wait) if talk else None
        ended = entered + timedelta(seconds=wait + (talk or 0))
        yield ChannelRequest(
            company=cast.company,
            number=cast.numbers[1],
            channel=channel,
            key=key_of(f"démo {cast.company.siren} {entered:%F %T}"),
            entered_at=entered,
            answered_at=answered,
            ready_at=answered and answered + timedelta(seconds=setup),
            ended_at=ended,
            ended_by=ChannelRequest.EndedBy.CALLER,
            agent_name=name_of(agents[agent]) if agent else "",
            caller_seen_at=ended,
            agent_seen_at=answered and ended,
        )
