"""An agent answers a caller who comes in by video or text: who may, and under which name they stand in the call."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agents.models import Agent, PbxName, Skill
from illico_platform.lib.periods import paris_day
from numbers.models import Channel, ChannelRequest
from numbers.services.access_source import access_source
from numbers.services.hold_request import RequestRefused, answer
from numbers.services.locks import lock_in_transaction

SKILL_FOR = {Channel.LSF: Skill.Kind.LSF, Channel.LPC: Skill.Kind.LPC, Channel.TEXT: Skill.Kind.TEXT}


def channels_of_agent(*, agent: Agent, day: date) -> frozenset[str]:
    """The channels through which an agent can answer, by the skills that they have on a day."""
    kinds = set(agent.skills.filter(since__lte=day).values_list("kind", flat=True))
    return frozenset(channel.value for channel, kind in SKILL_FOR.items() if kind in kinds)


def answer_request(*, agent: Agent, request_id: int, channel: str, now: datetime) -> ChannelRequest:
    """Take a waiting request for an agent; the call will bear a name that is theirs from this day on.

    Raises:
        RequestRefused: the agent lacks the skill, is talking already, or the request is no longer to be had.
    """
    day = paris_day(now)
    if channel not in channels_of_agent(agent=agent, day=day):
        raise RequestRefused("no_skill", _("Votre fiche ne porte pas la compétence que ce canal demande."))
    return answer(request_id=request_id, company_id=agent.company_id, agent_name=_name_on(agent, day), now=now)


def name_of(agent: Agent) -> str:
    """How an agent is called in the source of these calls: nobody else will ever be, whatever becomes of matricules."""
    return f"agent-{agent.pk}"


def _name_on(agent: Agent, day: date) -> str:
    source, name = access_source(agent.company), name_of(agent)
    held = PbxName.objects.filter(Q(valid_until=None) | Q(valid_until__gt=day), source=source, name=name)
    known = held.filter(agent=agent, valid_from__lte=day)
    if not known.exists():
        with transaction.atomic():
            lock_in_transaction("staff", agent.company_id)
            if not known.exists():
                later = held.filter(valid_from__gt=day).order_by("valid_from").values_list("valid_from", flat=True)
                PbxName.objects.create(source=source, name=name, agent=agent, valid_from=day, valid_until=later.first())
    return name
