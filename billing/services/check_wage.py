"""Load what is checked about the wage share: the fund's months as the release stage left them."""

from datetime import date

from billing.models import FundMonth
from billing.rules.checks_wage import FundFacts, check_payroll_overdue, check_wage_short
from billing.services.record_findings import Checked
from illico_platform.lib.money import cents_of_euros
from illico_platform.lib.periods import months_between


def wage_checked(*, company_id: int, day: date, since: date) -> list[Checked]:
    """What the checks of the wage share find in every year that has open months: a later month may mend an older."""
    first = date(since.year, 1, 1)
    rows = FundMonth.objects.filter(company_id=company_id, month__range=(first, day)).order_by("month")
    facts = [
        FundFacts(
            company_id=company_id,
            month=row.month,
            due=cents_of_euros(row.due),
            held=cents_of_euros(row.held),
            credited=cents_of_euros(row.credited),
            carried_in=cents_of_euros(row.carried_in),
            is_declared=row.is_declared,
        )
        for row in rows
    ]
    months = months_between(first, day)
    return [
        Checked(["wage_short"], check_wage_short(facts), months),
        Checked(["payroll_overdue"], check_payroll_overdue(facts, day=day), months),
    ]
