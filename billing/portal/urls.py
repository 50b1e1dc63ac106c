"""Addresses of the space that this app draws."""

from django.urls import path

from billing.portal.calls import CallsFile, CallsPage
from billing.portal.dashboard import Dashboard
from billing.portal.passport import Passport
from numbers.access.pages import CompanyTemplatePage

urlpatterns = [
    path("", Dashboard.as_view(), name="dashboard"),
    path("appels/", CallsPage.as_view(), name="calls"),
    path("appels/fichier.csv", CallsFile.as_view(), name="calls_file"),
    path("appels/<int:pk>/", Passport.as_view(), name="call"),
    path("salaires/", CompanyTemplatePage.as_view(template_name="portal/soon.html", place="wages"), name="wages"),
    path(
        "a-traiter/", CompanyTemplatePage.as_view(template_name="portal/soon.html", place="findings"), name="findings"
    ),
]
