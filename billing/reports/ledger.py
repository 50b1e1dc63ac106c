"""The sealed entries of the books, line by line."""

from billing.reports.base import REPORTS, Column, Report, entry_code, paris_iso


@REPORTS.register
class Ledger(Report):
    """One row per line of a sealed entry whose date of effect lies in the days, by year, journal and number.

    Entries that wait for their seal have no number yet and are not in it. Amounts: euros, a dot, two decimals.
    """

    key = "ledger"
    label = "Grand livre"
    version = "1"
    sealed_only = True
    columns = (
        Column("journal", "e.journal_id"),
        Column("entry", entry_code("e")),
        Column("effective_on", "e.effective_on"),
        Column("booked_at", paris_iso("e.booked_at")),
        Column("company", "c.siren"),
        Column("number", "n.digits"),
        Column("account", "l.account_id"),
        Column("account_label", "a.label", is_text=True),
        Column("debit", "l.debit"),
        Column("credit", "l.credit"),
        Column("label", "e.label", is_text=True),
        Column("source_key", "e.source_key"),
        Column("corrects", entry_code("o")),
    )
    rows = """
        FROM billing_entry e
        JOIN billing_line l ON l.entry_id = e.id
        JOIN billing_account a ON a.code = l.account_id
        JOIN numbers_company c ON c.id = e.company_id
        LEFT JOIN numbers_premiumnumber n ON n.id = e.line_number_id
        LEFT JOIN billing_entry o ON o.id = e.corrects_id
        WHERE e.hash IS NOT NULL AND e.effective_on BETWEEN %(since)s AND %(until)s
          AND (%(company)s::bigint IS NULL OR e.company_id = %(company)s)
        ORDER BY e.year, e.journal_id, e.number, l.position"""
