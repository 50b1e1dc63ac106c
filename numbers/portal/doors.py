"""Addresses of the space that name no company."""

from django.urls import path

from .entry import EntryPage, SecondFactorWantedPage

urlpatterns = [
    path("", EntryPage.as_view(), name="portal_entry"),
    path("deuxieme-cle/", SecondFactorWantedPage.as_view(), name="second_factor_wanted"),
]
