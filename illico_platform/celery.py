"""The Celery application: ``celery -A illico_platform worker`` and ``beat``. Its settings stand in settings.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "illico_platform.settings")

app = Celery("illico")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
