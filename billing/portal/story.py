"""What a call's page shows, in words and measures: the clock, who and where, the price, the money, what changed.

The company's passport of a call and the administration's page tell the same story.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models.verdict import REASONS
from billing.selectors_call import OFFERED, CallStory
from illico_platform.web import show
from illico_platform.web.draw import draw_clock
from numbers.models import Call, Channel


def page_of(story: CallStory) -> dict[str, Any]:
    """The context of the story's template."""
    call, verdict = story.call, story.verdict
    return {
        "story": story,
        "call": call,
        "clock": clock_of(story) if call.wait_ms is not None else None,
        "sentence": sentence_of(call),
        "channel": channel_of(call),
        "reason": REASONS.get(verdict.reason, verdict.reason) if verdict else "",
        "answered_at": _answered_at(call),
        "price_lines": price_lines(story),
        "is_offered": verdict is not None and verdict.verdict in OFFERED,
        "verdict_changes": [
            {"change": each, "old": REASONS.get(each.old_reason, ""), "new": REASONS.get(each.new_reason, "")}
            for each in story.verdict_changes
        ],
        "price_changes": [
            {"at": each.changed_at, "old": _price(each.old_ttc_micros), "new": _price(each.new_ttc_micros)}
            for each in story.price_changes
        ],
    }


def clock_of(story: CallStory) -> dict[str, Any]:
    """The drawn clock with its words: when the call came in, when its wait ended and how, when it was over."""
    call = story.call
    wait, talk = call.wait_ms or 0, call.talk_ms or 0
    is_answered = call.outcome == Call.Outcome.ANSWERED
    drawn = draw_clock(wait_ms=wait, talk_ms=talk)
    start = _clock_time(call.offered_at)
    end = _clock_time(call.offered_at + timedelta(milliseconds=wait + talk))
    words = {"start": start, "end": end, "wait": show.seconds(wait), "talk": show.duration(talk)}
    sentence = [_("Entré dans la file à %(start)s, attente %(wait)s") % words]
    if call.talk_ms is not None:
        sentence.append(_("conversation %(talk)s") % words)
    sentence.append(_("limite à 60 secondes"))
    return drawn | {
        "kind": story.verdict.verdict if story.verdict else "",
        "start": _("%(start)s entrée dans la file") % words,
        "turn": (_("répondu à %(wait)s") if is_answered else _("fin à %(wait)s")) % words,
        "end": _("conversation %(talk)s jusqu’à %(end)s") % words if talk else "",
        "sentence": ", ".join(sentence),
    }


def sentence_of(call: Call) -> str:
    """The call in one sentence, as read aloud."""
    words = {"wait": show.seconds(call.wait_ms), "talk": show.duration(call.talk_ms)}
    if call.wait_ms is None:
        return _("L’attente de cet appel n’a pas été enregistrée.")
    if call.outcome == Call.Outcome.ANSWERED:
        if call.talk_ms is None:
            return _("Un agent a répondu après %(wait)s. L’attente n’est jamais facturée.") % words
        return (
            _("Un agent a répondu après %(wait)s et la conversation a duré %(talk)s. L’attente n’est jamais facturée.")
            % words
        )
    if call.outcome in (Call.Outcome.ABANDONED, Call.Outcome.KEY):
        return _("L’appelant est parti après %(wait)s, sans réponse.") % words
    return _("Sans réponse après %(wait)s : %(outcome)s.") % {**words, "outcome": call.get_outcome_display()}


def channel_of(call: Call) -> str:
    """What the call came through where that is not voice, and the time that set it up; else empty."""
    if call.channel == Channel.VOICE:
        return ""
    words = {"channel": call.get_channel_display(), "setup": show.duration(call.setup_ms)}
    if not call.setup_ms:
        return _("Demande par %(channel)s. Au prix de la voix, sans supplément.") % words
    return (
        _("Demande par %(channel)s. Mise en place de %(setup)s, jamais facturée ; ensuite au prix de la voix.") % words
    )


def price_lines(story: CallStory) -> list[dict[str, Any]]:
    """The price from what the caller pays to what is kept for wages, micro-euros; empty while it has none."""
    shares, rated, day = story.shares, story.rated, story.day
    if shares is None or rated is None or day is None:
        return []
    words = {
        "talk": show.duration(rated.billed_ms),
        "price": show.micros(rated.price_micros, 2),
        "vat": show.percent_bp(day.vat_bp),
        "carriers": show.percent_bp(day.carriers_bp),
        "fee": show.percent_bp(day.fee_bp),
        "wage": show.percent_bp(day.wage_bp),
    }
    minus = show.MINUS + " "
    return [
        {"label": _("%(talk)s à %(price)s la minute, à la seconde") % words, "value": shares.ttc},
        {"label": _("dont TVA %(vat)s") % words, "value": shares.vat},
        {"label": _("Hors taxes"), "value": shares.ht},
        {"label": _("Gardé par les opérateurs, %(carriers)s du TTC") % words, "value": shares.carriers, "sign": minus},
        {"label": _("Frais de la plateforme, %(fee)s du HT") % words, "value": shares.fee, "sign": minus},
        {"label": _("TVA sur ces frais"), "value": shares.fee_vat, "sign": minus},
        {"label": _("Part de l’entreprise"), "value": shares.company, "is_sum": True},
        {"label": _("dont réservé aux salaires, %(wage)s") % words, "value": shares.wage, "is_wage": True},
        {"label": _("dont disponible"), "value": shares.available, "is_wage": True},
    ]


def _price(ttc_micros: int) -> str:
    return show.micros(ttc_micros) if ttc_micros else _("non facturé")


def _clock_time(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%H:%M:%S}"


def _answered_at(call: Call) -> datetime | None:
    if call.outcome != Call.Outcome.ANSWERED or call.wait_ms is None:
        return None
    return call.offered_at + timedelta(milliseconds=call.wait_ms)
