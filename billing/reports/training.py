"""Who followed which course for how long, and what became of the certificate."""

from billing.reports.base import LAST_ASKED, REPORTS, Column, Report


@REPORTS.register
class Training(Report):
    """One row per attendance of a session that began in the days, by SIREN, session and employee number.

    ``expires_on`` is the first day without the certificate. ``status``, on the last day asked for: ``none`` (no
    certificate), ``coming``, ``valid`` or ``expired``. ``required`` is ``yes`` when the course is compulsory that day.
    """

    key = "training"
    label = "Formations suivies"
    version = "1"
    columns = (
        Column("siren", "c.siren"),
        Column("employee_number", "a.employee_number", is_text=True),
        Column("name", "a.display_name", is_text=True),
        Column("course", "o.title", is_text=True),
        Column("kind", "o.kind"),
        Column("offered_by", "CASE WHEN o.company_id IS NULL THEN 'operator' ELSE 'company' END"),
        Column("from", "n.starts_on"),
        Column("to", "n.last_day"),
        Column("trainer", "n.trainer", is_text=True),
        Column("hours", "trim_scale(h.hours)"),
        Column("certified_on", "h.certified_on"),
        Column("expires_on", "h.expires_on"),
        Column("evidence_sha256", "nullif(h.evidence_sha256, '')"),
        Column("required", "CASE WHEN o.required_from <= d.day THEN 'yes' ELSE 'no' END"),
        Column(
            "status",
            "CASE WHEN h.certified_on IS NULL THEN 'none' WHEN h.certified_on > d.day THEN 'coming'"
            " WHEN h.expires_on <= d.day THEN 'expired' ELSE 'valid' END",
        ),
    )
    rows = f"""
        FROM agents_attendance h
        JOIN agents_trainingsession n ON n.id = h.session_id
        JOIN agents_course o ON o.id = n.course_id
        JOIN agents_agent a ON a.id = h.agent_id
        JOIN numbers_company c ON c.id = n.company_id
        CROSS JOIN (SELECT {LAST_ASKED} AS day) d
        WHERE n.starts_on BETWEEN %(since)s AND %(until)s
          AND (%(company)s::bigint IS NULL OR n.company_id = %(company)s)
        ORDER BY c.siren, n.starts_on, n.id, a.employee_number, a.id"""
