"""What a file leaves half-way, for the next one: open calls with their events, and a line that was cut."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, date, datetime

import polars as pl
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from numbers.connectors.base import Connector
from numbers.models import OpenCall, Source

from .hash_callers import seal_callers, sealed_text

_LEFT_OUT = ("external_id", "seq", "provisional")


def load_open(*, source: Source, plugin: Connector) -> tuple[pl.DataFrame, frozenset[str]]:
    """Events of the calls that earlier files left open, and which of these calls are stored already.

    Returns:
        The connector's ``frame`` with negative ``seq`` in the order of arrival; ids.
    """
    rows: list[dict[str, object]] = []
    stored = set()
    names = [name for name in plugin.frame if name not in _LEFT_OUT]
    for call in OpenCall.objects.filter(source=source, connector=plugin.key).order_by("pk").iterator():
        if call.is_stored:
            stored.add(call.external_id)
        rows.extend({"external_id": call.external_id, **dict(zip(names, event, strict=True))} for event in call.events)
    frame = pl.DataFrame(rows, schema={"external_id": pl.String, **{name: plugin.frame[name] for name in names}})
    seq = pl.int_range(-frame.height, 0, dtype=pl.Int64)
    return frame.with_columns(seq=seq, provisional=pl.lit(False)).select(list(plugin.frame)), frozenset(stored)


def save_open(
    *, source: Source, plugin: Connector, events: pl.DataFrame, stored: set[str], keys: dict[date, bytes]
) -> None:
    """Replace the source's open calls by these.

    The events of the file's cut last line are left out: that line is read again, whole or not, with the next file.

    Args:
        events: the connector's ``frame`` with a ``month`` for each event's call; callers are sealed here.
        stored: ids whose call has been stored.
        keys: hashing keys of those months.
    """
    OpenCall.objects.filter(source=source, connector=plugin.key).delete()
    if events.is_empty():
        return
    sealed = seal_callers(events, keys=keys).with_columns(caller=sealed_text())
    names = [name for name in plugin.frame if name not in _LEFT_OUT]
    calls: dict[str, tuple[list[list[object]], int]] = {}
    for external_id, provisional, *event in sealed.select("external_id", "provisional", *names).iter_rows():
        kept, last_us = calls.get(external_id, ([], 0))
        if not provisional:
            kept.append(event)
        calls[external_id] = kept, max(last_us, event[names.index("at_us")])
    OpenCall.objects.bulk_create(
        (
            OpenCall(
                source=source,
                connector=plugin.key,
                external_id=external_id,
                events=kept,
                last_event_at=datetime.fromtimestamp(last_us // 1_000_000, UTC),
                is_stored=external_id in stored,
            )
            for external_id, (kept, last_us) in calls.items()
        ),
        batch_size=2000,
    )


def hide_tails(tails: dict[str, bytes]) -> bytes:
    """Cut lines by connector as they may be stored: encrypted, since they may hold the start of a caller's number."""
    lines = [b"%s %s" % (key.encode(), tail) for key, tail in sorted(tails.items()) if tail]
    return _cipher().encrypt(b"\n".join(lines)) if lines else b""


def show_tails(stored: bytes) -> dict[str, bytes]:
    """The cut lines again; none when the secret has changed since, so that these lines are lost and nothing else."""
    if not stored:
        return {}
    try:
        lines = _cipher().decrypt(stored).split(b"\n")
    except InvalidToken:
        return {}
    return {key.decode(): tail for key, _, tail in (line.partition(b" ") for line in lines)}


def _cipher() -> Fernet:
    key = hashlib.sha256(b"tail:" + settings.CALLER_SECRET.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
