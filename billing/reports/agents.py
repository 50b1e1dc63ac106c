"""Everybody who answers: contracts, workplace and its proofs, telework, skills, training."""

from billing.reports.base import LAST_ASKED, REPORTS, Column, Report, paris_date, span

_JOINED = "SELECT string_agg({each}, '; ' ORDER BY {order}) FROM {table} WHERE {where}"


def _joined(each: str, table: str, where: str, order: str) -> str:
    return f"({_JOINED.format(each=each, table=table, where=where, order=order)})"


@REPORTS.register
class Agents(Report):
    """One row per agent, by SIREN and employee number, as things stand on the last day asked for.

    Spans are days, both included (``2026-01-01..2026-06-30``), an open end is empty; several are joined by ``; ``.
    ``workplace`` and ``agreement`` are those in force at the end of the last day. ``training`` is ``ok`` or
    ``missing``, empty where no course is compulsory that day; ``training_missing`` names the courses.
    """

    key = "agents"
    label = "Agents, preuves et formation"
    version = "1"
    columns = (
        Column("siren", "c.siren"),
        Column("employee_number", "a.employee_number", is_text=True),
        Column("name", "a.display_name", is_text=True),
        Column("call_centre", "CASE WHEN a.is_call_centre THEN 'yes' ELSE 'no' END"),
        Column("active", "CASE WHEN a.is_active THEN 'yes' ELSE 'no' END"),
        Column(
            "contracts",
            _joined(
                f"k.kind || ' ' || trim_scale(k.weekly_hours) || 'h ' || {span('k.starts_on', 'k.ends_on')}",
                "agents_contract k", "k.agent_id = a.id", "k.starts_on, k.id",
            ),
        ),
        Column(
            "workplace",
            "(SELECT concat_ws(' ', p.place, t.name, p.commune_insee) FROM agents_locationproof p"
            " LEFT JOIN agents_site t ON t.id = p.site_id WHERE p.agent_id = a.id AND p.valid_from < d.ends"
            " AND p.valid_until >= d.ends AND (p.revoked_at IS NULL OR p.revoked_at >= d.ends) ORDER BY p.id LIMIT 1)",
            is_text=True,
        ),
        Column(
            "proofs",
            _joined(
                "p.place || ' ' || p.commune_insee || ' ' || p.method || ' '"
                f" || {span(paris_date('p.valid_from'), 'p.ends')} || CASE WHEN p.is_revoked"
                " THEN ' revoked' ELSE '' END",
                "(SELECT *, revoked_at < valid_until AS is_revoked,"
                " ((least(valid_until, revoked_at) - interval '1 microsecond') AT TIME ZONE 'Europe/Paris')::date + 1"
                " AS ends FROM agents_locationproof) p",
                "p.agent_id = a.id", "p.valid_from, p.id",
            ),
        ),
        Column(
            "agreement",
            f"(SELECT g.basis || ' ' || g.commune_insee || ' ' || {span('g.starts_on', 'g.ends_on')} || ' '"
            " || to_char(g.contact_from, 'HH24:MI') || '-' || to_char(g.contact_until, 'HH24:MI')"
            " FROM agents_teleworkagreement g WHERE g.agent_id = a.id AND g.starts_on <= d.day"
            " AND (g.ends_on IS NULL OR g.ends_on > d.day) ORDER BY g.id LIMIT 1)",
        ),
        Column(
            "skills",
            _joined(
                "concat_ws(' ', s.kind, nullif(s.language, ''), nullif(s.level, ''))",
                "agents_skill s", "s.agent_id = a.id AND s.since <= d.day", "s.kind, s.language",
            ),
        ),
        Column(
            "training", "CASE WHEN q.courses > 0 THEN CASE WHEN q.missing IS NULL THEN 'ok' ELSE 'missing' END END"
        ),
        Column("training_missing", "q.missing", is_text=True),
    )  # fmt: skip
    rows = f"""
        FROM agents_agent a
        JOIN numbers_company c ON c.id = a.company_id
        CROSS JOIN (SELECT {LAST_ASKED} AS day, ({LAST_ASKED} + 1)::timestamp AT TIME ZONE 'Europe/Paris' AS ends) d
        CROSS JOIN LATERAL (
            SELECT count(*) AS courses, string_agg(o.title, '; ' ORDER BY o.title) FILTER (WHERE NOT EXISTS (
                       SELECT FROM agents_attendance h JOIN agents_trainingsession n ON n.id = h.session_id
                        WHERE h.agent_id = a.id AND n.course_id = o.id AND h.certified_on <= d.day
                          AND (h.expires_on IS NULL OR h.expires_on > d.day))) AS missing
              FROM agents_course o
             WHERE (o.company_id IS NULL OR o.company_id = a.company_id) AND o.required_from <= d.day) q
        WHERE (%(company)s::bigint IS NULL OR a.company_id = %(company)s)
        ORDER BY c.siren, a.employee_number, a.id"""
