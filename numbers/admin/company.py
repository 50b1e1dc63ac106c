"""Companies, members and the people who sign in."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from illico_platform.web.admin import KeptAdmin, PlatformAdmin, PlatformInline
from illico_platform.web.columns import Columns
from numbers.models import Company, Membership, User

admin.site.unregister(Group)


class NewUserForm(UserCreationForm):
    """A user is known by an e-mail address; there is no user name."""

    class Meta:
        model = User
        fields = ("email",)


class MemberInline(PlatformInline):
    model = Membership
    autocomplete_fields = ["user", "company"]
    verbose_name_plural = "membres"


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, ModelAdmin):
    """Groups of permissions for the operator's staff."""

    filter_horizontal = ()  # Django's double list needs more than a small screen's width


@admin.register(User)
class UserAdmin(BaseUserAdmin, PlatformAdmin):
    """People who sign in, and the companies they belong to."""

    form = UserChangeForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["email", "first_name", "last_name", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups"]
    search_fields = ["email", "first_name", "last_name"]
    ordering = ["email"]
    filter_horizontal = ()
    inlines = [MemberInline]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        ("Identité", {"fields": ["first_name", "last_name"]}),
        ("Droits", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "password1", "password2"]})]

    def get_inlines(self, request: Any, obj: User | None) -> list[type[PlatformInline]]:
        return self.inlines if obj else []


@admin.register(Company)
class CompanyAdmin(KeptAdmin):
    """Companies: deactivated, never deleted, since books and calls point at them."""

    list_display = ["name", "siren", "siret", "is_active", "created_at"]
    list_filter = ["is_active"]
    search_fields = ["name", "siren", "siret"]
    readonly_fields = ["created_at"]
    inlines = [MemberInline]
    fieldsets = [
        (None, {"fields": ["name", "siren", "siret", "vat_number", "is_active", "created_at"]}),
        ("Annuaire", {"fields": ["address", "complaint_contact"], "description": "Ce que l’annuaire public affiche."}),
    ]


@admin.register(Membership)
class MembershipAdmin(PlatformAdmin):
    """Who may act for which company, in which role."""

    _c = Columns(Membership)
    list_display = ["__str__", _c.link("user"), _c.link("company"), "role"]
    list_select_related = ["user", "company"]
    list_filter = ["role", ("company", AutocompleteSelectFilter)]
    search_fields = ["user__email", "company__name", "company__siren"]
    autocomplete_fields = ["user", "company"]
