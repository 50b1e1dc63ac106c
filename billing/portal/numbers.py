"""The company's numbers: how each stands today, its life, its price, its hours, and its promise day by day."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.models import JudgedDay
from billing import selectors_public
from billing.portal.filters import DayInput
from billing.portal.prices import NumberPage
from billing.public.shown import shown
from billing.selectors_home import rate_of
from illico_platform.lib.errors import IllicoError
from illico_platform.lib.periods import paris_day
from illico_platform.web.draw import draw_days
from numbers.access.pages import CompanyFormPage, CompanyTemplatePage
from numbers.access.places import EVERYBODY, RUNS_THE_COMPANY
from numbers.fields import week_fields
from numbers.models import Enrolment, NumberAlias, NumberTransition, OpeningHours, PremiumNumber
from numbers.rules.opening_text import write_spans
from numbers.rules.plan import Family
from numbers.rules.signage import spoken_notice
from numbers.services.set_hours import set_hours

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
            "since": since,
            "until": today - timedelta(days=1),
            "may_change": self.role in RUNS_THE_COMPANY,
        }

    def _rates(self, since: Any, today: Any) -> list[tuple[Any, int | None]]:
        """The strict rate of each day before today; None for a day without calls under the promise."""
        rows = JudgedDay.objects.filter(number=self.number, day__gte=since, day__lt=today).values("day", *_VERDICTS)
        found = {row["day"]: rate_of({kind: row[kind] for kind in _VERDICTS}).strict_bp for row in rows}
        days = (since + timedelta(days=rank) for rank in range((today - since).days))
        return [(day, found.get(day)) for day in days]


class HoursForm(forms.Form):
    """A week of hours as one writes them, and the day from which they hold."""

    start = forms.DateField(
        label=gettext_lazy("À partir du"),
        widget=DayInput(),
        help_text=gettext_lazy("Aujourd’hui ou plus tard : les appels déjà reçus gardent les horaires de leur jour."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {**week_fields(), "start": self.fields["start"]}


class HoursPage(NumberPage, CompanyFormPage):
    """Change the weekly hours from a day on."""

    template_name = "portal/number_hours.html"
    form_class = HoursForm

    def get_initial(self) -> dict[str, Any]:
        today = paris_day(self.now)
        rows = OpeningHours.objects.filter(number=self.number, valid_from__lte=today).exclude(valid_until__lte=today)
        week: list[list[tuple[int, int]]] = [[] for _day in range(7)]
        for row in rows.order_by("weekday", "opens_s"):
            week[row.weekday].append((row.opens_s, row.closes_s))
        written = {f"d{rank}": write_spans(spans) if spans else "" for rank, spans in enumerate(week)}
        return {**written, "start": today + timedelta(days=1)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"number": self.number}

    def form_valid(self, form: HoursForm) -> HttpResponse:
        week = [form.cleaned_data[f"d{rank}"] or [] for rank in range(7)]
        start = form.cleaned_data["start"]
        try:
            set_hours(number=self.number, week=week, start=start, by=self.request.user, now=self.now)
        except IllicoError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("Les nouveaux horaires sont enregistrés."))
        return redirect(reverse("portal:number", kwargs={"siren": self.company.siren, "pk": self.number.pk}))
