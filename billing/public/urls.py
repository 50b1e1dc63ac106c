"""Addresses of the public pages."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.decorators.cache import cache_control

from .pages import directory, number, robots
from .sitemaps import NumbersSitemap
from .visio import door, leave, room, say, sign

urlpatterns = [
    path("", directory, name="home"),
    path("numero/<str:written>/", number, name="public_number"),
    path("numero/<str:written>/visio/", door, name="visio"),
    path("numero/<str:written>/visio/<str:token>/", room, name="visio_room"),
    path("numero/<str:written>/visio/<str:token>/signe/", sign, name="visio_sign"),
    path("numero/<str:written>/visio/<str:token>/message/", say, name="visio_say"),
    path("numero/<str:written>/visio/<str:token>/fin/", leave, name="visio_leave"),
    path("robots.txt", robots, name="robots"),
    path(
        "sitemap.xml",
        cache_control(public=True, max_age=3_600)(sitemap),
        {"sitemaps": {"numbers": NumbersSitemap}},
        name="sitemap",
    ),
]
