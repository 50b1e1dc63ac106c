"""Where a month's wage share will stand at its end, at the present pace. Pure; an estimate, posted nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from illico_platform.lib.money import divide_half_up
from illico_platform.lib.periods import Month


@dataclass(frozen=True)
class Landing:
    """The month's end as it looks from one of its days, cents.

    Args:
        elapsed, days: days of the month that are counted, and days it has.
        due: what will be due to wages.
        pay: the pay that is expected for the month.
        carried_in: missing pay of earlier months (negative), or their excess where the policy carries it.
        proven: how much of ``due`` that pay will prove, after what earlier months still miss.
    """

    elapsed: int
    days: int
    due: int
    pay: int
    carried_in: int
    proven: int

    @property
    def missing(self) -> int:
        """What will be due and not proven."""
        return self.due - self.proven


def month_end_landing(*, last_day: date, due: int, pay: int, carried_in: int) -> Landing:
    """Stretch what is due so far over the whole month, and set the expected pay against it.

    due at the end = due x days of the month / days elapsed, half-up; proven = pay + carried in, from zero to that due.

    Args:
        last_day: the last day whose calls are in ``due``.
        due: due to wages from the 1st to ``last_day``, cents.
        pay: pay of the month where it is declared, else the last month's that was, cents.
        carried_in: of the earlier months of the year, cents.
    Source: the operator's definition, ``docs/wage_share.md``, shown beside the figure.

    >>> landing = month_end_landing(last_day=date(2026, 11, 24), due=480_00, pay=650_00, carried_in=-100_00)
    >>> landing.due, landing.proven, landing.missing
    (60000, 55000, 5000)
    """
    days = Month.of(last_day).last.day
    due_at_end = divide_half_up(due * days, last_day.day)
    proven = max(0, min(due_at_end, pay + carried_in))
    return Landing(last_day.day, days, due_at_end, pay, carried_in, proven)
