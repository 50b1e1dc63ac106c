"""How deaf and hard-of-hearing callers reach numbers: channels with their hours, and the law's dated rows."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from illico_platform.web.admin import KeptAdmin, PlatformAdmin, PlatformInline, ReadOnlyAdmin
from illico_platform.web.columns import Columns
from numbers.admin.opening import HoursForm
from numbers.models import AccessChannel, AccessDuty, AccessOpening, ChannelRequest, RoomSignal


class AccessOpeningInline(PlatformInline):
    model = AccessOpening
    form = HoursForm


class ChannelInline(PlatformInline):
    """The channels on a number's page; each has a page of its own for its hours."""

    model = AccessChannel
    show_change_link = True


@admin.register(AccessChannel)
class AccessChannelAdmin(PlatformAdmin):
    """What a number offers beside voice, from a day on, with hours of its own where it has any."""

    _c = Columns(AccessChannel)
    list_display = ["__str__", _c.link("number"), "channel", "opening", "valid_from", "valid_until"]
    list_select_related = ["number"]
    list_filter = ["channel", "opening", ("number", AutocompleteSelectFilter)]
    search_fields = ["number__digits", "number__label"]
    autocomplete_fields = ["number"]
    inlines = [AccessOpeningInline]


@admin.register(AccessOpening)
class AccessOpeningAdmin(PlatformAdmin):
    """Hours of channels that do not have those of the voice."""

    form = HoursForm
    _c = Columns(AccessOpening)
    list_display = ["__str__", _c.link("access")]
    list_select_related = ["access__number"]
    list_filter = ["weekday", "access__channel"]
    search_fields = ["access__number__digits", "access__number__label"]
    autocomplete_fields = ["access"]


@admin.register(AccessDuty)
class AccessDutyAdmin(KeptAdmin):
    """How long the law wants a channel open: a row is ended, not deleted."""

    _c = Columns(AccessDuty)
    list_display = ["__str__", _c.percent("least_share_bp"), "valid_from", "valid_until", "verified", "source"]
    list_filter = ["verified"]
    search_fields = ["source"]


@admin.register(ChannelRequest)
class ChannelRequestAdmin(ReadOnlyAdmin):
    """Who waits or talks by video or text now, and what ended lately; afterwards a call is all that stays."""

    _c = Columns(ChannelRequest)
    list_display = [
        "__str__", _c.link("company"), "entered_at", "answered_at", "ready_at", "ended_at", "ended_by", "stored_at",
    ]  # fmt: skip
    list_select_related = ["company", "number"]
    list_filter = [
        "channel",
        ("ended_at", admin.EmptyFieldListFilter),
        ("company", AutocompleteSelectFilter),
        ("number", AutocompleteSelectFilter),
    ]
    search_fields = ["number__digits", "company__name", "company__siren"]
    exclude = ["key", "caller_seat", "agent_seat"]


@admin.register(RoomSignal)
class RoomSignalAdmin(ReadOnlyAdmin):
    """Words on their way between two browsers; what they say is nobody's business but theirs."""

    _c = Columns(RoomSignal)
    list_display = ["sent_at", _c.link("request"), "sender", "kind"]
    list_select_related = ["request__number"]
    list_filter = ["kind", "sender"]
    search_fields = ["request__number__digits"]
    exclude = ["payload"]
    ordering = ["-id"]
