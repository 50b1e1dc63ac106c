"""How the public pages are kept: their figures for five minutes here, the whole page for one minute by the reader.

Figures are kept without any word of a language and without anything of the person who asked for them.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, TypeVar

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import conditional_page

from billing.selectors_public import directory_stamp

KEPT_S = 300
PAGE_S = 60
V = TypeVar("V")


def remembered(make: Callable[[], V], *parts: str, day: date) -> V:
    """What ``make`` found for these parts on this day, until a number of the directory changes or five minutes pass."""
    key = hashlib.sha256("\n".join([directory_stamp(), str(day), *parts]).encode()).hexdigest()
    return cache.get_or_set(f"public:{key}", make, KEPT_S)


def shared(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that anybody's cache may keep, unless it shows that the reader has signed in."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Cookie"])
        if request.user.is_authenticated:
            patch_cache_control(response, private=True, no_cache=True)
        elif response.status_code != 429:
            patch_cache_control(response, public=True, max_age=PAGE_S)
        return response

    return conditional_page(answered)
