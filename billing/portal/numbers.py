"""The company's numbers: how each stands today, its life, its price, its hours, and its promise day by day."""

from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from agents.models import JudgedDay
from billing import selectors_public
from billing.portal.access_channels import channels_of
from billing.portal.opening import opening_of
from billing.portal.prices import NumberPage
from billing.portal.rows import calls_address
from billing.public.shown import shown
from billing.rules.price_change import last_day_to_cancel, may_cancel
from billing.selectors_enrolment import price_periods
from billing.selectors_home import rate_of
from illico_platform.lib.periods import paris_day
from illico_platform.web.draw import draw_days
from numbers.access.pages import CompanyTemplatePage
from numbers.access.places import EVERYBODY, RUNS_THE_COMPANY
from numbers.models import Enrolment, NumberAlias, NumberTransition, PremiumNumber
from numbers.rules.plan import Family
from numbers.rules.signage import spoken_notice

_VERDICTS = ("kept", "late", "unproven", "unanswered", "abandoned")


class NumbersPage(CompanyTemplatePage):
    """The list of numbers."""

    place = "numbers"
    template_name = "portal/numbers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        values = list(selectors_public.own_numbers(company_id=self.company.pk))
        numbers = PremiumNumber.objects.filter(company=self.company).in_bulk([row["id"] for row in values])
        keys = [row["id"] for row in values]
        facts = selectors_public.described(values, day=paris_day(now))
        rows = [{"number": numbers[key], "shown": shown(fact, now=now)} for key, fact in zip(keys, facts, strict=True)]
        may_enrol = self.role in RUNS_THE_COMPANY
        return super().get_context_data(**kwargs) | {
            "rows": rows,
            "since": paris_day(now) - timedelta(days=selectors_public.RATE_DAYS),
            "until": paris_day(now) - timedelta(days=1),
            "may_enrol": may_enrol,
            "files": Enrolment.objects.filter(company=self.company, number=None).count() if may_enrol else 0,
        }


class NumberPassport(NumberPage, CompanyTemplatePage):
    """One number with all that stands behind it."""

    roles = EVERYBODY
    template_name = "portal/number.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        number, today = self.number, paris_day(self.now)
        values = selectors_public.own_numbers(company_id=self.company.pk).filter(pk=number.pk)
        fact = selectors_public.described(values, day=today)[0]
        price = fact.price_micros
        steps = NumberTransition.objects.filter(number=number).annotate(author=F("by__email")).defer("by")
        since = today - timedelta(days=selectors_public.RATE_DAYS)
        return super().get_context_data(**kwargs) | {
            "number": number,
            "shown": shown(fact, now=self.now),
            "notice": "" if price is None else spoken_notice(Family(fact.family), caller_price_micros=price),
            "steps": steps.order_by("at", "id"),
            "names": NumberAlias.objects.filter(number=number).select_related("source").order_by("name"),
            "days": draw_days(self._rates(since, today)),
            "by_channel": [
                {"line": line, "url": self._calls_by(line.channel, since, today)} for line in fact.by_channel
            ],
            "since": since,
            "until": today - timedelta(days=1),
            "may_change": self.role in RUNS_THE_COMPANY,
            "prices_planned": [
                {
                    "period": period,
                    "last_day": last_day_to_cancel(period.since),
                    "may_cancel": may_cancel(period.since, today=today),
                }
                for period in price_periods(number)
                if period.since > today
            ],
            **opening_of(number, today),
            **channels_of(number, today),
        }

    def _calls_by(self, channel: str, since: date, today: date) -> str:
        """The address of the calls that a channel's line counts."""
        span = {"du": since, "au": today - timedelta(days=1)}
        return calls_address(self.company, numero=self.number.pk, **span, canal=channel, promesse=_VERDICTS)

    def _rates(self, since: Any, today: Any) -> list[tuple[Any, int | None]]:
        """The strict rate of each day before today; None for a day without calls under the promise."""
        rows = JudgedDay.objects.filter(number=self.number, day__gte=since, day__lt=today).values("day", *_VERDICTS)
        found = {row["day"]: rate_of({kind: row[kind] for kind in _VERDICTS}).strict_bp for row in rows}
        days = (since + timedelta(days=rank) for rank in range((today - since).days))
        return [(day, found.get(day)) for day in days]
