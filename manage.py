#!/usr/bin/env python
"""The door for commands: python manage.py COMMAND."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "illico_platform.settings")
    from django.core.management import execute_from_command_line

    import illico_platform  # noqa: F401  before Django, so that the app called numbers can be imported

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
