"""Find the people who worked for two companies at the same time: by their one account, for the operator alone."""

from datetime import date

from django.db import connection

from billing.rules.checks_pay import SharedAccount, check_two_employers
from billing.services.record_findings import Checked
from illico_platform.lib.periods import Month

# Accounts that are an agent's in two companies are few: calls are read of theirs only, by number and day.
_SHARED = """
    SELECT a.id, a.user_id, a.company_id, a.employee_number, c.name AS company
      FROM agents_agent a JOIN numbers_company c ON c.id = a.company_id
     WHERE a.user_id IN (SELECT user_id FROM agents_agent WHERE user_id IS NOT NULL
                          GROUP BY user_id HAVING count(DISTINCT company_id) > 1)"""
_SAME_TIME = f"""
    WITH shared AS MATERIALIZED ({_SHARED}),
    busy AS (
        SELECT s.id AS agent_id, v.day, true AS answered,
               c.offered_at + c.wait_ms * interval '1 ms' AS starts,
               c.offered_at + (c.wait_ms + c.talk_ms) * interval '1 ms' AS ends
          FROM agents_judgedday j JOIN shared s ON s.company_id = j.company_id
          JOIN agents_verdict v ON v.month = date_trunc('month', j.day)::date AND v.number_id = j.number_id
               AND v.day = j.day AND v.agent_id = s.id AND v.month = ANY(%(months)s)
          JOIN numbers_call c ON c.id = v.call_id AND c.month = v.month AND c.month = ANY(%(months)s)
         WHERE j.day BETWEEN %(first)s AND %(day)s AND c.wait_ms IS NOT NULL AND c.talk_ms > 0
        UNION ALL
        SELECT s.id, w.day, false, w.first_in, w.last_out
          FROM shared s JOIN agents_workday w ON w.agent_id = s.id AND w.day BETWEEN %(first)s AND %(day)s)
    SELECT one.user_id, date_trunc('month', a.day)::date, one.id, two.id, one.employee_number, two.employee_number,
           one.company, two.company, array_agg(DISTINCT a.day ORDER BY a.day), bool_or(a.answered AND b.answered)
      FROM shared one JOIN shared two ON two.user_id = one.user_id AND two.company_id > one.company_id
      JOIN busy a ON a.agent_id = one.id
      JOIN busy b ON b.agent_id = two.id AND b.starts < a.ends AND a.starts < b.ends
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 2, 3, 4"""


def employers_checked(*, day: date) -> list[Checked]:
    """Who worked for two companies at the same time, in the month of ``day`` and the one before."""
    month = Month.of(day)
    months = [month.previous.first, month.first]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({_SHARED})")
        shared = cursor.fetchone()[0]
        rows = []
        if shared:
            cursor.execute(_SAME_TIME, {"months": months, "first": months[0], "day": day})
            rows = cursor.fetchall()
    found = [
        SharedAccount(user, of_month, (one, two), (first, second), (company, other), days, answered)
        for user, of_month, one, two, first, second, company, other, days, answered in rows
    ]
    return [Checked(["two_employers"], check_two_employers(found), months)]
