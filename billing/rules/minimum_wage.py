"""Whether a payslip pays less than the hourly minimum wage, worked out from the hours that are declared. Pure.

Where the DSN does not tell, the sum is worked out in the employer's favour: what is found is below for certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from illico_platform.lib.money import MICROS_PER_CENT

_ROUNDED = Fraction(1, 2)  # of a hundredth of an hour: 151.67 h stand for 151.6666…


@dataclass(frozen=True)
class HourlyMinimum:
    """The gross hourly minimum over [valid_from, valid_until); ``verified``: compared with the official journal."""

    valid_from: date
    valid_until: date | None
    hourly_micros: int
    verified: bool


@dataclass(frozen=True)
class Span:
    """Hours paid over [first, last], both included, in hundredths, and those of them that are overtime."""

    first: date
    last: date
    hours: int
    overtime: int = 0


@dataclass(frozen=True)
class RateDays:
    """So many days of the spans worked at one hourly minimum."""

    hourly_micros: int
    days: int
    verified: bool


@dataclass(frozen=True)
class Least:
    """What the hours of a payslip must pay at least, beside what they pay.

    Args:
        pay_cents: gross of the month without overtime pay and without corrections of earlier months.
        hours: paid hours without overtime, hundredths.
        least_cents: the least for these hours, rounded down.
        rates: the minimum over the days of the spans.
    """

    pay_cents: int
    hours: int
    least_cents: int
    rates: tuple[RateDays, ...]

    @property
    def missing_cents(self) -> int:
        """How much the pay is below the least; zero or less when it is not."""
        return self.least_cents - self.pay_cents

    @property
    def is_verified(self) -> bool:
        """Whether all rates were compared with the official journal."""
        return all(rate.verified for rate in self.rates)


def least_pay(
    spans: Sequence[Span], *, gross_cents: int, overtime_cents: int, minimums: Sequence[HourlyMinimum]
) -> Least | None:
    """The least that the hours of a payslip must pay, by the minimum of the days on which they were worked.

    Hours of a span are taken as spread evenly over its days. Overtime stands aside, hours and pay. Bonuses count as
    pay, since the DSN does not tell which of them pay for work; unpaid absences are not among the hours.

    Args:
        spans: hours of the declared month, corrections of earlier months left out.
        gross_cents: gross of the same month, overtime pay included.
        overtime_cents: what of it is pay of overtime.
        minimums: dated rows that do not overlap.
    Returns:
        None where no hours are left, or where a day has no minimum: nothing can be compared.
    Source: Code du travail L. 3231-2 and D. 3231-6 (what the minimum is compared with).

    >>> row = HourlyMinimum(date(2026, 6, 1), None, 12_310_000, True)
    >>> november = [Span(date(2026, 11, 1), date(2026, 11, 30), 15_167)]
    >>> least_pay(november, gross_cents=1_867_02, overtime_cents=0, minimums=[row]).missing_cents <= 0
    True
    """
    hours = sum(span.hours for span in spans)
    ordinary = hours - sum(span.overtime for span in spans)
    if hours <= 0 or ordinary <= 0:
        return None
    worth = Fraction(0)  # of all hours, in micro-euros and hundredths
    days: dict[HourlyMinimum, int] = {}
    for span in spans:
        of_span = _days_by_minimum(span, minimums)
        if of_span is None:
            return None
        for minimum, count in of_span.items():
            worth += Fraction(span.hours * minimum.hourly_micros * count, (span.last - span.first).days + 1)
            days[minimum] = days.get(minimum, 0) + count
    given = max(Fraction(0), ordinary - _ROUNDED * len(spans))
    micros = worth / hours * given / 100
    return Least(
        pay_cents=gross_cents - overtime_cents,
        hours=ordinary,
        least_cents=int(micros / MICROS_PER_CENT),
        rates=tuple(RateDays(each.hourly_micros, count, each.verified) for each, count in _in_order(days)),
    )


def _days_by_minimum(span: Span, minimums: Sequence[HourlyMinimum]) -> dict[HourlyMinimum, int] | None:
    """How many days of a span fall under each minimum; None when one falls under none."""
    end, found = span.last + timedelta(days=1), {}
    for each in minimums:
        first, last = max(span.first, each.valid_from), min(end, each.valid_until or end)
        if first < last:
            found[each] = (last - first).days
    return found if sum(found.values()) == (end - span.first).days else None


def _in_order(days: dict[HourlyMinimum, int]) -> list[tuple[HourlyMinimum, int]]:
    return sorted(days.items(), key=lambda item: item[0].valid_from)
