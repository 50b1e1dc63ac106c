"""Days and months as France counts them. Instants are UTC; a day or a month is cut in Europe/Paris."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def paris_day(instant: datetime) -> date:
    """The Paris calendar day of an aware instant.

    Raises:
        ValueError: the instant is naive.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone")
    return instant.astimezone(PARIS).date()


def day_start(day: date) -> datetime:
    """The first instant of a Paris day; the next day's first instant is its end (23, 24 or 25 h later)."""
    return datetime.combine(day, time.min, PARIS)


@dataclass(frozen=True, order=True)
class Month:
    """A Paris calendar month, half-open: [first, next.first).

    >>> str(Month.of(date(2026, 12, 31)).next)
    '2027-01'
    """

    first: date

    def __post_init__(self) -> None:
        if self.first.day != 1:
            raise ValueError(f"{self.first} is not the first of a month")

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.replace(day=1))

    @property
    def next(self) -> Month:
        return Month.of(self.first + timedelta(days=31))

    @property
    def previous(self) -> Month:
        return Month.of(self.first - timedelta(days=1))

    @property
    def last(self) -> date:
        """The last day of the month."""
        return self.next.first - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


def months_between(first: date, last: date) -> list[date]:
    """First days of the months from ``first`` to ``last``.

    >>> [str(month) for month in months_between(date(2026, 12, 5), date(2027, 1, 1))]
    ['2026-12-01', '2027-01-01']
    """
    months, month = [], Month.of(first)
    while month.first <= last:
        months.append(month.first)
        month = month.next
    return months


def spans_meet(since: date, until: date | None, other_since: date, other_until: date | None) -> bool:
    """Whether two half-open spans share a day; an end of None never comes.

    >>> spans_meet(date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 1), None)
    False
    """
    return (until is None or other_since < until) and (other_until is None or since < other_until)
