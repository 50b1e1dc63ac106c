"""When a number's price may change, and until when that can be taken back. Paris days; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from illico_platform.lib.periods import Month

NOTICE_DAYS = 7
MONTHS_AHEAD = 12


@dataclass(frozen=True)
class PricePeriod:
    """A price over [since, until), whole Paris days; until None is open."""

    since: date
    until: date | None
    price_micros: int


def starts_allowed(today: date) -> list[date]:
    """The days on which a price asked for today may start: firsts of a month, at least seven days ahead.

    Source: the operator's rule with the carriers, which load prices on the first of a month from what they were told
    seven days before; no text of law gives these days.

    >>> [str(day) for day in starts_allowed(date(2026, 11, 24))[:2]], str(starts_allowed(date(2026, 11, 25))[0])
    (['2026-12-01', '2027-01-01'], '2027-01-01')
    """
    month = Month.of(today).next
    if month.first - today < timedelta(days=NOTICE_DAYS):
        month = month.next
    found = [month]
    while len(found) < MONTHS_AHEAD:
        found.append(found[-1].next)
    return [each.first for each in found]


def last_day_to_cancel(start: date) -> date:
    """The last day on which a price that starts then may be taken back: the seventh before it.

    The same seven days as the notice: from then on the carriers have been told. The operator's rule, as above.

    >>> str(last_day_to_cancel(date(2026, 12, 1)))
    '2026-11-24'
    """
    return start - timedelta(days=NOTICE_DAYS)


def may_cancel(start: date, *, today: date) -> bool:
    """Whether a price that starts on ``start`` may still be taken back."""
    return today <= last_day_to_cancel(start)


def with_price(periods: Iterable[PricePeriod], *, start: date, price_micros: int) -> list[PricePeriod]:
    """The periods once the price holds from ``start`` until the next period that is already planned.

    A period that starts the same day is replaced. Days before ``start`` keep their price.

    Raises:
        ValueError: no period holds on the eve: a number without a price has none to change.

    >>> before = [PricePeriod(date(2026, 1, 1), None, 600_000)]
    >>> after = with_price(before, start=date(2027, 1, 1), price_micros=500_000)
    >>> [(str(each.since), str(each.until), each.price_micros) for each in after]
    [('2026-01-01', '2027-01-01', 600000), ('2027-01-01', 'None', 500000)]
    """
    ordered = sorted(periods, key=lambda each: each.since)
    eve = start - timedelta(days=1)
    if not any(each.since <= eve and (each.until is None or eve < each.until) for each in ordered):
        raise ValueError(f"no price holds on {eve}")
    later = [each for each in ordered if each.since > start]
    kept = [_cut(each, start) for each in ordered if each.since < start]
    until = later[0].since if later else None
    return [*kept, PricePeriod(start, until, price_micros), *later]


def without_price(periods: Iterable[PricePeriod], *, start: date) -> list[PricePeriod]:
    """The periods once the one that starts on ``start`` is taken back: the price before goes on in its place.

    Raises:
        ValueError: none starts then, or none stands before it.
    """
    ordered = sorted(periods, key=lambda each: each.since)
    at = next((rank for rank, each in enumerate(ordered) if each.since == start), 0)
    if at == 0:
        raise ValueError(f"no price that could be taken back starts on {start}")
    before, gone = ordered[at - 1], ordered[at]
    return [*ordered[: at - 1], PricePeriod(before.since, gone.until, before.price_micros), *ordered[at + 1 :]]


def _cut(period: PricePeriod, start: date) -> PricePeriod:
    if period.until is not None and period.until <= start:
        return period
    return PricePeriod(period.since, start, period.price_micros)
