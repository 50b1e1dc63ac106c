"""A company's invitations and its account for payouts, as the operator's staff sees them: nothing is changed here."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.columns import Columns
from numbers.models import Invitation, PayoutAccount


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Who was invited into which team, by whom, and what became of it."""

    _c = Columns(Invitation)
    list_display = ["email", _c.link("company"), "role", "invited_by_email", "expires_at", "accepted_at", "revoked_at"]
    list_select_related = ["company"]
    list_filter = ["role", ("company", AutocompleteSelectFilter)]
    search_fields = ["email", "company__name", "company__siren"]
    exclude = ["token_hash"]


@admin.register(PayoutAccount)
class PayoutAccountAdmin(ReadOnlyAdmin):
    """Where companies are paid: the mask alone, and who changed it when."""

    _c = Columns(PayoutAccount)
    list_display = ["iban_mask", _c.link("company"), "changed_at"]
    list_select_related = ["company"]
    search_fields = ["company__name", "company__siren"]
    exclude = ["iban_sealed"]
