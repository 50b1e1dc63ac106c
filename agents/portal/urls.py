"""Addresses of the space that this app draws."""

from django.urls import path

from numbers.access.pages import CompanyTemplatePage

urlpatterns = [
    path("agents/", CompanyTemplatePage.as_view(template_name="portal/soon.html", place="agents"), name="agents"),
]
