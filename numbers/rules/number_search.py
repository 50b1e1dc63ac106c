"""Find a number in a range: by digits that it must hold, and easy to remember first. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

MOST_LOOKED_AT = 10_000  # the plan attributes ten-digit numbers by blocks of at most that many
_FIRST_DIGITS = 4  # as 0892 or 0820: people name a range that way


def free_numbers(
    first: str, last: str, *, taken: Collection[str] = (), holding: str = "", easy: bool = False, limit: int = 20
) -> list[str]:
    """The free numbers from ``first`` to ``last``, at most ``limit`` of them.

    Args:
        first, last: digits of equal length, both included.
        taken: digits that are not free.
        holding: digits that the number must hold side by side, not only in the part that the whole range shares;
            four or more that begin with 0 may also be its first ones. Other signs are passed over.
        easy: the easiest to remember first (``ease``); otherwise in their order.
    Raises:
        ValueError: the range is no range, or too long to look through.

    >>> free_numbers("0892690000", "0892699999", holding="1 2", taken=["0892690012"], limit=2)
    ['0892690112', '0892690120']
    >>> free_numbers("0892690000", "0892699999", easy=True, limit=2)
    ['0892690000', '0892691111']
    """
    if len(first) != len(last) or first > last or int(last) - int(first) >= MOST_LOOKED_AT:
        raise ValueError(f"{first} to {last} is no range to look through")
    wanted = re.sub(r"\D", "", holding)
    skip = frozenset(taken)
    found = [digits for digits in _numbers(first, last) if digits not in skip and _holds(digits, wanted, first, last)]
    if easy:
        found.sort(key=lambda digits: (-ease(digits), digits))
    return found[:limit]


def ease(digits: str) -> int:
    """How easily the last four digits stay in mind: higher is easier.

    Repeated digits count most, then pairs that come twice, mirrored halves, and digits that go up or down by one.

    >>> ease("0892691111") > ease("0892691212") > ease("0892691234") > ease("0892694718")
    True
    """
    tail = digits[-4:]
    score = 12 * (4 - len(set(tail)))
    score += 10 * (tail[:2] == tail[2:]) + 8 * (tail == tail[::-1]) + 4 * tail.count("0")
    steps = {int(after) - int(before) for before, after in pairwise(tail)}
    return score + 14 * (steps == {1} or steps == {-1})


def _numbers(first: str, last: str) -> Iterator[str]:
    return (str(number).zfill(len(first)) for number in range(int(first), int(last) + 1))


def _holds(digits: str, wanted: str, first: str, last: str) -> bool:
    if not wanted or (len(wanted) >= _FIRST_DIGITS and wanted.startswith("0") and digits.startswith(wanted)):
        return True
    shared = next((at for at, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), len(first))
    return digits.find(wanted, max(0, shared - len(wanted) + 1)) >= 0
