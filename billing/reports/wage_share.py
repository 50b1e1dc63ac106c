"""What each company owed to wages, held, proved and got released, month by month."""

from billing.reports.base import REPORTS, Column, Report

_AMOUNTS = (
    "base due held credited balance carried_in carried_out released year_due year_credited"  # as FundMonth names them
)


@REPORTS.register
class WageShare(Report):
    """One row per company and month that touches the days, by month and SIREN. Amounts: euros, two decimals.

    ``unclear``: contributions of which the employer's part is not told; ``gross_only``, ``unknown_time``: payslips that
    count their gross alone, or nothing, for want of what the policy asks.
    """

    key = "wage-share"
    label = "Part salariale"
    version = "2"
    columns = (
        Column("siren", "c.siren"),
        Column("company", "c.name", is_text=True),
        Column("month", "to_char(f.month, 'YYYY-MM')"),
        Column("policy", "(p.name || ' v' || p.version)", is_text=True),
        *(Column(name, f"f.{name}") for name in _AMOUNTS.split()),
        Column("declared", "CASE WHEN f.is_declared THEN 'yes' ELSE 'no' END"),
        # Where one of these is not zero, ``credited`` is « at least ».
        *(Column(name, f"f.{name}") for name in ("unclear", "gross_only", "unknown_time")),
    )
    rows = """
        FROM billing_fundmonth f
        JOIN numbers_company c ON c.id = f.company_id
        JOIN billing_wagepolicy p ON p.id = f.policy_id
        WHERE f.month BETWEEN %(first_month)s AND %(until)s
          AND (%(company)s::bigint IS NULL OR f.company_id = %(company)s)
        ORDER BY f.month, c.siren"""
