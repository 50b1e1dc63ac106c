"""All addresses of the site. Each app brings its own; this file only places them."""

from django.contrib import admin
from django.urls import include, path, re_path

from illico_platform.health import health
from illico_platform.web.theme import set_language, set_theme

# One namespace over the apps: a menu names a page without knowing who draws it.
SPACE = [path("", include(f"{app}.portal.urls")) for app in ("billing", "agents", "numbers")]

urlpatterns = [
    path("", include("billing.public.urls")),
    path("espace/", include("numbers.portal.doors")),
    re_path(r"^espace/(?P<siren>[0-9]{9})/", include((SPACE, "portal"))),
    path("communes/", include("agents.portal.doors")),
    path("compte/", include("allauth.urls")),
    path("langue/setlang/", set_language, name="set_language"),
    path("couleurs/", set_theme, name="set_theme"),
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
]
