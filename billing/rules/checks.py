"""What the checks of the night may say: the kinds of findings, and the draft of one. Pure; ``checks_*`` find them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from billing.rules.checks_kinds import KINDS

_KEY_LENGTH = 160
EXAMPLES = 20  # a finding names at most so many rows; its counts speak of all of them


class Severity(StrEnum):
    """How bad: to know, to look into, to correct."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class FindingDraft:
    """A finding as seen by one check.

    ``key`` is stable: the same trouble has the same key every night. ``detail`` holds the rows it speaks of (ids,
    counts, at most ``EXAMPLES`` examples), never a caller; ``detail["month"]`` (YYYY-MM) where it is about a month.
    """

    key: str
    kind: str
    severity: Severity
    detail: Mapping[str, Any]
    action: str


def draft(kind: str, *subject: object, month: date | None = None, **detail: Any) -> FindingDraft:
    """A draft of this kind; severity and action are the kind's.

    Args:
        kind: a key of ``KINDS``.
        subject: what tells this finding from others of its kind; they make the key.
        month: the month it is about, if it is about one.
        detail: the rows it speaks of.
    Raises:
        KeyError: no such kind.

    >>> draft("unpriced", 7, "2026-11", calls=3).key
    'unpriced:7:2026-11'
    """
    severity, _, action = KINDS[kind]
    about = {"month": f"{month:%Y-%m}"} if month else {}
    key = ":".join([kind, *map(str, subject)])
    if len(key) > _KEY_LENGTH:
        key = f"{key[: _KEY_LENGTH - 33]}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    return FindingDraft(key, kind, Severity(severity), {**about, **detail}, action)


def examples(values: Iterable[Any]) -> list[Any]:
    """The first ``EXAMPLES`` of the values."""
    return list(values)[:EXAMPLES]
