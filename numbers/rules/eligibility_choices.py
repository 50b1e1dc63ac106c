"""What a company may choose for a line of certain uses: each kind of number, who pays on it, and the law's answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from numbers.rules.eligibility import Answer, Assessment, Payer, UseCase, assess, assess_mixed
from numbers.rules.plan import Family


@dataclass(frozen=True)
class Choice:
    """One kind of number for a line: its key, family, who pays the service, and the law's answer."""

    key: str
    family: Family
    payer: Payer
    assessment: Assessment

    @property
    def is_allowed(self) -> bool:
        return self.assessment.answer is not Answer.DENY

    def fits(self, family: Family) -> bool:
        """Whether a number of this family may serve this choice: of its own kind, or a short code that is paid so."""
        return family is self.family or family in _SHORT_CODES.get(self.key, frozenset())


# A generalist short code is paid by the caller or not, number by number; those of 30 and 31 are free.
_SHORT_CODES = {
    "caller": frozenset([Family.GENERALIST_SHORT]),
    "standard": frozenset([Family.GENERALIST_SHORT]),
    "free": frozenset([Family.FREE_SHORT]),
}


# Ten-digit kinds, dearest for the caller first: the key a file keeps, the family, who pays.
KINDS: tuple[tuple[str, Family, Payer], ...] = (
    ("caller", Family.PREMIUM, Payer.CALLER),
    ("standard", Family.STANDARD, Payer.SPONSOR),
    ("free", Family.FREE, Payer.SPONSOR),
)


def choices_for(use_cases: Sequence[UseCase], on: date) -> list[Choice]:
    """The kinds of number for a line with these uses, each with the strictest answer of its uses.

    >>> [choice.assessment.answer.value for choice in choices_for([UseCase.CONSUMER_COMPLAINT], date(2026, 11, 25))]
    ['deny', 'allow', 'allow']
    """
    return [Choice(key, family, payer, assess_mixed(use_cases, family, payer, on)) for key, family, payer in KINDS]


def strictest_use(use_cases: Sequence[UseCase], family: Family, payer: Payer, on: date) -> UseCase:
    """The use that decides for a line with several: the one whose answer is the strictest, the first of equals.

    >>> uses = [UseCase.PAID_ADVICE, UseCase.PRE_SALE]
    >>> strictest_use(uses, Family.PREMIUM, Payer.CALLER, date(2026, 11, 25)).value
    'PRE_SALE'
    """
    ranks = {Answer.ALLOW: 0, Answer.WARN: 1, Answer.DENY: 2}
    return max(use_cases, key=lambda each: ranks[assess(each, family, payer, on).answer])
