"""Load dated rows from the rules into their tables: the plan's ceilings, the duty of access hours."""

from numbers.models import AccessDuty, PlanCeiling
from numbers.rules.access_duty import DUTIES, DUTY_SOURCE
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


def load_duties() -> int:
    """Make sure every row of access hours exists; returns how many were added. Rows that were changed stay."""
    added = 0
    for row in DUTIES:
        _, created = AccessDuty.objects.get_or_create(
            valid_from=row.since,
            defaults={"least_share_bp": row.least_share_bp, "valid_until": row.until, "source": DUTY_SOURCE},
        )
        added += created
    return added
