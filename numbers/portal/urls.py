"""Addresses of the space that this app draws."""

from django.urls import path

from numbers.access.pages import CompanyTemplatePage

urlpatterns = [
    path("numeros/", CompanyTemplatePage.as_view(template_name="portal/soon.html", place="numbers"), name="numbers"),
    path("imports/", CompanyTemplatePage.as_view(template_name="portal/soon.html", place="imports"), name="imports"),
    path("equipe/", CompanyTemplatePage.as_view(template_name="portal/soon.html", place="team"), name="team"),
    path("reglages/", CompanyTemplatePage.as_view(template_name="portal/soon.html", place="settings"), name="settings"),
]
