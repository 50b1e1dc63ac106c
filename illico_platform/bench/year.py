"""A year of calls of any size put straight into its tables, roll-ups included, as the stages would have left them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from illico_platform.bench.floor import FACTS
from illico_platform.bench.ground import SINCE
from illico_platform.lib.periods import Month
from numbers.services.partitions import ensure_partitions

DAYS = 365
# The first company holds half of all calls, as one big centre among small ones would.
_INTAKES = """
    INSERT INTO numbers_intake (source_id, connector, file_name, sha256, size, read, calls, duplicates, revised, open,
        rejected, ignored, started_at, ended_at)
    SELECT s.id, 'asterisk-queue-log', 'queue_log-' || d::date, md5(s.id || '-' || d), 0, 0, 0, 0, 0, 0, 0, '{}',
        d + interval '26 hours', d + interval '26 hours 10 seconds'
      FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS d, numbers_source s
     ORDER BY d, s.id"""
_DRAFT = """
    CREATE TEMP TABLE draft ON COMMIT DROP AS
    SELECT %(base)s + row_number() OVER (ORDER BY d, n.company_id, second, n.id) AS id, d::date AS day,
        n.company_id, n.id AS number_id, n.digits, s.id AS source_id, i.id AS intake_id, rank, second,
        (d + second * interval '1 second') AT TIME ZONE 'Europe/Paris' AS offered_at, chance,
        CASE WHEN chance < 0.88 THEN 'answered' WHEN chance < 0.96 THEN 'abandoned' WHEN chance < 0.99 THEN 'timeout'
             ELSE 'incomplete' END AS outcome,
        CASE WHEN chance >= 0.99 THEN NULL WHEN chance >= 0.96 THEN 60000
             WHEN chance >= 0.88 THEN (random() * 59000)::int ELSE (-ln(1 - random()) * 15000)::int END AS wait_ms,
        CASE WHEN chance < 0.88 THEN 20000 + (-ln(1 - random()) * 160000)::int END AS talk_ms,
        a.id AS agent_id, a.employee_number, c.id AS contract_id, p.id AS proof_id, random() AS luck
      FROM generate_series(%(first)s::date::timestamp, %(last)s::date, interval '1 day') AS d
      JOIN numbers_premiumnumber n ON true
      JOIN numbers_source s ON s.company_id = n.company_id
      JOIN numbers_intake i ON i.source_id = s.id AND i.sha256 = md5(s.id || '-' || d::timestamptz)
      CROSS JOIN LATERAL generate_series(1, CASE WHEN n.company_id = %(big)s THEN %(many)s ELSE %(few)s END) AS rank
      CROSS JOIN LATERAL (SELECT random() AS chance, 28800 + floor(random() * 50400)::int AS second,
          floor(random() * 40)::int AS who, rank AS each) AS drawn
      JOIN (SELECT *, row_number() OVER (PARTITION BY company_id ORDER BY id) - 1 AS place FROM agents_agent) AS a
        ON a.company_id = n.company_id AND a.place = who
      JOIN agents_contract c ON c.agent_id = a.id
      JOIN agents_locationproof p ON p.agent_id = a.id"""
_JUDGED = """
    CREATE TEMP TABLE judged ON COMMIT DROP AS
    SELECT *, CASE WHEN outcome = 'incomplete' THEN 'incomplete' WHEN outcome = 'abandoned' THEN 'abandoned'
        WHEN outcome = 'timeout' THEN 'unanswered' WHEN wait_ms >= 60000 THEN 'late' WHEN luck < 0.01 THEN 'unproven'
        ELSE 'kept' END AS verdict FROM draft ORDER BY id"""
_CALLS = """
    INSERT INTO numbers_call (id, month, day, company_id, number_id, source_id, intake_id, external_id, connector,
        queue, caller_hash, caller_mask, offered_at, outcome, wait_ms, talk_ms, agent_name)
    SELECT id, %(first_of_month)s, day, company_id, number_id, source_id, intake_id,
        extract(epoch FROM offered_at)::bigint || '.' || id, 'asterisk-queue-log', digits,
        sha256(int8send(id / 3)), '06 39 ** ** ' || lpad((id %% 100)::text, 2, '0'), offered_at, outcome, wait_ms,
        talk_ms, CASE WHEN outcome = 'answered' THEN employee_number END
      FROM judged ORDER BY id"""
_VERDICTS = """
    INSERT INTO agents_verdict (call_id, month, day, company_id, number_id, verdict, reason, agent_id, contract_id,
        proof_id, rule_version, charged_ms)
    SELECT id, %(first_of_month)s, day, company_id, number_id, verdict,
        CASE verdict WHEN 'kept' THEN 'kept' WHEN 'late' THEN 'answered_late' WHEN 'unanswered' THEN 'sent_away'
             WHEN 'abandoned' THEN 'left_before_60s' WHEN 'unproven' THEN 'no_proof' ELSE 'end_unknown' END,
        CASE WHEN outcome = 'answered' THEN agent_id END, CASE WHEN outcome = 'answered' THEN contract_id END,
        CASE WHEN outcome = 'answered' AND verdict <> 'unproven' THEN proof_id END, 1,
        CASE WHEN verdict = 'kept' THEN talk_ms END
      FROM judged ORDER BY id"""
_PRICES = """
    INSERT INTO billing_ratedcall (call_id, month, day, company_id, number_id, tariff_id, price_micros, billed_ms,
        ttc_micros, vat_micros, ht_micros, rule_version)
    SELECT j.id, %(first_of_month)s, day, company_id, j.number_id, t.id, price_micros, talk_ms, ttc, ttc - ht, ht, 1
      FROM judged j JOIN billing_tariff t ON t.number_id = j.number_id
      CROSS JOIN LATERAL (SELECT price_micros * talk_ms / 60000 AS ttc) AS gross
      CROSS JOIN LATERAL (SELECT (ttc * 10 + 6) / 12 AS ht) AS net
     WHERE verdict = 'kept' ORDER BY j.id"""
_CALL_DAYS = """
    INSERT INTO numbers_callday (company_id, number_id, day, calls, revision)
    SELECT company_id, number_id, day, count(*), 1 FROM judged GROUP BY 1, 2, 3"""
_JUDGED_DAYS = """
    INSERT INTO agents_judgedday (company_id, number_id, day, seen_revision, revision, is_stale, calls, answered, kept,
        late, unanswered, unproven, abandoned, incomplete, closed, wait_histogram)
    SELECT company_id, number_id, day, 1, 1, false, count(*), count(*) FILTER (WHERE outcome = 'answered'), {kinds},
        0, jsonb_build_array({bins}) FROM judged GROUP BY 1, 2, 3""".format(
    kinds=", ".join(
        f"count(*) FILTER (WHERE verdict = '{kind}')"
        for kind in ("kept", "late", "unanswered", "unproven", "abandoned", "incomplete")
    ),
    bins=", ".join(
        f"count(*) FILTER (WHERE outcome = 'answered' AND least(wait_ms / 5000, 12) = {rank})" for rank in range(13)
    ),
)
_RATED_DAYS = """
    INSERT INTO billing_ratedday (company_id, number_id, day, seen_revision, revision, posted_revision, is_stale, calls,
        unpriced, billed_ms, ttc_micros, ht_micros, tariff_id, share_policy_id, wage_policy_id, vat_bp, carriers_bp,
        fee_bp, wage_bp, wage_base)
    SELECT r.company_id, r.number_id, r.day, 1, 1, 0, false, count(*), 0, sum(billed_ms), sum(ttc_micros),
        sum(ht_micros), r.tariff_id, s.id, w.id, 2000, s.carriers_bp, s.fee_bp, w.share_bp, w.base
      FROM billing_ratedcall r CROSS JOIN billing_sharepolicy s CROSS JOIN billing_wagepolicy w
     WHERE r.month = %(first_of_month)s GROUP BY r.company_id, r.number_id, r.day, r.tariff_id, s.id, w.id"""
_FINDINGS = """
    INSERT INTO billing_finding (key, kind, severity, company_id, title, detail, action, first_seen_on, last_seen_on)
    SELECT 'bench-' || c.id || '-' || rank, 'people_unknown', (ARRAY['error', 'warning', 'info'])[1 + rank %% 3], c.id,
        'Constat ' || rank, '{}', 'Regarder.', %(last)s::date - rank %% 60, %(last)s::date - rank %% 30
      FROM numbers_company c, generate_series(1, 300) AS rank"""
_ORDER = (_DRAFT, _JUDGED, _CALLS, _VERDICTS, _PRICES, _CALL_DAYS, _JUDGED_DAYS, _RATED_DAYS)


def fill_year(*, calls: int, last: date) -> int:
    """Calls, verdicts, prices, their roll-ups, imports and findings of the year up to ``last``; how many calls.

    Rows lie in the order in which nightly imports would have brought them: day by day, company by company.
    """
    first = last - timedelta(days=DAYS - 1)
    span = {"first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET work_mem = '256MB'; SET session_replication_role = replica")
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute("SELECT min(company_id), count(*) FROM numbers_premiumnumber")
        big, numbers = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM numbers_premiumnumber WHERE company_id = %s", [big])
        (own,) = cursor.fetchone()
        shares = {"big": big, "many": calls // 2 // DAYS // own, "few": max(1, calls // 2 // DAYS // (numbers - own))}
        cursor.execute(_INTAKES, span)
    base = 0
    month = Month.of(first)
    while month.first <= last:
        part = {"first": max(first, month.first), "last": min(last, month.last), "first_of_month": month.first}
        base += _fill_month({**shares, **part, "base": base})
        month = month.next
    _finish(span)
    return base


def lay_fund(*, companies: int, until: date, now: datetime) -> None:
    """Post the year's days of the first companies, seal the books and compute the wage fund, by the services."""
    from billing.services.post import post_company
    from billing.services.release_fund import release_company
    from billing.services.seal import seal_entries
    from numbers.models import Company

    for company_id in Company.objects.order_by("pk").values_list("pk", flat=True)[:companies]:
        post_company(company_id=company_id, until=until, since=SINCE, now=now)
        release_company(company_id=company_id, until=until, since=SINCE, now=now)
    seal_entries()


@transaction.atomic
def _fill_month(values: dict[str, Any]) -> int:
    for table in FACTS:
        ensure_partitions(table=table, months=[values["first_of_month"]])
    with connection.cursor() as cursor:
        for statement in _ORDER:
            cursor.execute(statement, values)
            if statement is _JUDGED:
                rows = cursor.rowcount
                cursor.execute("ANALYZE judged")
    return rows


def _finish(span: dict[str, date]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FINDINGS, span)
        cursor.execute(
            """UPDATE numbers_intake i SET calls = d.calls, read = d.calls * 4, first_day = d.day, last_day = d.day FROM
               (SELECT s.id AS source_id, c.day, sum(c.calls) AS calls FROM numbers_callday c
                  JOIN numbers_source s ON s.company_id = c.company_id GROUP BY 1, 2) AS d
             WHERE d.source_id = i.source_id AND i.file_name = 'queue_log-' || d.day"""
        )
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('numbers_call', 'id'), (SELECT max(id) FROM numbers_call))"
        )
        cursor.execute("RESET ALL")
        cursor.execute("VACUUM ANALYZE")
