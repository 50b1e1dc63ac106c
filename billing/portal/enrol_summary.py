"""What a file says, step by step, for those who read it over: the company before and after it submits, the operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.rules.enrolment_check import File, Step
from billing.selectors_enrolment import hours_of, step_answers, use_cases_of
from illico_platform.web import show
from numbers.models import Enrolment, HolidayRule
from numbers.rules.opening_text import Span, write_spans
from numbers.rules.plan import display

from .enrol_words import KINDS, OUTCOMES, TITLES, USES

_DIRECTORY = ("label", "purpose", "provider_name", "provider_address", "complaint_contact", "website", "deaf_access")


@dataclass(frozen=True)
class Said:
    """One step's answer in words; empty when there is none."""

    step: Step
    title: Promise
    text: str


def summary_of(file: Enrolment, judged: File) -> list[Said]:
    """Every step with what was answered.

    Args:
        judged: the file as the rules judge it (``file_of``).
    """
    texts = {
        Step.USE: ", ".join(str(USES[use][0]) for use in use_cases_of(file)),
        Step.LAW: str(KINDS[judged.choice][0]) if judged.choice in KINDS else "",
        Step.NUMBER: _number(judged),
        Step.PRICE: _price(judged),
        Step.HOURS: _hours(file),
        Step.DIRECTORY: " · ".join(
            filter(None, (str(step_answers(file, Step.DIRECTORY).get(n, "")) for n in _DIRECTORY))
        ),
        Step.AGENTS: _agents(judged),
        Step.VIABILITY: str(OUTCOMES[judged.balance][0]) if judged.balance else "",
        Step.DOCUMENTS: _papers(file),
    }
    return [Said(step, TITLES[step], texts[step]) for step in Step]


def week_in_words(week: Sequence[Sequence[Span]]) -> str:
    """Opening hours of a week in one line; days in a row that are alike are told together.

    >>> week_in_words([[(32400, 64800)]] * 5 + [[]] * 2)
    'lundi à vendredi 09:00-18:00'
    """
    parts = []
    for spans, days in groupby(range(7), key=lambda day: tuple(map(tuple, week[day]))):
        ranks = list(days)
        if spans:
            first, last = str(WEEKDAYS[ranks[0]]), str(WEEKDAYS[ranks[-1]])
            named = first if len(ranks) == 1 else _("%(first)s à %(last)s") % {"first": first, "last": last}
            parts.append(f"{named} {write_spans(list(spans))}".lower())
    return " · ".join(parts)


def _number(judged: File) -> str:
    if not judged.digits or not judged.is_port:
        return display(judged.digits)
    brought = _("%(number)s, apporté d’un autre opérateur") % {"number": display(judged.digits)}
    return f"{brought}, RIO {judged.rio}" if judged.rio else brought


def _price(judged: File) -> str:
    if judged.price_micros is None:
        return ""
    return _("%(price)s la minute") % {"price": show.price(judged.price_micros)}


def _hours(file: Enrolment) -> str:
    hours = hours_of(file)
    if not hours.count:
        return ""
    holidays = _("jours fériés : %(choice)s") % {"choice": HolidayRule.Policy(hours.holidays).label}
    local = [_("avec ceux d’Alsace-Moselle")] if hours.alsace_moselle else []
    return " · ".join([week_in_words(hours.week), holidays, *map(str, local)])


def _agents(judged: File) -> str:
    if not judged.agents:
        return ""
    said = ngettext(
        "%(count)s agent, dont %(proven)s au lieu prouvé",
        "%(count)s agents, dont %(proven)s au lieu prouvé",
        judged.agents,
    )
    return said % {"count": show.whole(judged.agents), "proven": show.whole(judged.proven)}


def _papers(file: Enrolment) -> str:
    count = file.documents.count()
    return (ngettext("%(count)s pièce", "%(count)s pièces", count) % {"count": show.whole(count)}) if count else ""
