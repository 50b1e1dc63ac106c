"""Load what is checked about work from home: when home agents answered and signed in, against their agreements.

Only calls that rest on a proof of home are read, of the months that can still surprise.
"""

from datetime import date, datetime, timedelta
from itertools import chain

from django.db import connection

from agents.models import CheckIn, LocationProof, TeleworkAgreement, VerdictChange, WorkingTimeRule
from billing.rules.checks import EXAMPLES
from billing.rules.checks_home import HomeDay, check_home_time
from billing.services.record_findings import Checked, watched_findings
from illico_platform.lib.periods import months_between, paris_day

KIND = "outside_contact_hours"
_NEWS = timedelta(days=2)  # agreements, check-ins and verdicts that changed since have their months read again

# A call counts for the Paris day on which it was answered, a check-in for the day on which it was signed. One that
# nobody ended says when work began, not when it stopped.
_DAYS = """
    WITH answered AS MATERIALIZED (
        SELECT v.agent_id, v.call_id, c.offered_at + c.wait_ms * interval '1 ms' AS began, c.talk_ms
          FROM agents_judgedday j
          JOIN agents_verdict v ON v.month = date_trunc('month', j.day)::date AND v.number_id = j.number_id
               AND v.day = j.day AND v.proof_id = ANY(%(homes)s)
          JOIN numbers_call c ON c.id = v.call_id AND c.month = v.month AND c.outcome = 'answered'
         WHERE j.company_id = %(company)s AND date_trunc('month', j.day)::date = ANY(%(months)s)
           AND j.day <= %(day)s AND j.answered > 0 AND v.month = ANY(%(months)s) AND c.month = ANY(%(months)s)
           AND c.wait_ms IS NOT NULL),
    local AS (
        SELECT *, (began AT TIME ZONE 'Europe/Paris')::date AS day, (began AT TIME ZONE 'Europe/Paris')::time AS clock
          FROM answered),
    signs AS (
        SELECT l.agent_id, l.day, l.began, l.began + coalesce(l.talk_ms, 0) * interval '1 ms' AS ended,
               CASE WHEN l.clock < g.contact_from OR l.clock >= g.contact_until THEN l.call_id END AS outside
          FROM local l
          LEFT JOIN LATERAL (SELECT contact_from, contact_until FROM agents_teleworkagreement t
                              WHERE t.agent_id = l.agent_id AND t.starts_on <= l.day
                                AND (t.ends_on IS NULL OR t.ends_on > l.day) ORDER BY t.id LIMIT 1) g ON true
        UNION ALL
        SELECT agent_id, (started_at AT TIME ZONE 'Europe/Paris')::date, started_at,
               CASE WHEN ending IN ('out', 'corrected') THEN ends_at ELSE started_at END, NULL
          FROM agents_checkin
         WHERE company_id = %(company)s AND place = 'home'
           AND date_trunc('month', (started_at AT TIME ZONE 'Europe/Paris')::date)::date = ANY(%(months)s)
           AND (started_at AT TIME ZONE 'Europe/Paris')::date <= %(day)s)
    SELECT a.id, a.employee_number, s.day, min(s.began), max(s.ended), count(s.outside),
           (array_agg(s.outside ORDER BY s.outside) FILTER (WHERE s.outside IS NOT NULL))[1:%(examples)s]
      FROM signs s JOIN agents_agent a ON a.id = s.agent_id
     GROUP BY a.id, a.employee_number, s.day
"""


def home_checked(*, company_id: int, day: date, since: date, now: datetime) -> list[Checked]:
    """What the check of home agents' working time finds in the open months up to ``day``.

    Args:
        now: months with news shortly before are read, however old; a company without home agents is not read at all.
    """
    homes = list(LocationProof.objects.filter(agent__company_id=company_id, place="home").values_list("pk", flat=True))
    if not homes:
        return [Checked([KIND], [], months_between(since, day))]
    months = _months_to_read(company_id, day, since, now)
    with connection.cursor() as cursor:
        cursor.execute(
            _DAYS, {"company": company_id, "homes": homes, "months": months, "day": day, "examples": EXAMPLES}
        )
        days = [HomeDay(*row[:6], call_ids=row[6] or ()) for row in cursor.fetchall()]
    limits = dict(WorkingTimeRule.objects.values_list("valid_from", "day_span_minutes"))
    return [Checked([KIND], check_home_time(days, limits), months)]


def _months_to_read(company_id: int, day: date, since: date, now: datetime) -> list[date]:
    """Open months: the day's own, those with news, those whose findings may be gone."""
    rejudged = VerdictChange.objects.filter(company_id=company_id, changed_at__gte=now - _NEWS)
    agreed = TeleworkAgreement.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        agent__company_id=company_id, pgh_created_at__gte=now - _NEWS
    )
    corrected = CheckIn.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        company_id=company_id, pgh_created_at__gte=now - _NEWS
    )
    news = chain(
        rejudged.values_list("month", flat=True),
        *(months_between(max(first, since), day) for first in agreed.values_list("starts_on", flat=True)),
        (paris_day(started).replace(day=1) for started in corrected.values_list("started_at", flat=True)),
    )
    doubted = watched_findings(company_id=company_id, kinds=[KIND], field="month")
    wanted = {day.replace(day=1), *news}
    return [month for month in months_between(since, day) if month in wanted or f"{month:%Y-%m}" in doubted]
