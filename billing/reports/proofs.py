"""The auditor's pack: every call of the days with its verdict, and every link of evidence that it rests on."""

from billing.reports.base import REPORTS, Column, Pack, Table, paris_iso, seconds
from billing.reports.proofs_links import LINKS, NETWORK, OF_DAYS

_ANSWERED_AT = "(c.offered_at + c.wait_ms * interval '1 ms')"
_PARIS_DAY = f"({_ANSWERED_AT} AT TIME ZONE 'Europe/Paris')::date"
_KINDS = ("kept", "late", "unanswered", "unproven", "abandoned", "incomplete", "closed")

# What stands behind an answer though the verdict only names it where the policy asked: the network seen by the
# check-in and by the switch at that instant, as the rule takes them, and the compulsory certificates held that day.
_CALLS = Table(
    "calls.csv",
    (
        Column("call", "c.id"),
        Column("source", "s.name", is_text=True),
        Column("external_id", "c.external_id", is_text=True),
        Column("number", "n.digits"),
        Column("day", "c.day"),
        Column("offered_at", paris_iso("c.offered_at")),
        Column("outcome", "c.outcome"),
        Column("wait_s", seconds("c.wait_ms")),
        Column("talk_s", seconds("c.talk_ms")),
        Column("channel", "c.channel"),
        Column("setup_s", seconds("c.setup_ms")),
        Column("agent_in_source", "c.agent_name", is_text=True),
        Column("verdict", "v.verdict"),
        Column("reason", "v.reason"),
        Column("charged_s", seconds("v.charged_ms")),
        Column("rule_version", "v.rule_version"),
        Column("agent", "v.agent_id"),
        Column("contract", "v.contract_id"),
        Column("proof", "v.proof_id"),
        Column("agreement", "v.agreement_id"),
        Column("check_in", "v.check_in_id"),
        Column("network_check_in", "k.id"),
        Column("check_in_network", NETWORK.format("k")),
        Column("network_sighting", "g.id"),
        Column("sighting_network", NETWORK.format("g")),
        Column("training", "t.held"),
    ),
    f"""
        FROM numbers_call c
        JOIN numbers_source s ON s.id = c.source_id
        JOIN numbers_premiumnumber n ON n.id = c.number_id
        LEFT JOIN agents_verdict v ON v.call_id = c.id AND v.month = c.month
             AND v.month BETWEEN %(first_month)s AND %(until)s
        LEFT JOIN LATERAL (
            SELECT i.id, i.country, i.is_private FROM agents_checkin i
             WHERE i.agent_id = v.agent_id AND i.started_at <= {_ANSWERED_AT} AND {_ANSWERED_AT} < i.ends_at
             ORDER BY i.id LIMIT 1) k ON c.outcome = 'answered'
        LEFT JOIN LATERAL (
            SELECT i.id, i.country, i.is_private FROM agents_networksighting i
             WHERE i.agent_id = v.agent_id AND i.seen_at <= {_ANSWERED_AT}
               AND i.seen_at >= {_PARIS_DAY}::timestamp AT TIME ZONE 'Europe/Paris'
             ORDER BY i.seen_at DESC, i.id DESC LIMIT 1) g ON c.outcome = 'answered'
        LEFT JOIN (
            SELECT d.agent_id, d.day, string_agg(a.id::text, ' ' ORDER BY a.id) AS held
              FROM (SELECT DISTINCT v.agent_id, v.day + later AS day
                      FROM agents_verdict v CROSS JOIN (VALUES (0), (1)) AS nights(later) WHERE {OF_DAYS}) d
              JOIN agents_attendance a ON a.agent_id = d.agent_id AND a.certified_on <= d.day
                   AND (a.expires_on IS NULL OR a.expires_on > d.day)
              JOIN agents_trainingsession h ON h.id = a.session_id
              JOIN agents_course r ON r.id = h.course_id AND r.required_from <= d.day
             GROUP BY d.agent_id, d.day) t
             ON t.agent_id = v.agent_id AND t.day = {_PARIS_DAY} AND c.outcome = 'answered'
        WHERE c.month BETWEEN %(first_month)s AND %(until)s AND c.day BETWEEN %(since)s AND %(until)s
          AND c.company_id = %(company)s
        ORDER BY c.offered_at, c.id""",
)

_JUDGED_DAYS = Table(
    "judged_days.csv",
    (
        Column("number", "n.digits"),
        Column("day", "j.day"),
        *(Column(name, f"j.{name}") for name in ("calls", "answered", *_KINDS)),
    ),
    """
        FROM agents_judgedday j JOIN numbers_premiumnumber n ON n.id = j.number_id
        WHERE j.company_id = %(company)s AND j.day BETWEEN %(since)s AND %(until)s
        ORDER BY j.day, n.digits, j.id""",
)

_VERDICT_CHANGES = Table(
    "verdict_changes.csv",
    (
        Column("call", "h.call_id"),
        Column("changed_at", paris_iso("h.changed_at")),
        *(Column(name, f"h.{name}") for name in ("old_verdict", "old_reason", "new_verdict", "new_reason")),
    ),
    f"""
        FROM agents_verdictchange h
        JOIN agents_verdict v ON v.call_id = h.call_id AND v.month = h.month AND {OF_DAYS}
        WHERE h.company_id = %(company)s AND h.month BETWEEN %(first_month)s AND %(until)s
        ORDER BY h.changed_at, h.id""",
)

_RULE_VERSIONS = Table(
    "rule_versions.csv",
    (Column("rule", "'guarantee'"), Column("version", "r.version"), Column("calls", "r.calls")),
    f"""
        FROM (SELECT v.rule_version AS version, count(*) AS calls FROM agents_verdict v WHERE {OF_DAYS}
               GROUP BY v.rule_version) r
        ORDER BY r.version""",
)


@REPORTS.register
class Proofs(Pack):
    """The calls of a company's days, and all that its agents' evidence was, as the database knows it now."""

    key = "proofs"
    label = "Dossier de preuve"
    version = "1"
    tables = (_CALLS, *LINKS, _RULE_VERSIONS, _VERDICT_CHANGES, _JUDGED_DAYS)
    # Of the day's roll-up, not of the calls: whoever adds the calls up checks one against the other.
    totals = f"""
        SELECT k.kind, coalesce(sum(k.calls), 0)::bigint
          FROM (SELECT * FROM agents_judgedday
                 WHERE company_id = %(company)s AND day BETWEEN %(since)s AND %(until)s) j
          CROSS JOIN LATERAL (VALUES {", ".join(f"('{kind}', j.{kind})" for kind in _KINDS)}) AS k(kind, calls)
         GROUP BY k.kind
        UNION ALL
        SELECT 'unjudged', (SELECT coalesce(sum(d.calls), 0) FROM numbers_callday d
                             WHERE d.company_id = %(company)s AND d.day BETWEEN %(since)s AND %(until)s)
                         - (SELECT count(*) FROM agents_verdict v WHERE {OF_DAYS})
         ORDER BY 1"""
    papers = f"""
        SELECT p.evidence_sha256, p.evidence_file FROM agents_locationproof p
         WHERE p.evidence_file <> '' AND (p.place = 'site' OR %(home_papers)s)
           AND p.id IN (SELECT v.proof_id FROM agents_verdict v WHERE {OF_DAYS})
         ORDER BY 1, 2"""
