"""Judge a company's calls: pull the number-days that changed, apply the guarantee rule, store what differs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
from django.db import transaction

from agents import selectors
from agents.rules.evidence import Evidence
from agents.rules.guarantee import RULE_VERSION, judge
from agents.selectors_evidence import evidence_of
from agents.services.mark_stale import mark_stale_days
from agents.services.store_channel_days import store_channel_days
from agents.services.store_verdicts import replace_verdicts, store_judged_days
from numbers.rules.channel_hours import channel_is_open
from numbers.rules.hours import is_open
from numbers.selectors import calls_of_days, opening_exceptions, opening_hours
from numbers.selectors_channels import access_channels, own_openings
from numbers.services.locks import lock_in_transaction
from numbers.services.partitions import ensure_partitions

BATCH_CALLS = 60_000  # bounds the memory of a stage, whatever the size of a night


@dataclass
class JudgeCounts:
    """What judging did: number-days looked at, calls judged, verdicts that changed."""

    days: int = 0
    calls: int = 0
    changed: int = 0


def judge_company(*, company_id: int, since: date, now: datetime) -> JudgeCounts:
    """Judge every number-day of a company that changed since it was judged; again changes nothing.

    Each batch is one transaction under the company's lock, so a stop at any point loses nothing and doubles nothing.

    Args:
        company_id: whose calls.
        since: first day of the open months; older days are not read.
        now: when changes of a verdict are dated.
    """
    counts = JudgeCounts()
    with transaction.atomic():
        lock_in_transaction("judge", company_id)
        mark_stale_days(company_id=company_id, since=since)
    while True:
        with transaction.atomic():
            lock_in_transaction("judge", company_id)
            pending = selectors.pending_days(company_id=company_id, since=since)
            batch = next(batches(pending, rows=BATCH_CALLS), None)
            if batch is None:
                return counts
            _judge_batch(company_id, batch, now, counts)


def batches(days: pl.DataFrame, *, rows: int) -> Iterator[pl.DataFrame]:
    """Cut number-days, in order, into runs of at most ``rows`` calls; a larger number-day is a run of its own."""
    start, size = 0, 0
    for index, calls in enumerate(days["calls"]):
        if size and size + calls > rows:
            yield days[start:index]
            start, size = index, 0
        size += calls
    if start < days.height:
        yield days[start:]


def _judge_batch(company_id: int, pending: pl.DataFrame, now: datetime, counts: JudgeCounts) -> None:
    # Filtering by sets of numbers and of days may read a few days more than asked: the semi-join drops them.
    calls = calls_of_days(
        company_id=company_id,
        number_ids=pending["number_id"].unique().to_list(),
        days=pending["day"].unique().to_list(),
    ).join(pending, on=["number_id", "day"], how="semi", maintain_order="left")
    evidence = evidence_of(company_id=company_id, first=pending["day"].min(), last=pending["day"].max())
    verdicts = _verdicts(company_id, calls, evidence)
    if not calls.is_empty():
        ensure_partitions(table="agents_verdict", months=calls["month"].unique().to_list())
    counts.days += pending.height
    counts.calls += calls.height
    counts.changed += replace_verdicts(company_id=company_id, pending=pending, verdicts=verdicts, now=now)
    store_judged_days(company_id=company_id, pending=pending, calls=calls, verdicts=verdicts)
    if _by_channel(calls).any():
        store_channel_days(company_id=company_id, pending=pending, calls=calls, verdicts=verdicts)


def _verdicts(company_id: int, calls: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """The calls' verdicts with the columns of the verdict table."""
    decided = judge(
        calls.with_columns(is_open=_opened(company_id, calls)),
        selectors.agent_names(company_id=company_id),
        selectors.contract_spans(company_id=company_id),
        selectors.proof_spans(company_id=company_id),
        evidence,
    )
    facts = calls.select("call_id", "month", "day", pl.lit(company_id).alias("company_id"), "number_id")
    return pl.concat(
        [facts, decided.drop("call_id"), pl.select(rule_version=pl.repeat(RULE_VERSION, calls.height, dtype=pl.Int16))],
        how="horizontal",
    )


def _opened(company_id: int, calls: pl.DataFrame) -> pl.Series:
    """Whether each call was offered within the hours of what it came through; channels are asked for only if met."""
    hours, exceptions = opening_hours(company_id=company_id), opening_exceptions(company_id=company_id)
    opened = is_open(calls, hours, exceptions)
    by_channel = _by_channel(calls)
    if not by_channel.any():
        return opened
    access, own = access_channels(company_id=company_id), own_openings(company_id=company_id)
    return opened.scatter(
        by_channel.arg_true(), channel_is_open(calls.filter(by_channel), access, own, hours, exceptions)
    )


def _by_channel(calls: pl.DataFrame) -> pl.Series:
    return calls["channel"].is_not_null()
