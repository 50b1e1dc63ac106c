"""The site and the worker under a clock that a story sets; everything else in them is the product's own.

``gunicorn tests.browser.clock:application`` and ``celery -A tests.browser.clock``. The clock runs on from wherever the
story puts it: the file that STORY_CLOCK names holds the seconds it is ahead of, or behind, the machine's.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import time_machine
from celery.signals import task_prerun

from illico_platform.celery import app
from illico_platform.wsgi import application as site

__all__ = ["app", "application"]

_lock = threading.Lock()
_shown: float | None = None
_traveller: Any = None


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site, at the story's time."""
    _follow()
    return site(environ, start_response)


@task_prerun.connect
def _before_a_task(**kwargs: Any) -> None:
    _follow()


def _follow() -> None:
    global _shown, _traveller
    file = Path(os.environ["STORY_CLOCK"])
    with _lock:
        ahead = float(file.read_text())
        if ahead == _shown:
            return
        if _traveller is None:
            _traveller = time_machine.travel(time.time() + ahead, tick=True).start()
        else:
            _traveller.move_to(time_machine.escape_hatch.time.time() + ahead)
        _shown = ahead
