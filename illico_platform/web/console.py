"""Mail while developing: shown in the terminal, beside what commands print and never in it."""

import sys
from typing import Any

from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    """Django's own, on stderr: stdout belongs to what a command prints, ``night --json`` above all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("stream", sys.stderr)
        super().__init__(*args, **kwargs)
