"""Load what is checked about a company's numbers: tariffs in force against ceilings, services against the matrix."""

from datetime import date

from django.db.models import Q

from billing.models import Tariff
from billing.rules.checks_numbers import LiveNumber, PricedSpan, check_eligibility, check_tariffs
from billing.services.record_findings import Checked
from numbers.models import PlanCeiling, PremiumNumber
from numbers.rules.plan import CeilingRow, Unit


def numbers_checked(*, company_id: int, day: date, since: date) -> list[Checked]:
    """What the checks of prices and uses find; tariffs that ended before the open months are left alone."""
    in_force = Q(valid_until=None) | Q(valid_until__gt=since)
    tariffs = [
        PricedSpan(
            tariff.pk,
            tariff.number.digits,
            tariff.number.payer,
            tariff.price_micros,
            max(tariff.valid_from, since),
            tariff.valid_until,
        )
        for tariff in Tariff.objects.filter(in_force, number__company_id=company_id).select_related("number")
    ]
    live = PremiumNumber.objects.filter(company_id=company_id, status=PremiumNumber.Status.LIVE)
    numbers = [LiveNumber(*row) for row in live.values_list("pk", "digits", "use_case", "family", "payer")]
    return [
        Checked(["tariff_above_ceiling", "price_not_cents"], check_tariffs(tariffs, _ceilings())),
        Checked(["not_eligible", "eligible_if"], check_eligibility(numbers, on=day)),
    ]


def _ceilings() -> list[CeilingRow]:
    return [
        CeilingRow(
            row.prefix, Unit(row.unit), row.ceiling_micros, row.valid_from, row.valid_until, row.source, row.verified
        )
        for row in PlanCeiling.objects.all()
    ]
