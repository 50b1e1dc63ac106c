"""The door of the space: to the person's company, or to the choice between several."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from numbers.access import sees_all, visible_companies


class EntryPage(LoginRequiredMixin, TemplateView):
    """One company: straight to it. Several: a choice. None: what to do next."""

    template_name = "portal/entry.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        companies = list(visible_companies(request.user)[:100])
        if len(companies) == 1:
            return redirect("portal:dashboard", siren=companies[0].siren)
        return self.render_to_response({"companies": companies, "is_operator": sees_all(request.user)})


class SecondFactorWantedPage(LoginRequiredMixin, TemplateView):
    """Why an owner or accountant needs a second factor, and the way to it."""

    template_name = "portal/second_factor_wanted.html"
