"""The choice between light and dark, kept in a cookie: it works without scripts and before anybody signs in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

_YEAR_S = 366 * 86_400


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember ``theme`` (light, dark; anything else: as the device) and go back to ``next``."""
    wanted = request.POST.get("next", "/")
    hosts = {request.get_host()}
    response = redirect(wanted if url_has_allowed_host_and_scheme(wanted, hosts, request.is_secure()) else "/")
    if (theme := request.POST.get("theme")) in ("light", "dark"):
        response.set_cookie("theme", theme, max_age=_YEAR_S, samesite="Lax", secure=request.is_secure(), httponly=True)
    else:
        response.delete_cookie("theme")
    return response
