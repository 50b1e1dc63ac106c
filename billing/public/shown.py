"""A public number in words: price, signage, open or not and until when, its week, its rate."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from agents.models.verdict import VerdictKind
from agents.selectors_evidence import Asked
from billing.selectors_public import COUNTED, PublicChannel, PublicNumber
from illico_platform.lib.periods import paris_day
from numbers.models import Channel, PremiumNumber
from numbers.models.number import Weekday
from numbers.rules.opening import DAY_S, Opening, Run, opening_at
from numbers.rules.plan import Family, display
from numbers.rules.signage import colour_of, signage

CALL_MIN = 5  # the length of the example call


@dataclass(frozen=True)
class Shown:
    """What the templates print of one number."""

    fact: PublicNumber
    digits: str
    dialled: str
    use: str
    siren: str
    colour: str
    signage: str
    is_open: bool
    opening: str
    counts: list[tuple[str, str, int]]
    example_micros: int | None
    week: list[dict[str, Any]]
    dated: list[dict[str, Any]]
    channels: list[dict[str, Any]]


_ASKED = {
    "needs_agreement": _lazy("un accord de télétravail, pour qui répond de son domicile"),
    "needs_check_in": _lazy("un pointage signé au début du travail"),
    "needs_passkey": _lazy("ce pointage signé par la clé d’accès de l’agent"),
    "needs_network": _lazy("un réseau vu en France"),
    "needs_training": _lazy("les formations obligatoires, à jour"),
}


def asked_words(asked: Asked) -> dict[str, Any]:
    """What a kept promise must rest on today, in words, each with the day since when."""
    return {
        "links": [(str(_ASKED[name]), since) for name, since in asked.links.items()],
        "counts_overseas": asked.counts_overseas,
        "overseas_since": asked.overseas_since,
    }


def shown(fact: PublicNumber, *, now: datetime) -> Shown:
    """The number as printed at ``now``, in the reader's language; the signage stays French, as the law has it."""
    opening = opening_at(fact.spans, now)
    labels = dict(VerdictKind.choices)
    priced = fact.price_micros is not None
    family = Family(fact.family)
    return Shown(
        fact=fact,
        digits=display(fact.digits),
        dialled=f"+33{fact.digits[1:]}" if len(fact.digits) == 10 else fact.digits,
        use=str(dict(PremiumNumber.UseCase.choices)[fact.use_case]),
        siren=" ".join((fact.siren[:3], fact.siren[3:6], fact.siren[6:])).replace(" ", "\u202f"),
        colour=colour_of(family, caller_price_micros=fact.price_micros).value if priced else "",
        signage=signage(family, caller_price_micros=fact.price_micros) if priced else "",
        is_open=opening.is_open,
        opening=opening_words(opening, today=paris_day(now)),
        counts=[(kind, str(labels[kind]), fact.counts[kind]) for kind in COUNTED],
        example_micros=fact.price_micros * CALL_MIN if priced else None,
        week=week_words(fact.week, today=paris_day(now)),
        dated=dated_words(fact.dated),
        channels=[_channel_words(each, now) for each in fact.channels],
    )


def _channel_words(each: PublicChannel, now: datetime) -> dict[str, Any]:
    """A channel's name, whether it is open and until when, and its week where that is not the voice line's."""
    opening, today = opening_at(each.spans, now), paris_day(now)
    return {
        "label": str(Channel(each.channel).label),
        "is_open": opening.is_open,
        "opening": opening_words(opening, today=today),
        "is_same": each.is_same,
        "week": [] if each.is_same else week_words(each.week, today=today),
    }


def opening_words(opening: Opening, *, today: date) -> str:
    """Open until when, or closed until when."""
    at = opening.changes_at
    if opening.is_open:
        if at is None or at.date() >= today + timedelta(days=7):
            return _("Ouvert à toute heure")
        return _("Ouvert maintenant, jusqu’à %(time)s") % {"time": _until(at, today)}
    if at is None:
        return _("Fermé, sans réouverture annoncée")
    return _("Fermé, ouvre %(when)s") % {"when": _when(at, today)}


def _when(at: datetime, today: date) -> str:
    """The day as people say it, and the time."""
    time = clock(at.hour * 3600 + at.minute * 60)
    days = (at.date() - today).days
    if days == 0:
        return _("à %(time)s") % {"time": time}
    if days == 1:
        return _("demain à %(time)s") % {"time": time}
    day = Weekday(at.weekday()).label if days < 7 else formats.date_format(at.date(), "MONTH_DAY_FORMAT")
    return _("%(day)s à %(time)s") % {"day": day, "time": time}


def _until(at: datetime, today: date) -> str:
    if at == datetime.combine(today + timedelta(days=1), datetime.min.time()):
        return _("minuit")
    if at.date() == today:
        return clock(at.hour * 3600 + at.minute * 60)
    return _when(at, today)


def clock(second: int) -> str:
    """A time of day: ``09:00``; the end of the day is ``24:00``.

    >>> clock(34_200), clock(86_400)
    ('09:30', '24:00')
    """
    return f"{second // 3600:02d}:{second % 3600 // 60:02d}"


def spans_words(spans: list[tuple[int, int]]) -> str:
    """The opening spans of one day in words."""
    if not spans:
        return _("fermé")
    if any(span == (0, DAY_S) for span in spans):
        return _("24 heures sur 24")
    return ", ".join(f"{clock(opens)}\u2013{clock(closes)}" for opens, closes in spans)


def week_words(week: list[list[tuple[int, int]]], *, today: date | None = None) -> list[dict[str, Any]]:
    """The days of a week from Monday with their hours; ``today`` marks its weekday."""
    marked = None if today is None else today.weekday()
    return [
        {"day": Weekday(weekday).label, "hours": spans_words(spans), "is_today": weekday == marked}
        for weekday, spans in enumerate(week)
    ]


def dated_words(runs: list[Run]) -> list[dict[str, Any]]:
    """Days with hours of their own: first and last day, hours, why."""
    return [
        {
            "run": run,
            "is_span": run.last > run.first,
            "hours": spans_words(list(run.spans)),
            "reason": _("jour férié") if run.reason is None else run.reason,
        }
        for run in runs
    ]
