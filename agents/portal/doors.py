"""Addresses of this app outside a company's space."""

from django.urls import path

from agents.portal.commune import CommunesFound

urlpatterns = [path("", CommunesFound.as_view(), name="communes")]
