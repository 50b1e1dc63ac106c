"""The tables of the auditor's pack that calls point into: agents and the links of their evidence over the days.

They hold the agents who answered in those days, and nobody else. No caller, no social security number, no address:
a home is its commune.
"""

from billing.reports.base import Column, Table, paris_iso

OF_DAYS = (
    "v.month BETWEEN %(first_month)s AND %(until)s AND v.day BETWEEN %(since)s AND %(until)s"
    " AND v.company_id = %(company)s"
)
# The country of a network as it is kept; a private network has none.
NETWORK = "coalesce(nullif({0}.country, ''), CASE WHEN {0}.is_private THEN 'private' END)"
_WHO_ANSWERED = f"(SELECT v.agent_id FROM agents_verdict v WHERE {OF_DAYS})"
_FIRST = "(%(since)s::date::timestamp AT TIME ZONE 'Europe/Paris')"
_LAST = "((%(until)s::date + 1)::timestamp AT TIME ZONE 'Europe/Paris')"


def _plain(alias: str, names: str) -> tuple[Column, ...]:
    return tuple(Column(name, f"{alias}.{name}") for name in names.split())


def _instants(alias: str, names: str) -> tuple[Column, ...]:
    return tuple(Column(name, paris_iso(f"{alias}.{name}")) for name in names.split())


def _yes(sql: str) -> str:
    return f"CASE WHEN {sql} THEN 'yes' ELSE 'no' END"


_AGENTS = Table(
    "agents.csv",
    (
        Column("agent", "a.id"),
        Column("employee_number", "a.employee_number", is_text=True),
        Column("name", "a.display_name", is_text=True),
        Column("has_account", _yes("a.user_id IS NOT NULL")),
    ),
    f"FROM agents_agent a WHERE a.company_id = %(company)s AND a.id IN {_WHO_ANSWERED} ORDER BY a.id",
)
_CONTRACTS = Table(
    "contracts.csv",
    (Column("contract", "k.id"), Column("agent", "k.agent_id"), *_plain("k", "kind starts_on ends_on")),
    f"""
        FROM agents_contract k
        WHERE k.agent_id IN {_WHO_ANSWERED}
          AND k.starts_on <= %(until)s AND (k.ends_on IS NULL OR k.ends_on > %(since)s)
        ORDER BY k.id""",
)
_PROOFS = Table(
    "proofs.csv",
    (
        Column("proof", "p.id"),
        Column("agent", "p.agent_id"),
        Column("place", "p.place"),
        Column("site", "s.name", is_text=True),
        *_plain("p", "commune_insee method"),
        *_instants("p", "valid_from valid_until revoked_at"),
        Column("revoked_reason", "p.revoked_reason", is_text=True),
        Column("deposited_at", paris_iso("p.created_at")),
        Column("paper_sha256", "p.evidence_sha256"),
    ),
    f"""
        FROM agents_locationproof p LEFT JOIN agents_site s ON s.id = p.site_id
        WHERE p.agent_id IN {_WHO_ANSWERED} AND p.valid_from < {_LAST} AND p.valid_until > {_FIRST}
        ORDER BY p.id""",
)
_AGREEMENTS = Table(
    "agreements.csv",
    (
        Column("agreement", "w.id"),
        Column("agent", "w.agent_id"),
        *_plain("w", "basis basis_on consent_on commune_insee starts_on ends_on contact_from contact_until"),
        Column("time_control", "w.time_control", is_text=True),
        Column("end_reason", "w.end_reason", is_text=True),
        Column("paper_sha256", "w.evidence_sha256"),
    ),
    f"""
        FROM agents_teleworkagreement w
        WHERE w.agent_id IN {_WHO_ANSWERED}
          AND w.starts_on <= %(until)s AND (w.ends_on IS NULL OR w.ends_on > %(since)s)
        ORDER BY w.id""",
)
# A check-in that a correction moved into or out of the days is told with all that it was.
_CHECK_INS_OF_DAYS = f"""
    SELECT i.id FROM agents_checkin i
     WHERE i.company_id = %(company)s AND i.agent_id IN {_WHO_ANSWERED}
       AND i.started_at < {_LAST} AND i.ends_at > {_FIRST}"""
_CHECK_INS = Table(
    "check_ins.csv",
    (
        Column("check_in", "i.id"),
        Column("agent", "i.agent_id"),
        *_instants("i", "started_at ends_at"),
        *_plain("i", "ending place"),
        Column("site", "s.name", is_text=True),
        Column("commune_insee", "i.commune_insee"),
        Column("network", NETWORK.format("i")),
        Column("signature", "i.signature"),
        Column("signed_sha256", "i.signed_sha256"),
        Column("assertion", "i.assertion"),
        Column("corrected_by", "i.corrected_by", is_text=True),
        Column("reason", "i.reason", is_text=True),
    ),
    f"""
        FROM agents_checkin i LEFT JOIN agents_site s ON s.id = i.site_id
        WHERE i.id IN ({_CHECK_INS_OF_DAYS}) ORDER BY i.id""",
)
_CHECK_IN_HISTORY = Table(
    "check_in_history.csv",
    (
        Column("check_in", "e.pgh_obj_id"),
        Column("written_at", paris_iso("e.pgh_created_at")),
        Column("as", "e.pgh_label"),
        *_instants("e", "started_at ends_at"),
        Column("ending", "e.ending"),
        Column("corrected_by", "e.corrected_by", is_text=True),
        Column("reason", "e.reason", is_text=True),
    ),
    f"FROM agents_checkinevent e WHERE e.pgh_obj_id IN ({_CHECK_INS_OF_DAYS}) ORDER BY e.pgh_id",
)
_PRESENCE_CHECKS = Table(
    "presence_checks.csv",
    (
        Column("presence_check", "q.id"),
        Column("check_in", "q.check_in_id"),
        *_instants("q", "asked_at due_at answered_at"),
    ),
    f"FROM agents_presencecheck q WHERE q.check_in_id IN ({_CHECK_INS_OF_DAYS}) ORDER BY q.id",
)
_SIGHTINGS = Table(
    "network_sightings.csv",
    (
        Column("network_sighting", "g.id"),
        Column("agent", "g.agent_id"),
        Column("source", "s.name", is_text=True),
        Column("seen_at", paris_iso("g.seen_at")),
        Column("network", NETWORK.format("g")),
    ),
    f"""
        FROM agents_networksighting g JOIN numbers_source s ON s.id = g.source_id
        WHERE g.company_id = %(company)s AND g.agent_id IN {_WHO_ANSWERED}
          AND g.seen_at >= {_FIRST} AND g.seen_at < {_LAST}
        ORDER BY g.seen_at, g.id""",
)
_TRAINING = Table(
    "training.csv",
    (
        Column("training", "t.id"),
        Column("agent", "t.agent_id"),
        Column("course", "c.title", is_text=True),
        *_plain("c", "kind required_from"),
        *_plain("t", "hours certified_on expires_on"),
        Column("paper_sha256", "t.evidence_sha256"),
    ),
    f"""
        FROM agents_attendance t
        JOIN agents_trainingsession h ON h.id = t.session_id
        JOIN agents_course c ON c.id = h.course_id
        WHERE t.agent_id IN {_WHO_ANSWERED} AND t.certified_on <= %(until)s
          AND (t.expires_on IS NULL OR t.expires_on > %(since)s)
        ORDER BY t.id""",
)
_POLICIES = Table(
    "policies.csv",
    (
        Column("valid_from", "p.valid_from"),
        *(
            Column(name, _yes(f"p.{name}"))
            for name in [
                "needs_agreement",
                "needs_check_in",
                "needs_passkey",
                "needs_network",
                "needs_training",
                "counts_overseas",
            ]
        ),
        *_plain("p", "check_in_hours recheck_bp recheck_minutes"),
        Column("note", "p.note", is_text=True),
    ),
    """
        FROM agents_evidencepolicy p
        WHERE p.valid_from <= %(until)s AND NOT EXISTS (
              SELECT FROM agents_evidencepolicy later
               WHERE later.valid_from > p.valid_from AND later.valid_from <= %(since)s)
        ORDER BY p.valid_from""",
)

LINKS = (
    _AGENTS,
    _CONTRACTS,
    _PROOFS,
    _AGREEMENTS,
    _CHECK_INS,
    _CHECK_IN_HISTORY,
    _PRESENCE_CHECKS,
    _SIGHTINGS,
    _TRAINING,
    _POLICIES,
)
