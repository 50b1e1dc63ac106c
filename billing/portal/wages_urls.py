"""Addresses of declared pay and of the wage share."""

from django.urls import path

from billing.portal.jobs import JobsPage
from billing.portal.payroll import PayrollAgainPage, PayrollMonthPage, PayrollPage, PayrollUploadPage
from billing.portal.payroll_match import MatchPage, UndoMatchPage, UnmatchedPage
from billing.portal.wages import WagesFilePage, WagesMonthPage, WagesPage

urlpatterns = [
    path("salaires/", WagesPage.as_view(), name="wages"),
    path("salaires/part-des-salaires.csv", WagesFilePage.as_view(), name="wages_file"),
    path("salaires/emplois/", JobsPage.as_view(), name="jobs"),
    path("salaires/paie/", PayrollPage.as_view(), name="payroll"),
    path("salaires/paie/depots/<int:pk>/", PayrollUploadPage.as_view(), name="payroll_upload"),
    path("salaires/paie/depots/<int:pk>/relancer/", PayrollAgainPage.as_view(), name="payroll_again"),
    path("salaires/paie/sans-agent/", UnmatchedPage.as_view(), name="payroll_unmatched"),
    path("salaires/paie/sans-agent/<int:pk>/", MatchPage.as_view(), name="payroll_match"),
    path("salaires/paie/rapproches/<int:pk>/defaire/", UndoMatchPage.as_view(), name="payroll_undo"),
    path("salaires/paie/<str:month>/", PayrollMonthPage.as_view(), name="payroll_month"),
    path("salaires/<str:month>/", WagesMonthPage.as_view(), name="wages_month"),
]
