"""Ceilings of the service price as shipped: the plan since 2015-10-01 and the regime before it.

Rows are data for the ``PlanCeiling`` table. None has been compared with ARCEP's annex itself yet (``verified``).
A range without a row has no known ceiling: 10YT (set per number), 118XYZ, and the old 0894 to 0896 and 0899.
"""

from datetime import date

from numbers.rules.plan import CeilingRow, Unit

OLD_PLAN = date(2005, 12, 15)  # ARCEP decision 2005-1085
NEW_PLAN = date(2015, 10, 1)  # the C+S reform of ARCEP decision 2012-0856 starts

_NEW = "ARCEP, décision 2012-0856, reprise par 2018-0881 et 2022-1583"
_NEW_SHORT = f"{_NEW} (plafond des numéros courts, de mémoire)"
_OLD = "ARCEP, décision 2005-1085, d’après la décision 2012-0856"

# prefix, per minute, per call: micro-euros TTC.
_CURRENT: tuple[tuple[str, int, int], ...] = (
    ("080", 0, 0),
    ("081", 60_000, 150_000),
    ("082", 200_000, 500_000),
    ("089", 800_000, 3_000_000),
    ("30", 0, 0),
    ("31", 0, 0),
    ("116", 0, 0),
)
_GENERALIST = tuple((f"3{digit}", 800_000, 3_000_000) for digit in range(2, 10))
_BEFORE: tuple[tuple[str, Unit, int], ...] = (
    ("080", Unit.PER_MIN, 0),
    ("081", Unit.PER_MIN, 60_000),  # averaged on three minutes
    ("0820", Unit.PER_MIN, 120_000),
    ("0821", Unit.PER_MIN, 120_000),
    ("0825", Unit.PER_MIN, 150_000),
    ("0826", Unit.PER_MIN, 150_000),
    ("0884", Unit.PER_MIN, 150_000),
    ("0890", Unit.PER_MIN, 150_000),
    ("0891", Unit.PER_MIN, 300_000),
    ("0892", Unit.PER_MIN, 450_000),
    ("0893", Unit.PER_MIN, 750_000),
    ("0897", Unit.PER_CALL, 600_000),
    ("0898", Unit.PER_CALL, 1_200_000),
)


def _both(rows: tuple[tuple[str, int, int], ...], source: str) -> list[CeilingRow]:
    return [
        CeilingRow(prefix, unit, micros, NEW_PLAN, None, source, verified=False)
        for prefix, per_min, per_call in rows
        for unit, micros in ((Unit.PER_MIN, per_min), (Unit.PER_CALL, per_call))
    ]


CEILINGS: tuple[CeilingRow, ...] = (
    *(CeilingRow(prefix, unit, micros, OLD_PLAN, NEW_PLAN, _OLD, verified=False) for prefix, unit, micros in _BEFORE),
    *_both(_CURRENT, _NEW),
    *_both(_GENERALIST, _NEW_SHORT),
)
