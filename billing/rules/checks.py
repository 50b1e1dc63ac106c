"""What the checks of the night may say: the kinds of findings, and the draft of one. Pure; ``checks_*`` find them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from billing.rules.checks_kinds import KINDS
from illico_platform.lib.money import euros_of_cents

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
    title: str
    detail: Mapping[str, Any]
    action: str


def draft(kind: str, *subject: object, title: str, month: date | None = None, **detail: Any) -> FindingDraft:
    """A draft of this kind; severity and action are the kind's.

    Args:
        kind: a key of ``KINDS``.
        subject: what tells this finding from others of its kind; they make the key.
        title: the sentence shown, in French.
        month: the month it is about, if it is about one.
        detail: the rows it speaks of.
    Raises:
        KeyError: no such kind.

    >>> draft("unpriced", 7, "2026-11", title="…", calls=3).key
    'unpriced:7:2026-11'
    """
    severity, _, action = KINDS[kind]
    about = {"month": f"{month:%Y-%m}"} if month else {}
    key = ":".join([kind, *map(str, subject)])
    if len(key) > _KEY_LENGTH:
        key = f"{key[: _KEY_LENGTH - 33]}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    return FindingDraft(key, kind, Severity(severity), title[:200], {**about, **detail}, action)


def examples(values: Iterable[Any]) -> list[Any]:
    """The first ``EXAMPLES`` of the values."""
    return list(values)[:EXAMPLES]


def french_count(count: int, singular: str, plural: str) -> str:
    """A number and its noun, as French writes them.

    >>> french_count(1, "appel", "appels"), french_count(1200, "appel", "appels")
    ('1 appel', '1\\u202f200 appels')
    """
    return f"{count:,}".replace(",", "\u202f") + f" {plural if count > 1 else singular}"


def french_euros(cents: int) -> str:
    """An amount as French writes it.

    >>> french_euros(-123456).replace("\u202f", " ")
    '-1 234,56 €'
    """
    return f"{euros_of_cents(cents):,.2f}".replace(",", "\u202f").replace(".", ",") + "\u202f€"


def french_price(micros: int) -> str:
    """A price per minute, all its decimals but at least two.

    >>> french_price(600_000).replace("\u202f", " "), french_price(605_500).replace("\u202f", " ")
    ('0,60 €/min', '0,6055 €/min')
    """
    whole, fraction = divmod(micros, 1_000_000)
    decimals = f"{fraction:06d}".rstrip("0").ljust(2, "0")
    return f"{whole},{decimals}\u202f€/min"
