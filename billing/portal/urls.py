"""Addresses of the space that this app draws."""

from django.urls import path

from billing.portal.access_channels import ChannelsPage
from billing.portal.calls import CallsFile, CallsPage
from billing.portal.dashboard import Dashboard
from billing.portal.enrol_urls import ENROLMENT
from billing.portal.findings import FindingPage, FindingsPage
from billing.portal.homeshoring import AgentsFile, HomeshoringFile, HomeshoringPage, TrainingFile
from billing.portal.imports import ImportListPage, SourceNewPage, UploadNewPage, UploadPage
from billing.portal.imports_fix import ImportPage, RefusedLines, SourcePage
from billing.portal.my_day import DisputePage, MyDayPage
from billing.portal.numbers import NumberPassport, NumbersPage
from billing.portal.opening import DaysPage, DaysRemove, HolidaysPage, HoursPage
from billing.portal.pack import PackPage
from billing.portal.passport import Passport
from billing.portal.visio import AnswerPage, ConsolePage, EndPage, ReadyPage, RoomPage, SayPage, SignPage
from billing.portal.wages_urls import urlpatterns as wages

urlpatterns = [
    path("ma-journee/", MyDayPage.as_view(), name="my_day"),
    path("ma-journee/contester/", DisputePage.as_view(), name="dispute"),
    path("visio/", ConsolePage.as_view(), name="visio"),
    path("visio/<int:pk>/", RoomPage.as_view(), name="visio_room"),
    path("visio/<int:pk>/repondre/", AnswerPage.as_view(), name="visio_answer"),
    path("visio/<int:pk>/signe/", SignPage.as_view(), name="visio_sign"),
    path("visio/<int:pk>/message/", SayPage.as_view(), name="visio_say"),
    path("visio/<int:pk>/pret/", ReadyPage.as_view(), name="visio_ready"),
    path("visio/<int:pk>/fin/", EndPage.as_view(), name="visio_end"),
    path("", Dashboard.as_view(), name="dashboard"),
    path("appels/", CallsPage.as_view(), name="calls"),
    path("appels/fichier.csv", CallsFile.as_view(), name="calls_file"),
    path("appels/<int:pk>/", Passport.as_view(), name="call"),
    path("imports/", ImportListPage.as_view(), name="imports"),
    path("imports/nouveau/", UploadNewPage.as_view(), name="import_new"),
    path("imports/depots/<int:pk>/", UploadPage.as_view(), name="upload"),
    path("imports/sources/nouvelle/", SourceNewPage.as_view(), name="source_new"),
    path("imports/sources/<int:pk>/", SourcePage.as_view(), name="source"),
    path("imports/<int:pk>/", ImportPage.as_view(), name="import"),
    path("imports/<int:pk>/lignes-refusees/", RefusedLines.as_view(), name="import_refused"),
    path("teletravail/domicile-et-site/", HomeshoringPage.as_view(), name="homeshoring"),
    path("teletravail/domicile-et-site/fichier.csv", HomeshoringFile.as_view(), name="homeshoring_file"),
    path("agents/fichier.csv", AgentsFile.as_view(), name="agents_file"),
    path("formation/fichier.csv", TrainingFile.as_view(), name="training_file"),
    path("numeros/", NumbersPage.as_view(), name="numbers"),
    path("numeros/<int:pk>/", NumberPassport.as_view(), name="number"),
    path("numeros/<int:pk>/horaires/", HoursPage.as_view(), name="hours"),
    path("numeros/<int:pk>/acces/", ChannelsPage.as_view(), name="channels"),
    path("numeros/<int:pk>/jours/", DaysPage.as_view(), name="days"),
    path("numeros/<int:pk>/jours/retirer/", DaysRemove.as_view(), name="days_remove"),
    path("numeros/<int:pk>/jours/feries/", HolidaysPage.as_view(), name="holidays"),
    path("agents/dossier-de-preuve/", PackPage.as_view(), name="pack"),
    *wages,
    path("a-traiter/", FindingsPage.as_view(), name="findings"),
    path("a-traiter/<int:pk>/", FindingPage.as_view(), name="finding"),
    *ENROLMENT,
]
