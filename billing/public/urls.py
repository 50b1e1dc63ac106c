"""Addresses of the public pages."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.decorators.cache import cache_control

from .pages import directory, number, robots
from .sitemaps import NumbersSitemap

urlpatterns = [
    path("", directory, name="home"),
    path("numero/<str:written>/", number, name="public_number"),
    path("robots.txt", robots, name="robots"),
    path(
        "sitemap.xml",
        cache_control(public=True, max_age=3_600)(sitemap),
        {"sitemaps": {"numbers": NumbersSitemap}},
        name="sitemap",
    ),
]
