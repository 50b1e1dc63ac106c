"""Answered calls by month and place of work: home against site."""

from billing.reports.base import REPORTS, Column, Report, seconds
from billing.rules.checks_calls import UNPROVEN


@REPORTS.register
class Homeshoring(Report):
    """One row per company, month and place from which calls were answered in time or late, by the verdict's proof.

    ``place`` is ``home``, ``site``, or ``unknown`` where no proof stands behind the answer. ``promise_bp`` is kept of
    answered, in basis points: nobody sat anywhere for a call that was not answered. ``logged_s`` is the time without
    pauses of the agents' days on the queues that are known and spent at one place, ``occupancy_bp`` the talk of these
    same days against it; both are empty, never zero, where no such day is known.
    """

    key = "homeshoring"
    label = "Domicile et site comparés"
    version = "1"
    columns = (
        Column("siren", "s.siren"),
        Column("month", "to_char(x.month, 'YYYY-MM')"),
        Column("place", "x.place"),
        Column("answered", "x.answered"),
        Column("kept", "x.kept"),
        Column("late", "x.late"),
        Column("unproven", "x.unproven"),
        *(Column(f"unproven_{reason}", f"x.{reason}") for reason in UNPROVEN),
        Column("promise_bp", "(x.kept * 20000 + x.answered) / (2 * x.answered)"),
        Column("wait_mean_s", seconds("round(x.wait_mean)")),
        Column("wait_p90_s", seconds("x.wait_p90")),
        Column("talk_s", seconds("x.talk_ms")),
        Column("agent_days", "x.agent_days"),
        Column("known_days", "x.known_days"),
        Column("logged_s", seconds("x.logged_ms")),
        Column("occupancy_bp", "(x.known_talk_ms * 20000 + x.logged_ms) / (2 * nullif(x.logged_ms, 0))"),
    )
    # An agent's day on the queues is of one place or of none: time spent at two places cannot be told apart.
    rows = """
        FROM (WITH answers AS MATERIALIZED (
                SELECT v.company_id, v.month, v.day, v.agent_id, v.verdict, v.reason,
                       coalesce(p.place, 'unknown') AS place, c.wait_ms, coalesce(c.talk_ms, 0) AS talk_ms
                  FROM agents_judgedday j
                  JOIN agents_verdict v ON v.month = date_trunc('month', j.day)::date AND v.number_id = j.number_id
                       AND v.day = j.day AND v.verdict IN ('kept', 'late', 'unproven')
                       AND v.month BETWEEN %(first_month)s AND %(until)s
                  JOIN numbers_call c ON c.id = v.call_id AND c.month = v.month
                       AND c.month BETWEEN %(first_month)s AND %(until)s
                  LEFT JOIN agents_locationproof p ON p.id = v.proof_id
                 WHERE j.day BETWEEN %(since)s AND %(until)s AND j.answered > 0
                   AND (%(company)s::bigint IS NULL OR j.company_id = %(company)s)),
              days AS (
                SELECT a.company_id, a.month, min(a.place) AS place, sum(a.talk_ms) AS talk_ms,
                       min(w.logged_ms - w.paused_ms) FILTER (WHERE w.is_complete) AS logged_ms
                  FROM answers a
                  LEFT JOIN agents_workday w ON w.agent_id = a.agent_id AND w.day = a.day
                 WHERE a.agent_id IS NOT NULL
                 GROUP BY a.company_id, a.month, a.day, a.agent_id HAVING count(DISTINCT a.place) = 1),
              worked AS (
                SELECT company_id, month, place, count(*) AS agent_days, count(logged_ms) AS known_days,
                       sum(logged_ms)::bigint AS logged_ms,
                       (sum(talk_ms) FILTER (WHERE logged_ms IS NOT NULL))::bigint AS known_talk_ms
                  FROM days GROUP BY company_id, month, place)
              SELECT a.company_id, a.month, a.place, count(*) AS answered,
                     count(*) FILTER (WHERE verdict = 'kept') AS kept,
                     count(*) FILTER (WHERE verdict = 'late') AS late,
                     count(*) FILTER (WHERE verdict = 'unproven') AS unproven,
                     {reasons},
                     avg(a.wait_ms) AS wait_mean, percentile_disc(0.9) WITHIN GROUP (ORDER BY a.wait_ms) AS wait_p90,
                     sum(a.talk_ms)::bigint AS talk_ms, coalesce(min(w.agent_days), 0) AS agent_days,
                     coalesce(min(w.known_days), 0) AS known_days, min(w.logged_ms) AS logged_ms,
                     min(w.known_talk_ms) AS known_talk_ms
                FROM answers a LEFT JOIN worked w USING (company_id, month, place)
               GROUP BY a.company_id, a.month, a.place) x
        JOIN numbers_company s ON s.id = x.company_id
        ORDER BY x.month, s.siren, x.place""".format(
        reasons=", ".join(
            f"count(*) FILTER (WHERE verdict = 'unproven' AND reason = '{reason}') AS {reason}" for reason in UNPROVEN
        )
    )
