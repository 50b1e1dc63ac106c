"""Who may put which service on which number: the eligibility matrix, dated, with the reason and its source.

It judges use and payer only; prices are ``plan.ceiling_on`` and the tariff's business. Not legal advice: the matrix
is the operator's reading of the texts it cites, and ``docs/eligibility.md`` shows the same table (a test compares).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from numbers.rules.eligibility_matrix import LME_SINCE, RESERVED_RANGES, RULES, Answer, PriceClass, UseCase
from numbers.rules.plan import Family

__all__ = ["Answer", "Assessment", "Payer", "PriceClass", "UseCase", "assess", "assess_mixed", "price_class_of"]


class Payer(StrEnum):
    """Who pays the service price S: the caller, or the company or public body that offers the line."""

    CALLER = "caller"
    SPONSOR = "sponsor"


@dataclass(frozen=True)
class Assessment:
    """The answer and what explains it; code, reasons and source are empty when no rule speaks of the case.

    ``needs_free_alternative``: complaints about the service must have a number that is not surcharged.
    """

    answer: Answer
    code: str = ""
    reason_fr: str = ""
    reason_en: str = ""
    source: str = ""
    needs_free_alternative: bool = False


_STRICTNESS = {Answer.ALLOW: 0, Answer.WARN: 1, Answer.DENY: 2}

_PLAN = "Plan de numérotation, ARCEP, décision 2018-0881"
_PER_NUMBER = frozenset([Family.GENERALIST_SHORT, Family.OPERATOR_SHORT])  # paid or not: the number's record says


def assess(use_case: UseCase, family: Family, payer: Payer, on: date) -> Assessment:
    """May this use be offered on a number of this family, paid by this payer, on this day?

    The strictest rule answers; of equals, the law on the use comes before the plan's ranges and the payer.

    Args:
        use_case: what callers call for.
        family: of the number, from ``plan``.
        payer: who pays the service price.
        on: the day the number is used; rules bind from their own date.
    Returns:
        The answer with its code, reasons in French and English, source.
    Source: domain matrix in ``docs/eligibility.md``, each row with its text.

    >>> found = assess(UseCase.CONTRACT_EXECUTION, Family.PREMIUM, Payer.CALLER, date(2026, 11, 25))
    >>> found.answer.value, found.code
    ('deny', 'LME87')
    """
    price_class = price_class_of(family, payer)
    found = [_by_use(use_case, price_class, on), _by_range(use_case, family), _by_payer(family, payer)]
    worst = max(found, key=lambda each: _STRICTNESS[each.answer])
    needs_free = (
        worst.answer is not Answer.DENY
        and price_class is PriceClass.SURCHARGED
        and use_case is not UseCase.B2B_ONLY
        and on >= LME_SINCE
    )
    return Assessment(worst.answer, worst.code, worst.reason_fr, worst.reason_en, worst.source, needs_free)


def assess_mixed(use_cases: Iterable[UseCase], family: Family, payer: Payer, on: date) -> Assessment:
    """The answer for a line with several uses: the strictest of theirs, and a free alternative if any needs one.

    Raises:
        ValueError: no use at all.
    """
    found = [assess(use_case, family, payer, on) for use_case in use_cases]
    if not found:
        raise ValueError("a line has at least one use")
    worst = max(found, key=lambda each: _STRICTNESS[each.answer])
    needs_free = worst.answer is not Answer.DENY and any(each.needs_free_alternative for each in found)
    return Assessment(worst.answer, worst.code, worst.reason_fr, worst.reason_en, worst.source, needs_free)


def price_class_of(family: Family, payer: Payer) -> PriceClass:
    """What the caller pays for: a generalist or operator short code is surcharged only when the caller pays.

    >>> price_class_of(Family.GENERALIST_SHORT, Payer.SPONSOR).value
    'standard'
    """
    if family in (Family.FREE, Family.FREE_SHORT, Family.SOCIAL):
        return PriceClass.FREE
    if family is Family.STANDARD or (family in _PER_NUMBER and payer is Payer.SPONSOR):
        return PriceClass.STANDARD
    return PriceClass.SURCHARGED


def _by_use(use_case: UseCase, price_class: PriceClass, on: date) -> Assessment:
    for rule in RULES:
        if use_case not in rule.use_cases or (rule.since is not None and on < rule.since):
            continue
        answer = rule.answer(price_class)
        if answer is Answer.ALLOW:
            break
        return Assessment(answer, rule.code, rule.reason_fr, rule.reason_en, rule.source)
    return Assessment(Answer.ALLOW)


def _by_range(use_case: UseCase, family: Family) -> Assessment:
    if family not in RESERVED_RANGES:
        return Assessment(Answer.ALLOW)
    code, use_cases, reason_fr, reason_en = RESERVED_RANGES[family]
    if use_case in use_cases:
        return Assessment(Answer.ALLOW)
    return Assessment(Answer.DENY, code, reason_fr, reason_en, _PLAN)


def _by_payer(family: Family, payer: Payer) -> Assessment:
    if family in _PER_NUMBER:
        return Assessment(Answer.ALLOW)
    caller_pays = price_class_of(family, payer) is PriceClass.SURCHARGED
    if caller_pays == (payer is Payer.CALLER):
        return Assessment(Answer.ALLOW)
    if caller_pays:
        reason_fr = "Sur ce numéro, c’est l’appelant qui paie le service : un annonceur ne peut pas le payer."
        reason_en = "On this number the caller pays the service: a sponsor cannot pay it."
    else:
        reason_fr = "Sur ce numéro, l’appelant ne paie jamais le service : un annonceur doit le payer."
        reason_en = "On this number the caller never pays the service: a sponsor must pay it."
    return Assessment(Answer.DENY, "PAYER", reason_fr, reason_en, _PLAN)
