"""When a number is open, and what changes it: the week from a day on, its own days, public holidays."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import formats
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from billing.portal.opening_forms import AgreeForm, DaysForm, HolidaysForm, RunForm, WeekForm
from billing.portal.prices import NumberPage
from billing.public.shown import dated_words, week_words
from illico_platform.lib.errors import IllicoError
from illico_platform.lib.periods import paris_day
from numbers.access.pages import CompanyFormPage
from numbers.models import DirectoryRecord, HolidayRule, PremiumNumber
from numbers.rules.opening import runs_of
from numbers.rules.opening_text import write_spans
from numbers.selectors_channels import offers_of
from numbers.selectors_numbers import holiday_rules, own_days, planned_weeks, week_on
from numbers.services.set_days import set_days, take_days_back
from numbers.services.set_holidays import set_holidays
from numbers.services.set_hours import WouldReplace, set_hours

PAST_DAYS = 366  # how far back the days that calls were judged with are shown


def opening_of(number: PremiumNumber, today: date) -> dict[str, Any]:
    """What a number's pages show of its opening beside the week: weeks planned, its own days, holidays."""
    rules = list(holiday_rules(number, since=today))
    runs = own_days(number, since=today)
    return {
        "weeks": [{"start": start, "week": week_words(week)} for start, week in planned_weeks(number, after=today)],
        "own_days": [row | {"may_go": run.last > today} for row, run in zip(dated_words(runs), runs, strict=True)],
        "holidays": next((rule for rule in rules if rule.valid_from <= today), HolidayRule()),
        "holidays_planned": [rule for rule in rules if rule.valid_from > today],
    }


class OpeningPage(NumberPage, CompanyFormPage):
    """A page that changes when a number is open; what it would replace is named, and asked for."""

    route = "number"

    def save(self, data: dict[str, Any], **common: Any) -> str:
        """Call the service with the form's answers; what to tell then."""
        raise NotImplementedError

    def question(self, days: list[date]) -> str:
        """The sentence that names what would be replaced."""
        raise NotImplementedError

    def form_valid(self, form: AgreeForm) -> HttpResponse:
        common = {"number": self.number, "by": self.request.user, "now": self.now, "agreed": form.agreed()}
        try:
            done = self.save(form.cleaned_data, **common)
        except WouldReplace as planned:
            form.ask(planned.days, self.question(planned.days))
            return self.form_invalid(form)
        except IllicoError as refusal:
            form.add_error(getattr(refusal, "about", None), str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, done)
        return redirect(f"portal:{self.route}", siren=self.company.siren, pk=self.number.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = paris_day(self.now)
        access = DirectoryRecord.objects.filter(number=self.number).values_list("deaf_access", flat=True).first()
        return super().get_context_data(**kwargs) | {
            "number": self.number,
            "may_change": True,
            "deaf_access": bool(access) or bool(offers_of([self.number.pk], day=today)),
            **opening_of(self.number, today),
        }


class HoursPage(OpeningPage):
    """Change the weekly hours from a day on."""

    template_name = "portal/number_hours.html"
    form_class = WeekForm

    def get_initial(self) -> dict[str, Any]:
        today = paris_day(self.now)
        week = {f"d{rank}": write_spans(spans) for rank, spans in enumerate(week_on(self.number, today))}
        return {**week, "start": today + timedelta(days=1)}

    def save(self, data: dict[str, Any], **common: Any) -> str:
        set_hours(week=[data[f"d{rank}"] or [] for rank in range(7)], start=data["start"], **common)
        return _("Les nouveaux horaires sont enregistrés.")

    def question(self, days: list[date]) -> str:
        return _("Les horaires prévus à partir du %(days)s seraient remplacés.") % {"days": listed(days)}


class DaysPage(OpeningPage):
    """The days with hours of their own: those to come, those that passed; give one more; what holidays do."""

    template_name = "portal/number_days.html"
    form_class = DaysForm
    route = "days"
    prefix = "days"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = paris_day(self.now)
        context = super().get_context_data(**kwargs)
        forms = {"days": DaysForm(prefix="days"), "holidays": self._holidays_form(context, today)}
        forms[self.prefix] = context["form"]
        past = own_days(self.number, since=today - timedelta(days=PAST_DAYS), until=today)
        return context | {
            "days_form": forms["days"],
            "holidays_form": forms["holidays"],
            "past": dated_words(past[::-1]),
        }

    def save(self, data: dict[str, Any], **common: Any) -> str:
        asked = {key: data[key] for key in ("first", "last", "spans", "reason")}
        set_days(**asked, **common)
        return _("Ces jours sont enregistrés, et annoncés sur la page publique.")

    def question(self, days: list[date]) -> str:
        named = [_named(run.first, run.last) for run in runs_of((day, (), "") for day in days)]
        told = {"days": get_text_list(named, _("et"))}
        return _("Ces jours ont déjà des horaires à eux, qui seraient remplacés : %(days)s.") % told

    def _holidays_form(self, context: dict[str, Any], today: date) -> HolidaysForm:
        held = context["holidays"]
        initial = {
            "policy": held.policy,
            "alsace_moselle": held.alsace_moselle,
            "start": today + timedelta(days=1),
        }
        return HolidaysForm(prefix="holidays", initial=initial)


class HolidaysPage(DaysPage):
    """What public holidays do from a day on; the same page, its other form."""

    form_class = HolidaysForm
    prefix = "holidays"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("portal:days", siren=self.company.siren, pk=self.number.pk)

    def save(self, data: dict[str, Any], **common: Any) -> str:
        asked = {key: data[key] for key in ("policy", "alsace_moselle", "start")}
        set_holidays(**asked, **common)
        return _("Le choix pour les jours fériés est enregistré.")

    def question(self, days: list[date]) -> str:
        return _("Le choix prévu à partir du %(days)s serait remplacé.") % {"days": listed(days)}


class DaysRemove(NumberPage):
    """Take days to come back; asked by a button, so only POST."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = RunForm(request.POST)
        if not asked.is_valid():
            raise Http404
        try:
            take_days_back(number=self.number, by=request.user, now=self.now, **asked.cleaned_data)
        except IllicoError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Ces jours retrouvent leurs horaires habituels."))
        return redirect("portal:days", siren=self.company.siren, pk=self.number.pk)


def listed(days: list[date]) -> str:
    """The days named one after the other."""
    return get_text_list([formats.date_format(day, "DATE_FORMAT") for day in days], _("et"))


def _named(first: date, last: date) -> str:
    told = {"first": formats.date_format(first, "DATE_FORMAT"), "last": formats.date_format(last, "DATE_FORMAT")}
    return told["first"] if first == last else _("du %(first)s au %(last)s") % told
