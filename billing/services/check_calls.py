"""Load what is checked about a company's calls: the roll-ups first, single calls only on days that have trouble."""

from datetime import date

from django.db import connection

from billing.rules.checks import EXAMPLES
from billing.rules.checks_calls import (
    UNPROVEN,
    NumberDays,
    Unproven,
    check_incomplete,
    check_unpriced,
    check_unproven,
)
from billing.services.record_findings import Checked
from illico_platform.lib.periods import months_between

_UNPRICED = """
    SELECT n.id, n.digits, array_agg(r.day ORDER BY r.day), sum(r.unpriced)::bigint
      FROM billing_ratedday r JOIN numbers_premiumnumber n ON n.id = r.number_id
     WHERE r.company_id = %(company)s AND r.day BETWEEN %(since)s AND %(day)s AND r.unpriced > 0
     GROUP BY n.id, n.digits, date_trunc('month', r.day)
"""
_INCOMPLETE = """
    SELECT n.id, n.digits, ARRAY[j.day], j.incomplete::bigint,
           ARRAY(SELECT v.call_id FROM agents_verdict v
                  WHERE v.month = date_trunc('month', j.day)::date AND v.number_id = j.number_id AND v.day = j.day
                    AND v.verdict = 'incomplete' LIMIT %(examples)s)
      FROM agents_judgedday j JOIN numbers_premiumnumber n ON n.id = j.number_id
     WHERE j.company_id = %(company)s AND j.day BETWEEN %(since)s AND %(day)s AND j.incomplete > 0
"""
_UNPROVEN = """
    WITH calls AS MATERIALIZED (
        SELECT v.reason, v.month, v.day, v.agent_id, v.call_id, c.talk_ms,
               CASE WHEN v.agent_id IS NULL THEN c.source_id END AS source_id,
               CASE WHEN v.agent_id IS NULL THEN coalesce(c.agent_name, '') END AS name
          FROM agents_judgedday j
          JOIN agents_verdict v ON v.month = date_trunc('month', j.day)::date
               AND v.number_id = j.number_id AND v.day = j.day AND v.verdict = 'unproven'
          JOIN numbers_call c ON c.id = v.call_id AND c.month = v.month
         WHERE j.company_id = %(company)s AND j.day BETWEEN %(since)s AND %(day)s AND j.unproven > 0)
    SELECT g.reason, g.month, g.source_id, g.agent_id, coalesce(g.name, a.employee_number), g.days, g.calls, g.talk_ms,
           g.call_ids
      FROM (SELECT reason, month, source_id, agent_id, name, array_agg(DISTINCT day ORDER BY day) AS days,
                   count(*) AS calls, coalesce(sum(talk_ms), 0)::bigint AS talk_ms,
                   (array_agg(call_id ORDER BY call_id))[1:%(examples)s] AS call_ids
              FROM calls GROUP BY reason, month, source_id, agent_id, name) g
      LEFT JOIN agents_agent a ON a.id = g.agent_id
"""


def calls_checked(*, company_id: int, day: date, since: date) -> list[Checked]:
    """What the checks of calls find in the open months up to ``day``."""
    parameters = {"company": company_id, "day": day, "since": since, "examples": EXAMPLES}
    months = months_between(since, day)
    with connection.cursor() as cursor:
        cursor.execute(_UNPRICED, parameters)
        unpriced = [NumberDays(*row) for row in cursor.fetchall()]
        cursor.execute(_INCOMPLETE, parameters)
        incomplete = [NumberDays(*row) for row in cursor.fetchall()]
        cursor.execute(_UNPROVEN, parameters)
        unproven = [Unproven(*row) for row in cursor.fetchall()]
    return [
        Checked(["unpriced"], check_unpriced(unpriced), months),
        Checked(["incomplete"], check_incomplete(incomplete), months),
        Checked(list(UNPROVEN), check_unproven(unproven), months),
    ]
