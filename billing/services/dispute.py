"""What an agent contests, as a finding that the company must answer."""

from datetime import datetime

from agents.models import Agent
from billing.models import Finding
from billing.models.finding_words import said_in_french
from billing.rules.checks_kinds import KINDS
from illico_platform.lib.periods import paris_day


def dispute(*, agent: Agent, text: str, now: datetime) -> Finding:
    """Open a finding in the agent's words; the night leaves it to people.

    Args:
        text: what is contested.
    """
    severity, _why, action = KINDS["disputed"]
    detail = {"agent": agent.pk, "name": agent.employee_number, "text": text}
    return Finding.objects.create(
        key=f"disputed:{agent.pk}:{now:%Y%m%d%H%M%S%f}",
        kind="disputed",
        severity=severity,
        company_id=agent.company_id,
        title=said_in_french("disputed", detail),
        detail=detail,
        action=action,
        first_seen_on=paris_day(now),
        last_seen_on=paris_day(now),
    )
