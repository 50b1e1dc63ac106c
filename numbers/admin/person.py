"""People who sign in, what they sign in with, and the help for somebody who lost it."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from illico_platform.web.action import ActionForm, ActionPage
from illico_platform.web.admin import PlatformAdmin, PlatformInline, ReadOnlyAdmin
from illico_platform.web.columns import Columns
from numbers.models import User
from numbers.services.help_sign_in import may_help, remove_second_factor

from .company import MemberInline

RIGHTS = ["is_staff", "is_superuser", "groups", "user_permissions"]
KEYS = {
    Authenticator.Type.TOTP: _("application d’authentification"),
    Authenticator.Type.WEBAUTHN: _("clé d’accès"),
    Authenticator.Type.RECOVERY_CODES: _("codes de secours"),
}

for model in (Group, EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)


def _name_in_french() -> None:
    """The sign-in library names most of its tables in English; a name on screen is no part of a migration."""
    names = {
        EmailAddress: (_("adresse électronique"), _("adresses électroniques")),
        Authenticator: (_("deuxième clé"), _("deuxièmes clés")),
        UserSession: (_("session ouverte"), _("sessions ouvertes")),
    }
    fields = {
        "user": _("utilisateur"),
        "type": _("sorte"),
        "created_at": _("créée le"),
        "last_used_at": _("dernier usage"),
        "last_seen_at": _("vue le"),
        "ip": _("adresse du réseau"),
        "user_agent": _("navigateur"),
    }
    for model, (one, several) in names.items():
        model._meta.verbose_name, model._meta.verbose_name_plural = one, several
        apps.get_app_config(model._meta.app_label).verbose_name = capfirst(several)
        for field in model._meta.fields:
            field.verbose_name = fields.get(field.name, field.verbose_name)


_name_in_french()


class NewUserForm(UserCreationForm):
    """A user is known by an e-mail address; there is no user name."""

    class Meta:
        model = User
        fields = ("email",)


class HelpForm(ActionForm):
    """What is written down before a second factor goes."""

    asked_by = forms.CharField(
        label=_("Qui le demande, par quelle voie"),
        max_length=200,
        help_text=_("Par exemple : la personne elle-même, au téléphone de l’entreprise, rappelée."),
        error_messages={"required": _("Dites qui le demande.")},
    )
    identity = forms.CharField(
        label=_("Comment son identité est vérifiée"),
        max_length=200,
        help_text=_("Par exemple : pièce d’identité vue, et un autre propriétaire de l’entreprise l’a confirmé."),
        error_messages={"required": _("Dites comment vous savez que c’est bien cette personne.")},
    )
    reason = forms.CharField(
        label=_("Motif"),
        widget=forms.Textarea,
        error_messages={"required": _("Donnez le motif : il reste dans l’historique.")},
    )


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, ModelAdmin):
    """Groups of permissions for the operator's staff: who could change their own group's would have them all."""

    filter_horizontal = ()  # Django's double list needs more than a small screen's width

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser


@admin.register(User)
class UserAdmin(BaseUserAdmin, PlatformAdmin):
    """People who sign in, and the companies they belong to. Rights of staff are a superuser's to give."""

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
        (_("Identité"), {"fields": ["first_name", "last_name", "language"]}),
        (_("Droits"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "password1", "password2"]})]
    change_form_outer_before_template = "admin/numbers/user/help.html"

    def get_inlines(self, request: Any, obj: User | None) -> list[type[PlatformInline]]:
        return self.inlines if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fixed = [] if request.user.is_superuser else RIGHTS
        # Another address is the person's to prove, by a code, on their own page.
        return [*self.readonly_fields, *fixed, *(["email"] if obj else [])]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._within_reach(request, obj)

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.help_view)
        return [path("<int:pk>/aider/", page, name="numbers_user_help"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        user = kwargs.get("obj")
        if user is not None:
            context["may_help"] = self._may_help(request, user) and Authenticator.objects.filter(user=user).exists()
            context["kept"] = reverse("admin:numbers_user_history", args=[user.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def help_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask who asked and how they were known, then take the second factor off."""
        user = User.objects.filter(pk=pk).first()
        if user is None:
            raise Http404
        if not self._may_help(request, user):
            raise PermissionDenied
        page = ActionPage(
            title=_("Aider %(email)s à se connecter") % {"email": user.email},
            intro=_(
                "Sa deuxième clé et ses codes de secours sont retirés, ses sessions fermées : son mot de passe suffit "
                "alors pour se connecter. Un courriel le lui dit. Ce que vous écrivez reste dans son historique, "
                "avec votre nom."
            ),
            submit=_("Retirer la deuxième clé"),
            form=HelpForm,
            subjects=_known_of(user),
            run=lambda data: self._help(request, user, data),
        )
        return page.respond(self, request)

    def _help(self, request: HttpRequest, user: User, data: dict[str, Any]) -> str:
        remove_second_factor(user=user, by=request.user, **data)
        messages.success(
            request, _("La deuxième clé de %(email)s est retirée ; un courriel le lui dit.") % {"email": user.email}
        )
        return reverse("admin:numbers_user_change", args=[user.pk])

    def _may_help(self, request: HttpRequest, user: User) -> bool:
        return self.has_change_permission(request, user) and may_help(user=user, by=request.user)

    @staticmethod
    def _within_reach(request: HttpRequest, obj: User | None) -> bool:
        """Whoever could change a superuser, or make one, would be one."""
        return obj is None or request.user.is_superuser or not (obj.is_staff or obj.is_superuser)


def _known_of(user: User) -> list[str]:
    """What helps to know whether it is them: their companies and roles, their keys."""
    memberships = user.memberships.select_related("company").order_by("company__name")
    keys = Authenticator.objects.filter(user=user).order_by("pk")
    return [
        *(f"{each.company} · {each.get_role_display()}" for each in memberships),
        *(
            _("%(key)s, ajoutée le %(day)s") % {"key": _key(each), "day": f"{each.created_at.astimezone():%d/%m/%Y}"}
            for each in keys
        ),
    ]


def _key(key: Authenticator) -> str:
    kind = KEYS[Authenticator.Type(key.type)]
    named = _("%(kind)s « %(name)s »") % {"kind": kind, "name": key}
    return str(named if key.type == Authenticator.Type.WEBAUTHN else kind)


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyAdmin):
    """Which addresses a person has proven."""

    _c = Columns(EmailAddress)
    list_display = ["email", _c.link("user"), "verified", "primary"]
    list_select_related = ["user"]
    list_filter = ["verified", "primary"]
    search_fields = ["email", "user__email"]
    fields = ["user", "email", "verified", "primary"]


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnlyAdmin):
    """That a person has a second factor, of which sort and since when; never what it is made of."""

    _c = Columns(Authenticator)
    list_display = ["kind", _c.link("user"), "created_at", "last_used_at"]
    list_select_related = ["user"]
    list_filter = ["type"]
    search_fields = ["user__email"]
    fields = ["kind", "user", "created_at", "last_used_at"]
    readonly_fields = ["kind"]

    @admin.display(description=_("sorte"), ordering="type")
    def kind(self, key: Authenticator) -> str:
        return _key(key)


@admin.register(UserSession)
class UserSessionAdmin(ReadOnlyAdmin):
    """Where a person is signed in; without the session's key, which would open it."""

    _c = Columns(UserSession)
    list_display = ["user_agent", _c.link("user"), "ip", "created_at", "last_seen_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "ip"]
    fields = ["user", "ip", "user_agent", "created_at", "last_seen_at"]
