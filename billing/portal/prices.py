"""The prices of a live number: past, present, planned; plan one, take one back."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rules.price_change import PricePeriod, last_day_to_cancel, may_cancel, starts_allowed
from billing.selectors_enrolment import price_on, price_periods
from billing.services.change_price import cancel_price, highest_price_on, plan_price
from illico_platform.lib.errors import IllicoError
from illico_platform.lib.periods import paris_day
from illico_platform.web import show
from numbers.access.pages import CompanyFormPage, CompanyPage
from numbers.access.places import RUNS_THE_COMPANY
from numbers.models import PremiumNumber
from numbers.rules.plan import Family
from numbers.rules.signage import signage, spoken_notice

from .enrol_forms import MICROS
from .enrol_words import NO_CEILING


class PlanForm(forms.Form):
    """A price and the day it starts."""

    price = forms.DecimalField(
        label=gettext_lazy("Nouveau prix de la minute, TTC (€)"),
        decimal_places=2,
        max_digits=4,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 6, "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Écrivez un prix, par exemple 0,60."),
            "invalid": gettext_lazy("Écrivez un prix en euros, par exemple 0,60."),
            "max_decimal_places": gettext_lazy("Un prix est un nombre entier de centimes."),
        },
    )
    start = forms.TypedChoiceField(label=gettext_lazy("À partir du"), coerce=date.fromisoformat)

    def __init__(self, *args: Any, starts: list[date], highest: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].choices = [(day.isoformat(), formats.date_format(day, "DATE_FORMAT")) for day in starts]
        self.fields["price"].help_text = (
            NO_CEILING if highest is None else _("Au plus %(price)s par minute.") % {"price": show.price(highest)}
        )


class NumberPage(CompanyPage):
    """A page of one number of the company, for those who run it; 404 for any other."""

    place = "numbers"
    roles = RUNS_THE_COMPANY

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.now = timezone.now()
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def number(self) -> PremiumNumber:
        found = PremiumNumber.objects.filter(company=self.company, pk=self.kwargs["pk"]).select_related("company")
        number = found.first()
        if number is None:
            raise Http404
        return number


class PricesPage(NumberPage, CompanyFormPage):
    """« Prix » of a number."""

    template_name = "portal/enrol/prices.html"
    form_class = PlanForm

    def get_form_kwargs(self) -> dict[str, Any]:
        self.starts = starts_allowed(paris_day(self.now))
        return super().get_form_kwargs() | {
            "starts": self.starts,
            "highest": highest_price_on(self.number, self.starts[0]),
        }

    def form_valid(self, form: PlanForm) -> HttpResponse:
        start = form.cleaned_data["start"]
        try:
            plan_price(
                number=self.number,
                price_micros=int(form.cleaned_data["price"] * MICROS),
                start=start,
                by=self.request.user,
                now=self.now,
            )
        except IllicoError as refusal:
            form.add_error("price", str(refusal))
            return self.form_invalid(form)
        told = {"day": formats.date_format(start, "DATE_FORMAT")}
        messages.success(self.request, _("Le nouveau prix commencera le %(day)s.") % told)
        return redirect("portal:prices", siren=self.company.siren, pk=self.number.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = paris_day(self.now)
        periods = price_periods(self.number)
        rows = [self._row(each, today) for each in reversed(periods)]
        return super().get_context_data(**kwargs) | {
            "number": self.number,
            "is_live": self.number.status == PremiumNumber.Status.LIVE,
            "held": price_on(periods, today),
            "planned": [row for row in reversed(rows) if row["state"] == "planned"],
            "rows": rows,
        }

    def _row(self, period: PricePeriod, today: date) -> dict[str, Any]:
        over = period.until is not None and period.until <= today
        state = "planned" if period.since > today else "past" if over else "now"
        paid = period.price_micros if self.number.payer == PremiumNumber.Payer.CALLER else 0
        family = Family(self.number.family)
        return {
            "period": period,
            "state": state,
            "signage": signage(family, caller_price_micros=paid),
            "notice": spoken_notice(family, caller_price_micros=paid),
            "last_day": last_day_to_cancel(period.since),
            "may_cancel": state == "planned" and may_cancel(period.since, today=today),
        }


class PriceCancel(NumberPage):
    """Take a planned price back; asked by a button, so only POST."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            start = date.fromisoformat(kwargs["start"])
        except ValueError:
            raise Http404 from None
        try:
            cancel_price(number=self.number, start=start, by=request.user, now=self.now)
        except IllicoError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Le changement de prix est annulé : le prix d’avant continue."))
        return redirect("portal:prices", siren=self.company.siren, pk=self.number.pk)
