"""All rounding of money. Micro-euros are integers, cents are integers or Decimal; never a float.

Exact totals are kept as integers in a finer unit, so that each column is rounded once, here.
"""

from decimal import Decimal

MICROS_PER_CENT = 10_000
BASIS_POINTS = 10_000


def divide_half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded half away from zero: 1.5 gives 2, -1.5 gives -2.

    Args:
        numerator: any integer.
        denominator: a positive integer.
    Raises:
        ValueError: the denominator is not positive.

    >>> divide_half_up(15, 10), divide_half_up(-15, 10), divide_half_up(14, 10)
    (2, -2, 1)
    """
    if denominator <= 0:
        raise ValueError("the denominator must be positive")
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def cents_of_micros(micros: int, *, scale: int = 1) -> int:
    """Whole cents, half-up, of an amount in ``micros / scale``.

    Args:
        micros: micro-euros times ``scale`` (an exact integer, for example micros x basis points).
        scale: what the amount was multiplied by to stay an integer.

    >>> cents_of_micros(1_425_000), cents_of_micros(1_424_999)
    (143, 142)
    >>> cents_of_micros(6_950_000 * 7_500, scale=BASIS_POINTS)
    521
    """
    return divide_half_up(micros, MICROS_PER_CENT * scale)


def euros_of_cents(cents: int) -> Decimal:
    """Euros with two decimals, for ledgers and documents.

    >>> euros_of_cents(-5)
    Decimal('-0.05')
    """
    return Decimal(cents).scaleb(-2)


def cents_of_euros(euros: Decimal) -> int:
    """Whole cents of an amount that has at most two decimals.

    Raises:
        ValueError: the amount has a fraction of a cent: round it knowingly first.

    >>> cents_of_euros(Decimal("12.30"))
    1230
    """
    cents = euros.scaleb(2)
    if cents != cents.to_integral_value():
        raise ValueError(f"{euros} has a fraction of a cent")
    return int(cents)
