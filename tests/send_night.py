"""Send the night to the workers: ``python -m tests.send_night YYYY-MM-DD``."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "illico_platform.settings")
    django.setup()
    from billing.tasks import night

    night.delay(sys.argv[1])
