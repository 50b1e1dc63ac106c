"""Calls as rows of a table: time, number, agent, wait against the minute, conversation, promise, price."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models.verdict import VerdictKind
from billing.selectors_call import OFFERED, CallOutcome, outcomes_of
from illico_platform.web import show
from illico_platform.web.draw import PROMISE_MS
from numbers.models import Call, Company

_LABELS = dict(VerdictKind.choices)


@dataclass(frozen=True)
class CallRow:
    """One call as its row shows it: day, minute and second as France reads the clock, and what became of the call.

    ``wait_share`` is in hundredths of the minute, None where no wait was recorded.
    """

    call: Call
    day: str
    minute: str
    second: str
    outcome: CallOutcome
    label: str
    agent: str
    wait_share: int | None
    price: str


def rows_of(calls: Sequence[Call]) -> list[CallRow]:
    """The rows of the calls of one page."""
    outcomes = outcomes_of(calls)
    return [_row(call, outcomes.get(call.pk, CallOutcome())) for call in calls]


def price_words(outcome: CallOutcome) -> str:
    """The price of a call, or the word for none: « offert » where the promise was broken."""
    if outcome.ttc_micros is not None:
        return show.price(outcome.ttc_micros)
    return _("offert") if outcome.verdict in OFFERED else show.NONE


def calls_address(company: Company, **filters: object) -> str:
    """The address of the company's calls, narrowed by the list's own filters."""
    address = reverse("portal:calls", kwargs={"siren": company.siren})
    return f"{address}?{urlencode(filters, doseq=True)}" if filters else address


def _row(call: Call, outcome: CallOutcome) -> CallRow:
    wait, at = call.wait_ms, timezone.localtime(call.offered_at)
    return CallRow(
        call=call,
        day=f"{at:%d/%m}",
        minute=f"{at:%H:%M}",
        second=f"{at:%S}",
        outcome=outcome,
        label=str(_LABELS.get(outcome.verdict, "")),
        agent=outcome.agent or call.agent_name or show.NONE,
        wait_share=None if wait is None else min(100, 100 * wait // PROMISE_MS),
        price=price_words(outcome),
    )
