"""How deaf and hard-of-hearing callers reach the demo: channels of a number, and an agent who answers them."""

from agents.models import Agent, Skill
from illico_platform.demo.people import START, Cast
from numbers.models import AccessChannel, Channel

SKILLS = {Skill.Kind.LSF: "C1", Skill.Kind.LPC: "", Skill.Kind.TEXT: ""}


def lay_access(cast: Cast, *, agent: str) -> None:
    """The first number answers in sign language, cued speech and text; its agent can do all of it."""
    for channel in (Channel.LSF, Channel.LPC, Channel.TEXT):
        AccessChannel.objects.get_or_create(number=cast.numbers[0], channel=channel, defaults={"valid_from": START})
    person = Agent.objects.get(company=cast.company, employee_number=agent)
    for kind, level in SKILLS.items():
        Skill.objects.get_or_create(agent=person, kind=kind, defaults={"level": level, "since": START})
