"""Ended requests into calls, by the same store as a PBX's: one import a batch, all of it or nothing of it."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import polars as pl
from django.db import transaction

from illico_platform.lib.periods import paris_day
from numbers.models import ChannelRequest, Company, Intake, Source
from numbers.rules.calls import CALLS
from numbers.rules.channel_clock import outcome_of, read

from .access_source import access_source
from .locks import lock_in_transaction
from .partitions import ensure_partitions
from .store_calls import TABLE, CallWriter

CONNECTOR = "access"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEPT = timedelta(days=7)  # what a request has beyond its call is the caller's last page


def store_ended(*, now: datetime) -> list[Source]:
    """Make calls of the requests that have ended; returns the sources that brought some. Again, it finds nothing."""
    ended = ChannelRequest.objects.exclude(ended_at=None).filter(stored_at=None)
    found = []
    for company in Company.objects.filter(pk__in=ended.values("company_id")).order_by("pk"):
        source = access_source(company)
        days = {paris_day(each) for each in ended.filter(company=company).values_list("entered_at", flat=True)}
        # Outside: a new partition locks the whole table until its transaction ends.
        ensure_partitions(table=TABLE, months=[day.replace(day=1) for day in days])
        with transaction.atomic():
            lock_in_transaction("intake", source.pk)
            if _store(source, now):
                found.append(source)
    return found


def forget_stored(*, now: datetime) -> int:
    """Delete the requests that became calls a while ago; returns how many."""
    return ChannelRequest.objects.filter(stored_at__lt=now - KEPT).delete()[0]


def _store(source: Source, now: datetime) -> int:
    rows = ChannelRequest.objects.filter(company_id=source.company_id, stored_at=None).exclude(ended_at=None)
    requests = list(rows.select_for_update(of=("self",)).select_related("number").order_by("pk"))
    if not requests:
        return 0
    calls = _calls(requests)
    text = json.dumps(calls.to_dicts(), sort_keys=True).encode()
    intake = Intake.objects.create(
        source=source,
        connector=CONNECTOR,
        file_name=f"{source.name} {requests[0].pk}-{requests[-1].pk}",
        sha256=hashlib.sha256(text).hexdigest(),
        size=len(text),
        started_at=now,
        ended_at=now,
        read=calls.height,
    )
    writer = CallWriter(source=source, intake=intake, connector=CONNECTOR)
    known = writer.stored(calls["external_id"])
    fresh = calls.join(known, on="external_id", how="anti")
    if fresh.height:
        writer.write(writer.prepare(writer.ready(fresh)))
        writer.mark_days()
    intake.calls, intake.duplicates = writer.added, known.height
    intake.save()
    rows.filter(pk__in=[each.pk for each in requests]).update(stored_at=now)
    return len(requests)


def _calls(requests: list[ChannelRequest]) -> pl.DataFrame:
    """``CALLS`` and the two columns that calls of a channel have beside."""
    rows = []
    for each in requests:
        clock = read(each.moments, each.ended_at)
        rows.append(
            {
                "external_id": f"acces-{each.pk}",
                "number": each.number.digits,
                "queue": each.channel,
                "offered_us": (each.entered_at - EPOCH) // timedelta(microseconds=1),
                "outcome": outcome_of(each.moments),
                "wait_ms": clock.wait_ms,
                "talk_ms": clock.talk_ms,
                "agent": each.agent_name or None,
                "transferred": False,
                "channel": each.channel,
                "setup_ms": clock.setup_ms,
            }
        )
    frame = pl.DataFrame(rows, schema_overrides=CALLS | {"setup_ms": pl.Int64}, infer_schema_length=None)
    return frame.with_columns(caller=pl.lit(None, pl.String))
