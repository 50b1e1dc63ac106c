"""Load what is checked about a company's numbers: tariffs in force against ceilings, services against the matrix."""

from datetime import date

from django.db.models import Q, QuerySet

from billing.models import Tariff
from billing.rules.checks_numbers import (
    AccessLine,
    LiveNumber,
    PricedSpan,
    check_access,
    check_eligibility,
    check_tariffs,
)
from billing.services.record_findings import Checked
from numbers.models import PlanCeiling, PremiumNumber
from numbers.rules.plan import CeilingRow, Unit
from numbers.selectors_channels import duties, offers_of
from numbers.selectors_numbers import NO_WEEK, weeks_on


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
        Checked(["access_hours_short", "access_missing"], check_access(_access_lines(live, day), duties(), on=day)),
    ]


def _ceilings() -> list[CeilingRow]:
    return [
        CeilingRow(
            row.prefix, Unit(row.unit), row.ceiling_micros, row.valid_from, row.valid_until, row.source, row.verified
        )
        for row in PlanCeiling.objects.all()
    ]


def _access_lines(live: QuerySet[PremiumNumber], day: date) -> list[AccessLine]:
    rows = list(live.values_list("pk", "digits", "use_case", "company__must_give_access", "directory__deaf_access"))
    offers = offers_of([row[0] for row in rows], day=day)
    weeks = weeks_on(list(offers), day)
    return [
        AccessLine(
            number_id=pk,
            digits=digits,
            use_case=use_case,
            is_large=is_large,
            has_other_access=bool(deaf_access),
            voice=weeks.get(pk, NO_WEEK),
            channels={offer.channel: offer.week for offer in offers.get(pk, [])},
        )
        for pk, digits, use_case, is_large, deaf_access in rows
    ]
