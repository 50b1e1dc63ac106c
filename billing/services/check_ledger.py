"""Load what is checked about a company's books: postings, rated days and their calls, balance, price cap."""

from datetime import date, datetime, timedelta

from django.db import connection

from billing.rules.checks_ledger import AuditedDay, DaySums, PostedMonth, check_balance, check_posted, check_rated
from billing.rules.checks_numbers import check_cap
from billing.rules.checks_wage import HoldFacts, check_hold_shortfall
from billing.rules.postings import ACCOUNTS
from billing.rules.shares import DayTotals, Exact, cents_of, exact_of
from billing.services.record_findings import Checked, watched_findings
from illico_platform.lib.periods import months_between

AUDIT_AGES = (7, 30, 90, 180)  # days after which a day's calls are added up once more
_COLUMN_OF = {account: (column, 1 if is_debit else -1) for column, (account, is_debit) in ACCOUNTS.items()}

# Days of one month that share their rates are one row: exact columns are linear in the totals.
_POSTED_DAYS = """
    SELECT n.id, n.digits, date_trunc('month', r.day)::date,
           sum(r.ttc_micros)::bigint, sum(r.ht_micros)::bigint,
           r.vat_bp, r.carriers_bp, r.fee_bp, r.wage_bp, r.wage_base
      FROM billing_ratedday r JOIN numbers_premiumnumber n ON n.id = r.number_id
     WHERE r.company_id = %(company)s AND r.day >= %(since)s AND r.posted_revision > 0
     GROUP BY 1, 2, 3, 6, 7, 8, 9, 10
"""
_POSTED_LINES = """
    SELECT n.id, n.digits, e.subject_month, l.account_id, (sum(l.debit - l.credit) * 100)::bigint
      FROM billing_entry e JOIN billing_line l ON l.entry_id = e.id
      JOIN numbers_premiumnumber n ON n.id = e.line_number_id
     WHERE e.company_id = %(company)s AND e.subject_month >= %(since)s
     GROUP BY 1, 2, 3, 4
"""
_IN_MOTION = """
    SELECT DISTINCT number_id, date_trunc('month', day)::date FROM billing_ratedday
     WHERE company_id = %(company)s AND day >= %(since)s AND posted_revision > 0 AND posted_revision <> revision
"""
_UNBALANCED = """
    SELECT e.id, e.subject_month, (coalesce(sum(l.debit), 0) * 100)::bigint, (coalesce(sum(l.credit), 0) * 100)::bigint,
           count(l.id)
      FROM billing_entry e LEFT JOIN billing_line l ON l.entry_id = e.id
     WHERE e.company_id = %(company)s AND e.subject_month >= %(since)s
     GROUP BY e.id HAVING coalesce(sum(l.debit), 0) <> coalesce(sum(l.credit), 0) OR count(l.id) < 2
"""
# One statement, so that roll-up and calls are of one instant even while a file comes in.
_AUDIT = """
    SELECT n.id, n.digits, r.day, r.calls, r.billed_ms, r.ttc_micros, r.ht_micros,
           coalesce(s.calls, 0), coalesce(s.billed_ms, 0), coalesce(s.ttc_micros, 0), coalesce(s.ht_micros, 0),
           CASE WHEN j.revision = r.seen_revision THEN j.kept - r.unpriced END,
           coalesce(s.over_cap, 0), coalesce(s.highest_price, 0)
      FROM billing_ratedday r
      JOIN numbers_premiumnumber n ON n.id = r.number_id
      LEFT JOIN agents_judgedday j ON j.number_id = r.number_id AND j.day = r.day
      LEFT JOIN (SELECT number_id, day, count(*) AS calls, sum(billed_ms)::bigint AS billed_ms,
                        sum(ttc_micros)::bigint AS ttc_micros, sum(ht_micros)::bigint AS ht_micros,
                        count(*) FILTER (WHERE ttc_micros * 60000 > least(price_micros, 600000) * billed_ms::bigint)
                            AS over_cap,
                        max(price_micros) AS highest_price
                   FROM billing_ratedcall
                  WHERE company_id = %(company)s AND day = ANY(%(days)s) AND month = ANY(%(months)s)
                    AND number_id IN (SELECT id FROM numbers_premiumnumber WHERE company_id = %(company)s)
                  GROUP BY number_id, day) s ON s.number_id = r.number_id AND s.day = r.day
     WHERE r.company_id = %(company)s AND r.day = ANY(%(days)s)
"""
_CHANGED_DAYS = """
    SELECT subject_day FROM billing_entry
     WHERE company_id = %(company)s AND subject_day >= %(since)s AND booked_at >= %(last)s
    UNION
    SELECT v.day FROM billing_ratedchange c JOIN agents_verdict v ON v.call_id = c.call_id AND v.month = c.month
     WHERE c.company_id = %(company)s AND c.month >= %(since)s AND c.changed_at >= %(last)s
"""


def ledger_checked(*, company_id: int, day: date, since: date, now: datetime) -> list[Checked]:
    """What the checks of the books find: roll-ups of all open months, single calls of the days ``audited_days``."""
    parameters = {"company": company_id, "since": since, "day": day}
    months = months_between(since, day)
    posted = _posted_months(parameters)
    with connection.cursor() as cursor:
        cursor.execute(_UNBALANCED, parameters)
        unbalanced = cursor.fetchall()
    return [
        Checked(["posted_differs"], check_posted(posted), months),
        Checked(["hold_shortfall"], check_hold_shortfall([_hold(each) for each in posted]), months),
        Checked(["entry_unbalanced"], check_balance(unbalanced), months),
        *_audit(audited_days(company_id=company_id, day=day, since=since, now=now), company_id),
    ]


def audited_days(*, company_id: int, day: date, since: date, now: datetime) -> list[date]:
    """The days whose calls are added up one by one tonight.

    The day closed, days posted or repriced since the night before, days whose findings may be gone, and the days of
    the ages ``AUDIT_AGES``, so that every day is seen again some times: a night's work does not grow with history.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED_DAYS, {"company": company_id, "since": since, "last": now - timedelta(days=1)})
        changed = {found for (found,) in cursor.fetchall()}
    doubted = watched_findings(company_id=company_id, kinds=["rated_differs", "cap_exceeded"], field="day")
    again = {day - timedelta(days=age) for age in AUDIT_AGES}
    days = {day, *again, *changed, *map(date.fromisoformat, doubted)}
    return sorted(found for found in days if found >= since)


def _audit(days: list[date], company_id: int) -> list[Checked]:
    months = sorted({found.replace(day=1) for found in days})
    with connection.cursor() as cursor:
        cursor.execute(_AUDIT, {"company": company_id, "days": days, "months": months})
        audited = [
            AuditedDay(*row[:3], DaySums(*row[3:7]), DaySums(*row[7:11]), *row[11:]) for row in cursor.fetchall()
        ]
    return [
        Checked(["rated_differs"], check_rated(audited), months),
        Checked(["cap_exceeded"], check_cap(audited), months),
    ]


def _posted_months(parameters: dict[str, object]) -> list[PostedMonth]:
    """Each number's open months as posted and as rated, but those that a file changed since the posting."""
    exact: dict[tuple[int, str, date], Exact] = {}
    posted: dict[tuple[int, str, date], dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_POSTED_DAYS, parameters)
        for *key, ttc, ht, vat_bp, carriers_bp, fee_bp, wage_bp, wage_base in cursor.fetchall():
            rates = (vat_bp, carriers_bp, fee_bp, wage_bp)
            found = Exact() if None in rates else exact_of(DayTotals(ttc, ht, *rates, wage_base))
            exact[tuple(key)] = exact.get(tuple(key), Exact()) + found
        cursor.execute(_POSTED_LINES, parameters)
        for *key, account, cents in cursor.fetchall():
            column, sign = _COLUMN_OF[account]
            posted.setdefault(tuple(key), {})[column] = sign * cents
        cursor.execute(_IN_MOTION, parameters)
        in_motion = set(cursor.fetchall())
    return [
        PostedMonth(*key, exact.get(key, Exact()), posted.get(key, {}))
        for key in sorted({*exact, *posted})
        if (key[0], key[2]) not in in_motion
    ]


def _hold(each: PostedMonth) -> HoldFacts:
    cents = cents_of(each.exact)
    return HoldFacts(each.number_id, each.digits, each.month, cents.due, cents.shortfall)
