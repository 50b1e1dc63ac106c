"""What a call's page shows, in words and measures: the clock, who and where, the price, the money, what changed."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agents.models.verdict import REASONS
from billing.selectors_call import CallStory
from illico_platform.web import show
from numbers.models import Call

PROMISE_MS = 60_000
AXIS_MS = 80_000  # of a call that was quickly answered: the 60 s line stands at three quarters


def page_of(story: CallStory) -> dict[str, Any]:
    """The context of the story's template."""
    call = story.call
    return {
        "story": story,
        "call": call,
        "clock": clock_of(call),
        "sentence": sentence_of(story),
        "reason": REASONS.get(story.verdict.reason, story.verdict.reason) if story.verdict else "",
        "answered_at": _answered_at(call),
        "price_lines": price_lines(story),
        "is_offered": story.verdict is not None and story.verdict.verdict in ("late", "unproven"),
        "verdict_changes": [
            {"change": each, "old": REASONS.get(each.old_reason, ""), "new": REASONS.get(each.new_reason, "")}
            for each in story.verdict_changes
        ],
        "price_changes": [
            {"at": each.changed_at, "old": _price(each.old_ttc_micros), "new": _price(each.new_ttc_micros)}
            for each in story.price_changes
        ],
    }


def clock_of(call: Call) -> dict[str, Any]:
    """The wait and the conversation on one axis with the 60 s line; a long conversation is cut at its end."""
    wait = call.wait_ms or 0
    axis = max(AXIS_MS, wait + 20_000)
    wait_share = 100 * wait / axis
    talk = call.talk_ms or 0
    talk_share = min(100 * talk / axis, 100 - wait_share)
    end = call.offered_at + timedelta(milliseconds=wait + talk)
    return {
        "wait": f"{wait_share:.2f}",
        "talk": f"{talk_share:.2f}",
        "is_cut": 100 * talk / axis > 100 - wait_share,
        "limit": f"{100 * PROMISE_MS / axis:.2f}",
        "start": f"{timezone.localtime(call.offered_at):%H:%M:%S}",
        "end": f"{timezone.localtime(end):%H:%M:%S}",
        "answered_right": wait_share > 55,
    }


def sentence_of(story: CallStory) -> str:
    """The call in one sentence, as read aloud."""
    call = story.call
    wait, talk = show.seconds(call.wait_ms), show.duration(call.talk_ms)
    if call.wait_ms is None:
        return "L’attente de cet appel n’a pas été enregistrée."
    if call.outcome == Call.Outcome.ANSWERED:
        spoken = f" et la conversation a duré {talk}" if call.talk_ms is not None else ""
        return f"Un agent a répondu après {wait}{spoken}. L’attente n’est jamais facturée."
    if call.outcome in (Call.Outcome.ABANDONED, Call.Outcome.KEY):
        return f"L’appelant est parti après {wait}, sans réponse."
    return f"Sans réponse après {wait} : {call.get_outcome_display()}."


def price_lines(story: CallStory) -> list[dict[str, Any]]:
    """The price from what the caller pays to what is kept for wages, micro-euros; empty while it has none."""
    shares, rated, day = story.shares, story.rated, story.day
    if shares is None or rated is None or day is None:
        return []
    spoken = show.duration(rated.billed_ms)
    minus = show.MINUS + " "
    return [
        {"label": f"{spoken} à {show.micros(rated.price_micros, 2)} la minute, à la seconde", "value": shares.ttc},
        {"label": f"dont TVA {show.percent_bp(day.vat_bp)}", "value": shares.vat},
        {"label": "Hors taxes", "value": shares.ht},
        {
            "label": f"Gardé par les opérateurs, {show.percent_bp(day.carriers_bp)} du TTC",
            "value": shares.carriers,
            "sign": minus,
        },
        {"label": f"Frais de la plateforme, {show.percent_bp(day.fee_bp)} du HT", "value": shares.fee, "sign": minus},
        {"label": "TVA sur ces frais", "value": shares.fee_vat, "sign": minus},
        {"label": "Part de l’entreprise", "value": shares.company, "is_sum": True},
        {"label": f"dont réservé aux salaires, {show.percent_bp(day.wage_bp)}", "value": shares.wage, "is_wage": True},
        {"label": "dont disponible", "value": shares.available},
    ]


def _price(ttc_micros: int) -> str:
    return show.micros(ttc_micros) if ttc_micros else "non facturé"


def _answered_at(call: Call) -> Any:
    if call.outcome != Call.Outcome.ANSWERED or call.wait_ms is None:
        return None
    return call.offered_at + timedelta(milliseconds=call.wait_ms)
