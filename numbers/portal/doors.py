"""Addresses of the space that name no company."""

from django.urls import path

from .companies import NewCompanyPage
from .entry import EntryPage, RecoveryCodesDoor, SecondFactorWantedPage
from .invitations import InvitationPage
from .person import MyDataDownload, PersonPage

urlpatterns = [
    path("", EntryPage.as_view(), name="portal_entry"),
    path("deuxieme-cle/", SecondFactorWantedPage.as_view(), name="second_factor_wanted"),
    path("codes-de-secours/", RecoveryCodesDoor.as_view(), name="recovery_codes"),
    path("entreprise/nouvelle/", NewCompanyPage.as_view(), name="new_company"),
    path("invitation/<str:token>/", InvitationPage.as_view(), name="invitation"),
    path("moi/", PersonPage.as_view(), name="person"),
    path("moi/donnees.json", MyDataDownload.as_view(), name="my_data"),
]
