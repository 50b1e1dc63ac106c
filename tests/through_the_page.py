"""What a person does on the page of a file given, workers and all: ``python -m tests.through_the_page STEP WHAT``.

``give PATH`` gives a queue_log and prints the address of its page; ``look ADDRESS`` prints that page as text, ``again
ADDRESS`` presses its button. Services from the environment.
"""

import html
import os
import re
import sys
from pathlib import Path

import django


def give(path: str) -> str:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.urls import reverse

    from numbers.models import Source
    from tests.cast import SIREN

    file = SimpleUploadedFile("queue_log", Path(path).read_bytes())
    source = Source.objects.get(company__siren=SIREN)
    answers = {"source": source.pk, "connector": "asterisk-queue-log", "file": file}
    return str(_manager().post(reverse("portal:import_new", kwargs={"siren": SIREN}), answers)["Location"])


def look(address: str) -> str:
    shown = _manager().get(address, follow=True).content.decode()
    main = shown[shown.index("<main") : shown.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def again(address: str) -> str:
    return str(_manager().post(address).status_code)


def _manager() -> "django.test.Client":
    from django.test import Client

    from numbers.models import User

    client = Client()
    manager = User.objects.get(email="manager@example.org")
    client.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    return client


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "illico_platform.settings")
    django.setup()
    django.conf.settings.ALLOWED_HOSTS = ["testserver"]
    # Hashed names are made by collectstatic, which tests do not run.
    django.conf.settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    print({"give": give, "look": look, "again": again}[sys.argv[1]](sys.argv[2]))  # noqa: T201 - the test reads it
