"""The demo's planned shifts: a week behind and a week ahead, five days of seven, mornings and afternoons."""

from collections.abc import Sequence
from datetime import date, timedelta

from agents.rules.shift_list import read_shifts
from agents.services.plan_shifts import plan_shifts
from numbers.models import Company

_MORNING, _AFTERNOON = "7h55;15h10;30", "14h55;23h10;30"


def lay_shifts(company: Company, mornings: Sequence[str], afternoons: Sequence[str], *, today: date) -> None:
    """Plan each agent's days; again on the same day it changes nothing."""
    lines = []
    for hours, agents in ((_MORNING, mornings), (_AFTERNOON, afternoons)):
        for rank, agent in enumerate(agents):
            for day in (today + timedelta(days=n) for n in range(-7, 8)):
                if (day.toordinal() + rank) % 7 < 5:
                    lines.append(f"{agent};{day};{hours}")
    rows, _faults = read_shifts("\n".join(lines))
    plan_shifts(company=company, rows=rows)
