"""The reader's choices of colours and language, kept in cookies: they work without scripts and before signing in.

Neither asks for a token: a page that everybody's cache may keep can hold none, and nothing but its look is at stake.
"""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

_YEAR_S = 366 * 86_400


@csrf_exempt
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember ``language`` and go back to ``next``; who has signed in gets their mail in it too."""
    response = django_set_language(request)
    if request.user.is_authenticated and (language := request.POST.get("language")) in dict(settings.LANGUAGES):
        get_user_model().objects.filter(pk=request.user.pk).update(language=language)
    return response


@csrf_exempt
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
