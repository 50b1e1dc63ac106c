"""All addresses of the site. Each app brings its own; this file only places them."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
