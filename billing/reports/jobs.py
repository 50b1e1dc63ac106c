"""The jobs that the promise pays for: hours of pay that count and full-time equivalents, by number and department."""

from billing.reports.base import REPORTS, Column, Report


@REPORTS.register
class Jobs(Report):
    """One row per month, company, number and place, in that order.

    ``number`` is empty for people who answered no call. ``place`` is a department; ``?`` unknown, ``+`` several
    departments, ``99`` outside France. ``full_time`` is empty outside France and where the place is unknown: no job in
    France is counted there. ``unknown_payslips`` count and have no hours: they are in no figure.
    """

    key = "jobs"
    label = "Emplois en France"
    version = "1"
    columns = (
        Column("month", "to_char(j.month, 'YYYY-MM')"),
        Column("siren", "c.siren"),
        Column("company", "c.name", is_text=True),
        Column("number", "n.digits"),
        # Alone, the sign for « several departments » would look like the beginning of a formula.
        Column("place", "j.place", is_text=True),
        Column("paid_hours", "j.hours"),
        Column("full_time", "CASE WHEN j.place NOT IN ('?', '99') THEN round(j.hours / f.hours, 4) END"),
        Column("unknown_payslips", "j.unknown"),
    )
    rows = """
        FROM billing_jobmonth j
        JOIN numbers_company c ON c.id = j.company_id
        LEFT JOIN numbers_premiumnumber n ON n.id = j.number_id
        LEFT JOIN billing_fulltime f ON f.valid_from <= j.month AND (f.valid_until IS NULL OR f.valid_until > j.month)
        WHERE j.month BETWEEN %(first_month)s AND %(until)s
          AND (%(company)s::bigint IS NULL OR j.company_id = %(company)s)
        ORDER BY j.month, c.siren, n.digits NULLS LAST, j.place"""
