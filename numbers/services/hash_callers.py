"""Callers' numbers as keyed hashes and masks: the number itself is never stored. One key per Paris month."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import date

import polars as pl
from django.conf import settings

from illico_platform.lib.periods import Month
from numbers.models import CallerKey
from numbers.rules.queue_events import national

HASH_BYTES = 16
SEALS_KEPT = 100_000  # callers whose seal is remembered while a file is read, about 15 MB
_NO_SEALS = pl.DataFrame(schema={"month": pl.Date, "digits": pl.String, "hash": pl.String, "mask": pl.String})
SEALED = "~"  # begins a caller that is hashed already: ~hash~mask


def month_keys(months: Iterable[date]) -> dict[date, bytes]:
    """The hashing key of each month, made where there is none yet.

    Args:
        months: any days; their months are meant.
    Returns:
        First day of the month to 32 bytes: the month's random key mixed with ``settings.CALLER_SECRET``.
    """
    wanted = {Month.of(day).first for day in months}
    kept = dict(CallerKey.objects.filter(month__in=wanted).values_list("month", "key"))
    for month in wanted - kept.keys():
        row, _ = CallerKey.objects.get_or_create(month=month, defaults={"key": secrets.token_bytes(32)})
        kept[month] = row.key
    secret = settings.CALLER_SECRET.encode()
    return {month: hmac.digest(secret, bytes(key), "sha256") for month, key in kept.items()}


def hash_caller(caller: str, *, key: bytes) -> bytes:
    """The 16 bytes that stand for a caller in one month; all written forms of a French number give the same.

    Args:
        caller: as the PBX or a person wrote it.
        key: of ``month_keys``.
    """
    digits = pl.select(national(pl.lit(caller))).item()
    return hmac.digest(key, digits.encode(), "sha256")[:HASH_BYTES]


class CallerSeals:
    """Seals the callers of one file. Whoever calls again in a month is hashed once; memory is bounded."""

    def __init__(self) -> None:
        self._seals = _NO_SEALS

    def seal(self, frame: pl.DataFrame, *, keys: dict[date, bytes]) -> pl.DataFrame:
        """Replace raw callers by hash and mask; it touches no database, so that it may run in any thread.

        Args:
            frame: ``caller`` (raw, sealed or null) and ``month`` (first days).
            keys: of ``month_keys``, for every month of the frame.
        Returns:
            The frame without ``caller``, in its order, with ``caller_hash`` (``\\\\x`` hexadecimal) and
            ``caller_mask``; both null when the caller withheld the number.
        """
        sealed = pl.col("caller").str.starts_with(SEALED)
        digits = national(pl.col("caller"))
        frame = frame.with_columns(digits=pl.when(~sealed & digits.str.contains(r"\d{3}")).then(digits))
        self._learn(frame.select("month", "digits").drop_nulls().unique(), keys)
        joined = frame.join(self._seals, on=["month", "digits"], how="left", maintain_order="left")
        parts = pl.when(sealed).then(pl.col("caller").str.split(SEALED))
        return joined.with_columns(
            caller_hash=pl.coalesce("hash", parts.list.get(1, null_on_oob=True)),
            caller_mask=pl.coalesce("mask", parts.list.get(2, null_on_oob=True)),
        ).drop("caller", "digits", "hash", "mask")

    def _learn(self, callers: pl.DataFrame, keys: dict[date, bytes]) -> None:
        if self._seals.height > SEALS_KEPT:
            self._seals = _NO_SEALS
        new = callers.join(self._seals, on=["month", "digits"], how="anti")
        hashes = [_hexadecimal(digits, keys[month]) for month, digits in new.iter_rows()]
        sealed = new.with_columns(hash=pl.Series(hashes, dtype=pl.String), mask=_mask())
        self._seals = pl.concat([self._seals, sealed])


def sealed_text() -> pl.Expr:
    """A sealed caller as one text, for events that wait for the end of their call."""
    return pl.when(pl.col("caller_hash").is_not_null()).then(
        pl.format("~{}~{}", pl.col("caller_hash"), pl.col("caller_mask").fill_null(""))
    )


def _hexadecimal(digits: str, key: bytes) -> str:
    return "\\x" + hmac.digest(key, digits.encode(), "sha256")[:HASH_BYTES].hex()


def _mask() -> pl.Expr:
    """``06 39 ** ** 44``: enough for a caller to recognise their own, too little to call them."""
    digits = pl.col("digits")
    french = pl.format("{} {} ** ** {}", digits.str.slice(0, 2), digits.str.slice(2, 2), digits.str.slice(-2))
    other = pl.format("{} ** {}", digits.str.slice(0, 2), digits.str.slice(-2))
    return (
        pl.when(digits.str.contains(r"^0\d{9}$"))
        .then(french)
        .when(digits.str.contains(r"^\+?\d{8,}$"))
        .then(other)
        .when(digits.is_not_null())
        .then(pl.lit("**"))
    )
