"""What a connector of network sightings gives: who was seen when from which address. It stores nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

import polars as pl

from illico_platform.lib.errors import Reject
from illico_platform.lib.registry import Registry
from numbers.connectors.base import REJECTS_KEPT

# ``other_name`` is another way in which the same switch writes the same agent; null where there is none.
SEEN = {
    "line": pl.Int64,
    "at": pl.Datetime("us", "UTC"),
    "name": pl.String,
    "other_name": pl.String,
    "address": pl.String,
}


@dataclass
class SeenBatch:
    """One block of a file, read.

    Args:
        seen: the columns of ``SEEN``, addresses as they stand in the file.
        read: lines that were not blank; ignored: those that speak of no agent's phone.
        rejects: the first refused lines; ``rejected`` counts all of them.
    """

    seen: pl.DataFrame
    read: int = 0
    ignored: int = 0
    rejects: list[Reject] = field(default_factory=list)
    rejected: int = 0

    def refuse(self, rejects: list[Reject]) -> None:
        """Add refused lines; only the first ones are kept, all are counted."""
        self.rejected += len(rejects)
        self.rejects += rejects[: max(0, REJECTS_KEPT - len(self.rejects))]


@dataclass
class SightingReport:
    """What taking a file in did.

    Args:
        read: lines that were not blank; ignored: those that speak of no agent's phone.
        seen: lines that tell of a network; stored: rows that are new, known: rows that were there already.
        unknown: names that no agent bears in the source that day, with their lines.
    """

    read: int = 0
    ignored: int = 0
    seen: int = 0
    stored: int = 0
    known: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    rejected: int = 0


class SightingConnector(Protocol):
    """One format that tells from where agents' phones were registered. Pure: it opens nothing and knows no table."""

    key: str
    label: str
    version: str

    def read(self, file: BinaryIO, *, name: str, zone: str) -> Iterator[SeenBatch]:
        """The file's sightings, block by block; ``zone`` is that of local times without offset.

        Raises:
            UnusableInput: it is not this format at all.
        """
        ...


SIGHTING_CONNECTORS: Registry[SightingConnector] = Registry(
    "connector of networks", package="agents.connectors", required=("key", "label", "version", "read")
)
