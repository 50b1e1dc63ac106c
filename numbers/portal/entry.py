"""The door of the space: to the person's company, or to the choice between several."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView
from django.views.generic.base import View

from numbers.access import sees_all, visible_companies
from numbers.access.places import AGENT, EVERYBODY


class EntryPage(LoginRequiredMixin, TemplateView):
    """Where the person was going; else one company: straight to it; several: a choice; none: what to do next."""

    template_name = "portal/entry.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.session.get("wanted") and is_mfa_enabled(request.user):
            return redirect(request.session.pop("wanted"))
        companies = list(visible_companies(request.user, roles=EVERYBODY)[:100])
        if len(companies) == 1:
            return redirect("portal:dashboard", siren=companies[0].siren)
        is_operator = sees_all(request.user)
        as_agent = [] if is_operator else list(visible_companies(request.user, roles=[AGENT])[:100])
        if not companies and len(as_agent) == 1:
            return redirect("portal:my_day", siren=as_agent[0].siren)
        return self.render_to_response({"companies": companies, "as_agent": as_agent, "is_operator": is_operator})


class SecondFactorWantedPage(LoginRequiredMixin, TemplateView):
    """Why an owner or accountant needs a second factor, and the ways to it."""

    template_name = "portal/second_factor_wanted.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_mfa_enabled(request.user):
            return redirect("portal_entry")
        return super().get(request, *args, **kwargs)


class RecoveryCodesDoor(LoginRequiredMixin, View):
    """To the person's recovery codes, or to where one gets some."""

    def get(self, request: HttpRequest) -> HttpResponse:
        has_codes = Authenticator.objects.filter(
            user_id=request.user.pk, type=Authenticator.Type.RECOVERY_CODES
        ).exists()
        return redirect("mfa_view_recovery_codes" if has_codes else "mfa_index")
