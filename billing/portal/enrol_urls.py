"""Addresses of an enrolment and of a number's prices."""

from django.urls import path, re_path

from billing.portal.enrol import CheckPage, DiscardPage, FilesPage, TextsFile
from billing.portal.enrol_number import NumberStep
from billing.portal.enrol_papers import PaperFile, PaperRemoval, PapersStep
from billing.portal.enrol_steps import AgentsStep, DirectoryStep, HoursStep, LawStep, PriceStep, UseStep, ViabilityStep
from billing.portal.prices import PriceCancel, PricesPage

FILE = "numeros/inscrire/<int:pk>/"
STEPS = [UseStep, LawStep, NumberStep, PriceStep, HoursStep, DirectoryStep, AgentsStep, ViabilityStep, PapersStep]

ENROLMENT = [
    path("numeros/inscrire/", FilesPage.as_view(), name="enrol"),
    path(f"{FILE}verifier/", CheckPage.as_view(), name="enrol_check"),
    path(f"{FILE}supprimer/", DiscardPage.as_view(), name="enrol_discard"),
    path(f"{FILE}textes.txt", TextsFile.as_view(), name="enrol_texts"),
    path(f"{FILE}pieces/<int:paper>/", PaperFile.as_view(), name="enrol_paper"),
    path(f"{FILE}pieces/<int:paper>/retirer/", PaperRemoval.as_view(), name="enrol_paper_remove"),
    # The steps share a name, so that one is named by its word.
    *(
        re_path(rf"^numeros/inscrire/(?P<pk>[0-9]+)/(?P<step>{view.step.value})/$", view.as_view(), name="enrol_step")
        for view in STEPS
    ),
    path("numeros/<int:pk>/prix/", PricesPage.as_view(), name="prices"),
    path("numeros/<int:pk>/prix/<str:start>/annuler/", PriceCancel.as_view(), name="price_cancel"),
]
