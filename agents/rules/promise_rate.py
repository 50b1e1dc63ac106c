"""The headline rate: of the calls that the promise covers, how many it was kept for. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from illico_platform.lib.money import BASIS_POINTS, divide_half_up


@dataclass(frozen=True)
class PromiseRate:
    """Both readings of one set of calls, in basis points; None where no call was covered.

    Args:
        received: answered, unanswered and abandoned calls: the strict denominator.
        staying: those without the abandoned ones: the lenient denominator.
    """

    kept: int
    received: int
    staying: int
    strict_bp: int | None
    lenient_bp: int | None


def promise_rate(*, kept: int, late: int, unproven: int, unanswered: int, abandoned: int) -> PromiseRate:
    """The strict rate kept / (answered + unanswered + abandoned), and the lenient one without the abandoned.

    Answered calls are those judged kept, late or unproven: calls outside the announced hours, and those whose end
    was never recorded, are under no promise and count in neither reading.

    Args:
        kept, late, unproven, unanswered, abandoned: numbers of calls by verdict.
    Source: the operator's definition, shown beside each rate.

    >>> rate = promise_rate(kept=61, late=2, unproven=0, unanswered=19, abandoned=12)
    >>> rate.received, rate.strict_bp, rate.lenient_bp
    (94, 6489, 7439)
    """
    staying = kept + late + unproven + unanswered
    received = staying + abandoned
    return PromiseRate(kept, received, staying, _share(kept, received), _share(kept, staying))


def _share(part: int, whole: int) -> int | None:
    return divide_half_up(part * BASIS_POINTS, whole) if whole else None
