"""The jobs in France that a company's calls pay for, by month, department and number; the uncounted beside them."""

from typing import Any

from billing.portal.payroll import OfPay
from billing.selectors_jobs import equivalents, jobs_by_month, numbers_of_month
from numbers.access.pages import CompanyTemplatePage

MONTHS_SHOWN = 24


class JobsPage(OfPay, CompanyTemplatePage):
    """The latest month in full, and the months before."""

    template_name = "portal/jobs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        months = jobs_by_month(company_id=self.company.pk)[:MONTHS_SHOWN]
        context = super().get_context_data(**kwargs) | {"months": months}
        if not months:
            return context
        latest = months[0]
        numbers = numbers_of_month(company_id=self.company.pk, month=latest.month)
        return context | {
            "latest": latest,
            "numbers": [
                (label, digits, hours, equivalents(hours, latest.full_time)) for label, digits, hours in numbers
            ],
        }
