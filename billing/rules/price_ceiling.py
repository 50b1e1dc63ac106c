"""The highest price of a minute on a number: the lowest of the plan's ceiling, its block's, and the operator's cap."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from billing.rules.rating import CAP_MICROS_PER_MIN
from numbers.rules.eligibility import Payer
from numbers.rules.plan import CeilingRow, Unit, ceiling_on


def highest_price_of(
    digits: str, *, payer: Payer, on: date, ceilings: Iterable[CeilingRow], block_micros: int | None = None
) -> int | None:
    """The lowest of all limits on a minute's price, micro-euros TTC; None when callers pay and no ceiling is known.

    The plan limits what callers pay; a sponsor's price has only the operator's cap.

    Args:
        digits: national digits of the number.
        ceilings: the plan's dated rows.
        block_micros: ceiling of the operator's block that the number stands in, if it stands in one.
    Source: ceilings of the numbering plan, ARCEP decision 2018-0881 as changed by 2022-1583; operator's cap of 0.60.

    >>> highest_price_of("0806690001", payer=Payer.SPONSOR, on=date(2026, 11, 25), ceilings=[])
    600000
    """
    if payer is not Payer.CALLER:
        return CAP_MICROS_PER_MIN
    row = ceiling_on(ceilings, digits, unit=Unit.PER_MIN, on=on)
    if row is None:
        return None
    return min(CAP_MICROS_PER_MIN, row.ceiling_micros, *([] if block_micros is None else [block_micros]))
