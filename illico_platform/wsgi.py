"""The web server's door: gunicorn illico_platform.wsgi."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "illico_platform.settings")
application = get_wsgi_application()
