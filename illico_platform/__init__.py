"""The roof of Illico: settings, routes, workers; and its floor, ``lib``. It knows the apps by name only.

Imported before anything of the project, it lets the ``numbers`` app live beside the standard
library's module of the same name (see ``numbers/__init__.py`` for the other load order).
"""

import sys
from pathlib import Path

_stdlib_numbers = sys.modules.get("numbers")
if _stdlib_numbers is not None and not hasattr(_stdlib_numbers, "__path__"):
    # decimal or fractions came first: give the module they hold our folder's submodules.
    _stdlib_numbers.__path__ = [str(Path(__file__).resolve().parent.parent / "numbers")]
