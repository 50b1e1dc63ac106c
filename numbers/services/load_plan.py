"""Load the numbering plan's dated ceilings from the rules' rows into their table."""

from numbers.models import PlanCeiling
from numbers.rules.plan_rows import CEILINGS


def load_plan() -> int:
    """Make sure every ceiling row exists; returns how many were added. Rows that were changed stay as they are."""
    added = 0
    for row in CEILINGS:
        _, created = PlanCeiling.objects.get_or_create(
            prefix=row.prefix,
            unit=row.unit.value,
            valid_from=row.valid_from,
            defaults={
                "ceiling_micros": row.ceiling_micros,
                "valid_until": row.valid_until,
                "source": row.source,
                "verified": row.verified,
            },
        )
        added += created
    return added
