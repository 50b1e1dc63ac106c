"""One registry for all plug-ins: connectors, payroll formats, reports, payouts. A plug-in is one file in a folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from illico_platform.lib.errors import IllicoError


class Plugin(Protocol):
    """What every plug-in class declares. A new version of a format is a new ``version`` of the same key."""

    key: str
    label: str
    version: str


T = TypeVar("T", bound=Plugin)


class UnknownKey(IllicoError):
    """No plug-in has that key; the sentence lists those that exist."""


class Registry(Generic[T]):
    """Plug-ins of one kind by their ``key``, found by walking one package on first use.

    Args:
        kind: what a plug-in is called in messages ("connector").
        package: dotted name of the folder that is walked.
        required: attribute names without which a registration is refused.
    """

    def __init__(self, kind: str, *, package: str, required: tuple[str, ...] = ("key", "label", "version")) -> None:
        self.kind, self.package, self.required = kind, package, required
        self._items: dict[str, T] = {}
        self._walked = False

    def register(self, item: type[T]) -> type[T]:
        """Class decorator. Raises TypeError when an attribute is missing, ValueError when the key is taken."""
        missing = [name for name in self.required if not hasattr(item, name)]
        if missing:
            raise TypeError(f"{item.__name__} cannot be a {self.kind}: it has no {', '.join(missing)}")
        key = item.key
        if key in self._items:
            raise ValueError(f"two {self.kind}s are called {key!r}")
        self._items[key] = item()
        return item

    def __getitem__(self, key: str) -> T:
        self._walk()
        try:
            return self._items[key]
        except KeyError:
            raise UnknownKey(f"no {self.kind} {key!r}; there is: {', '.join(sorted(self._items))}") from None

    def __iter__(self) -> Iterator[str]:
        self._walk()
        return iter(sorted(self._items))

    def choices(self) -> list[tuple[str, str]]:
        """(key, label) pairs in the order of keys, for forms and the API."""
        return [(key, self[key].label) for key in self]

    def _walk(self) -> None:
        if self._walked:
            return
        self._walked = True
        folder = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(folder.__path__):
            importlib.import_module(f"{self.package}.{module.name}")
