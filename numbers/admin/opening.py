"""When numbers are open, in the admin: hours, dated exceptions, public holidays, typed as times of day."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.widgets import UnfoldAdminTextInputWidget

from illico_platform.web.admin import PlatformAdmin, PlatformInline
from illico_platform.web.columns import Columns
from numbers.fields import ClockField
from numbers.models import HolidayRule, OpeningException, OpeningHours


def clock(label: Any, *, empty: Any, **options: Any) -> ClockField:
    """A time of day; in a row of a table the column's head names it for the eye only."""
    widget = UnfoldAdminTextInputWidget({"placeholder": empty, "aria-label": label})
    return ClockField(label=label, max_length=5, widget=widget, **options)


class HoursForm(forms.ModelForm):
    """An opening interval, typed as times of day."""

    opens_s = clock(_("Ouvre à"), empty="09:00")
    closes_s = clock(_("Ferme à"), empty="18:00", help_text=_("24:00 pour minuit."))


class ExceptionForm(forms.ModelForm):
    """A dated day: both times, or neither when it is closed."""

    opens_s = clock(_("Ouvre à"), empty=_("fermé"), required=False)
    closes_s = clock(_("Ferme à"), empty=_("fermé"), required=False, help_text=_("Les deux vides : fermé."))


class HoursInline(PlatformInline):
    model = OpeningHours
    form = HoursForm


class ExceptionInline(PlatformInline):
    model = OpeningException
    form = ExceptionForm


class HolidayInline(PlatformInline):
    model = HolidayRule


@admin.register(OpeningHours)
class OpeningHoursAdmin(PlatformAdmin):
    """Announced hours, week by week."""

    form = HoursForm
    _c = Columns(OpeningHours)
    list_display = ["__str__", _c.link("number"), "valid_from", "valid_until"]
    list_select_related = ["number"]
    list_filter = ["weekday", ("number", AutocompleteSelectFilter)]
    search_fields = ["number__digits", "number__label"]
    autocomplete_fields = ["number"]


@admin.register(OpeningException)
class OpeningExceptionAdmin(PlatformAdmin):
    """Dated exceptions to the announced hours."""

    form = ExceptionForm
    _c = Columns(OpeningException)
    list_display = ["__str__", _c.link("number"), "day", "reason"]
    list_select_related = ["number"]
    list_filter = [("number", AutocompleteSelectFilter)]
    search_fields = ["number__digits", "number__label"]
    autocomplete_fields = ["number"]


@admin.register(HolidayRule)
class HolidayRuleAdmin(PlatformAdmin):
    """What a number does on public holidays, from a date on."""

    _c = Columns(HolidayRule)
    list_display = [_c.link("number"), "policy", "alsace_moselle", "valid_from", "valid_until"]
    list_select_related = ["number"]
    list_filter = ["policy", "alsace_moselle", ("number", AutocompleteSelectFilter)]
    search_fields = ["number__digits", "number__label"]
    autocomplete_fields = ["number"]
