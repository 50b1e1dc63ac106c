"""The passport of one call: how long it waited, who answered from where, what it cost, where the money went."""

from datetime import timedelta
from typing import Any

from django.http import Http404
from django.utils import timezone

from billing.portal.rows import calls_address
from billing.portal.story import page_of
from billing.public.shown import spans_words
from billing.selectors_call import call_story
from numbers.access.pages import CompanyTemplatePage
from numbers.access.places import OPERATOR, SEES_PAY
from numbers.models import Call
from numbers.selectors_numbers import own_days, spans_on


class Passport(CompanyTemplatePage):
    """The page of one call, to be read on screen or printed."""

    template_name = "portal/call.html"
    place = "calls"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        calls = Call.objects.filter(company=self.company).select_related("number", "source", "intake")
        call = calls.filter(pk=self.kwargs["pk"]).first()
        if call is None:
            raise Http404
        page = page_of(call_story(call=call))
        may_see_pay = self.role in SEES_PAY | {OPERATOR}
        if not may_see_pay:
            page["price_lines"] = [line for line in page["price_lines"] if not line.get("is_wage")]
        of_day = {"du": call.day, "au": call.day, "numero": call.number_id}
        return (
            super().get_context_data(**kwargs)
            | page
            | {
                "may_see_pay": may_see_pay,
                "announced": announced(call) if page["reason"] and page["story"].verdict.verdict == "closed" else "",
                "same_day": calls_address(self.company, **of_day),
                "address": self.request.build_absolute_uri(self.request.path),
                "now": timezone.now(),
            }
        )


def announced(call: Call) -> str:
    """The hours that the call's number announced for its day, and why they were not the usual ones."""
    own = own_days(call.number, since=call.day, until=call.day + timedelta(days=1))
    hours = spans_words(spans_on(call.number, call.day))
    return ", ".join([hours, *(run.reason for run in own if run.reason)])
