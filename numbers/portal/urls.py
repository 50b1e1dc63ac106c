"""Addresses of the space that this app draws."""

from django.urls import path

from .settings import PayoutPage, SettingsPage
from .team import InvitationStep, MemberPage, TeamPage

urlpatterns = [
    path("equipe/", TeamPage.as_view(), name="team"),
    path("equipe/<int:pk>/", MemberPage.as_view(), name="member"),
    path("equipe/invitations/<int:pk>/renvoyer/", InvitationStep.as_view(step="resend"), name="invitation_resend"),
    path("equipe/invitations/<int:pk>/revoquer/", InvitationStep.as_view(step="revoke"), name="invitation_revoke"),
    path("reglages/", SettingsPage.as_view(), name="settings"),
    path("reglages/versements/", PayoutPage.as_view(), name="payout"),
]
