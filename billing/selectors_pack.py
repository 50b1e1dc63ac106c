"""What an auditor's pack would hold, told before it is made."""

from datetime import date

from django.db.models import Sum

from numbers.models import CallDay

MOST_CALLS = 200_000  # what a page makes while somebody waits; the terminal makes any


def calls_between(*, company_id: int, first: date, last: date) -> int:
    """The calls of a company's days, both included, by the roll-up."""
    days = CallDay.objects.filter(company_id=company_id, day__range=(first, last))
    return days.aggregate(calls=Sum("calls"))["calls"] or 0
