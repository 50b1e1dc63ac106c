"""What the numbers app answers: the ceilings of the plan."""

from datetime import date

from numbers import selectors
from numbers.models import PlanCeiling
from numbers.rules.plan import Unit, ceiling_on
from numbers.rules.plan_rows import CEILINGS
from tests.cast import Cast


def test_the_stored_plan_is_the_shipped_one(cast: Cast) -> None:
    assert set(selectors.plan_ceilings()) == set(CEILINGS)


def test_a_row_added_to_the_table_is_the_one_that_counts(cast: Cast) -> None:
    PlanCeiling.objects.create(
        prefix="0892",
        unit="per_min",
        ceiling_micros=700_000,
        valid_from=date(2027, 1, 1),
        source="ARCEP",
        verified=True,
    )
    found = [
        ceiling_on(selectors.plan_ceilings(), "0892690001", unit=Unit.PER_MIN, on=day)
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert [row and row.ceiling_micros for row in found] == [800_000, 700_000]
