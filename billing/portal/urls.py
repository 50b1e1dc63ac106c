"""Addresses of the space that this app draws."""

from django.urls import path

from numbers.access.pages import CompanyTemplatePage

urlpatterns = [
    path("", CompanyTemplatePage.as_view(template_name="portal/soon.html", place="dashboard"), name="dashboard"),
    path("appels/", CompanyTemplatePage.as_view(template_name="portal/soon.html", place="calls"), name="calls"),
    path("salaires/", CompanyTemplatePage.as_view(template_name="portal/soon.html", place="wages"), name="wages"),
    path(
        "a-traiter/", CompanyTemplatePage.as_view(template_name="portal/soon.html", place="findings"), name="findings"
    ),
]
