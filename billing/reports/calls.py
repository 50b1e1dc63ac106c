"""Every call with its verdict and what it cost the caller."""

from billing.reports.base import REPORTS, Column, Report, paris_iso, seconds


@REPORTS.register
class Calls(Report):
    """One row per call, by the instant it was offered.

    ``talk_s`` is empty when nobody talked; ``wait_s`` when the wait was never recorded. ``service_ttc_micros`` is 0
    for a call that was judged and is not charged, and empty while it is not judged, or kept and not priced.
    """

    key = "calls"
    label = "Appels, promesses et prix"
    version = "1"
    columns = (
        Column("source", "s.name", is_text=True),
        Column("external_id", "c.external_id", is_text=True),
        Column("number", "n.digits"),
        Column("offered_at", paris_iso("c.offered_at")),
        Column("outcome", "c.outcome"),
        Column("wait_s", seconds("c.wait_ms")),
        # A PBX writes 0 or nothing for a conversation that never was: both are « none ».
        Column("talk_s", f"CASE WHEN c.outcome = 'answered' OR c.talk_ms > 0 THEN {seconds('c.talk_ms')} END"),
        Column("agent", "c.agent_name", is_text=True),
        Column("verdict", "v.verdict"),
        Column("reason", "v.reason"),
        Column("service_ttc_micros", "CASE WHEN v.verdict <> 'kept' THEN 0 ELSE r.ttc_micros END"),
    )
    # The months are repeated on each side, so that every table's partitions are pruned.
    rows = """
        FROM numbers_call c
        JOIN numbers_source s ON s.id = c.source_id
        JOIN numbers_premiumnumber n ON n.id = c.number_id
        LEFT JOIN agents_verdict v ON v.call_id = c.id AND v.month = c.month
             AND v.month BETWEEN %(first_month)s AND %(until)s
        LEFT JOIN billing_ratedcall r ON r.call_id = c.id AND r.month = c.month
             AND r.month BETWEEN %(first_month)s AND %(until)s
        WHERE c.month BETWEEN %(first_month)s AND %(until)s AND c.day BETWEEN %(since)s AND %(until)s
          AND (%(company)s::bigint IS NULL OR c.company_id = %(company)s)
          AND (%(calls)s::bigint[] IS NULL OR c.id = ANY(%(calls)s::bigint[]))
        ORDER BY c.offered_at, c.id"""
