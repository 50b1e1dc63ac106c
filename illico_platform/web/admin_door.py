"""The admin's door: the sign-in of everybody, which counts wrong passwords and asks for the second factor."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from unfold.sites import UnfoldAdminSite

from illico_platform.web.second_factor import operator_lacks_second_factor


class OperatorSite(UnfoldAdminSite):
    """The admin for the operator's people. Django's own form of sign-in would know nothing of second factors."""

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not operator_lacks_second_factor(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the sign-in, to the second factor, or into the admin; who is not of the operator gets 403."""
        wanted = self._wanted(request)
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not (request.user.is_active and request.user.is_staff):
            raise PermissionDenied
        if operator_lacks_second_factor(request.user):
            request.session["wanted"] = wanted
            return redirect("second_factor_wanted")
        return redirect(wanted)

    def _wanted(self, request: HttpRequest) -> str:
        """Where the person was going in the admin; else, or on another site, its first page."""
        wanted, home = request.GET.get("next", ""), reverse("admin:index", current_app=self.name)
        door = reverse("admin:login", current_app=self.name).rstrip("/")
        safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
        return wanted if safe and wanted.startswith(home) and not wanted.startswith(door) else home
