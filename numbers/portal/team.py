"""Pages of a company's team: who is in it, who is invited, and what each may do."""

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from illico_platform.lib.errors import IllicoError
from illico_platform.web import show
from numbers.access import actors_of
from numbers.access.pages import CompanyFormPage, CompanyPage
from numbers.models import Company, Invitation, Membership
from numbers.rules.lifecycle import Actor
from numbers.rules.team import gives
from numbers.selectors_team import members, pending_invitations
from numbers.services.invite import InvitationRefused, invite, resend, revoke
from numbers.services.team import change_role, remove_member

ROLE_HELP = {
    Membership.Role.OWNER: gettext_lazy("tout, l’équipe et le compte de versement compris ; deuxième clé demandée"),
    Membership.Role.MANAGER: gettext_lazy("tout, sauf le compte de versement ; invite superviseurs et agents"),
    Membership.Role.SUPERVISOR: gettext_lazy("appels, agents et imports ; ni salaires ni réglages"),
    Membership.Role.ACCOUNTANT: gettext_lazy("appels, salaires et compte de versement ; deuxième clé demandée"),
    Membership.Role.AGENT: gettext_lazy("répond aux appels ; pointe et lit sa propre journée, rien d’autre"),
}


class RoleForm(forms.Form):
    """One of the roles that the person may give."""

    role = forms.ChoiceField(label=gettext_lazy("Rôle"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, giveable: frozenset[Actor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, show.pair(str(role.label).capitalize(), ROLE_HELP[role]))
            for role in Membership.Role
            if Actor(role) in giveable
        ]


class InviteForm(RoleForm):
    """Who is invited, and for what."""

    field_order = ["email", "role"]
    email = forms.EmailField(
        label=gettext_lazy("Adresse électronique"), widget=forms.EmailInput(attrs={"autocomplete": "off", "size": 34})
    )


class TeamPage(CompanyFormPage):
    """The members and the invitations that wait; the form invites one more."""

    place = "team"
    template_name = "portal/team/team.html"
    form_class = InviteForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"giveable": gives(actors_of(self.request.user, self.company))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        giveable = gives(actors_of(self.request.user, self.company))
        return super().get_context_data(**kwargs) | {
            "members": members(company=self.company),
            "invitations": pending_invitations(company=self.company),
            "giveable": {str(role) for role in giveable},
            "now": timezone.now(),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                invitation = invite(
                    company=self.company,
                    email=form.cleaned_data["email"],
                    role=form.cleaned_data["role"],
                    by=self.request.user,
                    now=timezone.now(),
                    link=lambda token: invitation_link(self.request, token),
                )
                _count_sent(self.request, self.company)
        except IllicoError as refusal:
            form.add_error("email", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("L’invitation part à %(email)s.") % {"email": invitation.email})
        return redirect("portal:team", siren=self.company.siren)


class MemberPage(CompanyFormPage):
    """One member: another role, or out of the team."""

    place = "team"
    template_name = "portal/team/member.html"
    form_class = RoleForm

    def get_form_kwargs(self) -> dict[str, Any]:
        found = [each for each in members(company=self.company) if each.pk == self.kwargs["pk"]]
        if not found:
            raise Http404
        self.member = found[0]
        self.giveable = gives(actors_of(self.request.user, self.company))
        return super().get_form_kwargs() | {"giveable": self.giveable}

    def get_initial(self) -> dict[str, Any]:
        return {
            "role": Membership.objects.filter(pk=self.kwargs["pk"], company=self.company)
            .values_list("role", flat=True)
            .first()
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "member": self.member,
            "may_change": Actor(self.member.role) in self.giveable,
            "is_self": self.member.user_id == self.request.user.pk,
        }

    def form_valid(self, form: Any) -> HttpResponse:
        membership = Membership.objects.get(pk=self.member.pk, company=self.company)
        try:
            with transaction.atomic():
                if "remove" in self.request.POST:
                    remove_member(membership=membership, by=self.request.user)
                    said = _("%(email)s n’est plus dans l’équipe.")
                else:
                    change_role(membership=membership, role=form.cleaned_data["role"], by=self.request.user)
                    said = _("Le rôle de %(email)s est changé.")
        except IllicoError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, said % {"email": self.member.email})
        if self.member.user_id == self.request.user.pk:
            return redirect("portal_entry")
        return redirect("portal:team", siren=self.company.siren)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        # To take somebody out, no role is asked for.
        return self.form_valid(form) if "remove" in request.POST or form.is_valid() else self.form_invalid(form)


class InvitationStep(CompanyPage):
    """Send an invitation again, or revoke it."""

    place = "team"
    step = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = Invitation.objects.filter(pk=pk, company=self.company).first()
        if invitation is None:
            raise Http404
        try:
            with transaction.atomic():
                if self.step == "resend":
                    resend(
                        invitation=invitation,
                        by=request.user,
                        now=timezone.now(),
                        link=lambda token: invitation_link(request, token),
                    )
                    _count_sent(request, self.company)
                    messages.success(request, _("L’invitation repart à %(email)s.") % {"email": invitation.email})
                else:
                    revoke(invitation=invitation, by=request.user, now=timezone.now())
                    messages.success(
                        request, _("L’invitation de %(email)s est révoquée.") % {"email": invitation.email}
                    )
        except IllicoError as refusal:
            messages.error(request, str(refusal))
        return redirect("portal:team", siren=self.company.siren)


def invitation_link(request: HttpRequest, token: str) -> str:
    """The address in the mail."""
    return request.build_absolute_uri(reverse("invitation", args=[token]))


def _count_sent(request: HttpRequest, company: Company) -> None:
    """Mail to strangers in our name has an end: what is sent past it is taken back with the transaction."""
    if not ratelimit.consume(request, action="invitation_sent", key=str(company.pk)):
        raise InvitationRefused(_("Trop d’invitations sont parties depuis une heure. Réessayez plus tard."))
