"""Load what is checked about intakes: refused rows that wait, calls left open, sources that fell silent."""

from datetime import date, datetime, timedelta

from django.db import connection

from billing.rules.checks import EXAMPLES
from billing.rules.checks_intake import (
    LOOK_BACK_DAYS,
    LeftOpen,
    RefusedRows,
    check_left_open,
    check_rejects,
    check_silent,
)
from billing.services.record_findings import Checked

# A refused value may be a caller's: only where it stood and what was expected are told.
_REFUSED = """
    SELECT i.id, i.file_name, s.name, (SELECT count(*) FROM numbers_rejectedrow WHERE intake_id = i.id
           AND replayed_at IS NULL), array_agg(r.line ORDER BY r.line), array_agg(r.field ORDER BY r.line),
           array_agg(r.expected ORDER BY r.line)
      FROM numbers_intake i JOIN numbers_source s ON s.id = i.source_id
     CROSS JOIN LATERAL (SELECT line, field, expected FROM numbers_rejectedrow
                          WHERE intake_id = i.id AND replayed_at IS NULL ORDER BY line LIMIT %(examples)s) r
     WHERE s.company_id IS NOT DISTINCT FROM %(company)s AND i.rejected > 0
     GROUP BY i.id, i.file_name, s.name ORDER BY i.id
"""
_LEFT_OPEN = """
    SELECT s.id, s.name, count(*), (min(o.last_event_at) AT TIME ZONE 'Europe/Paris')::date,
           (array_agg(o.external_id ORDER BY o.last_event_at, o.external_id))[1:%(examples)s]
      FROM numbers_opencall o JOIN numbers_source s ON s.id = o.source_id
     WHERE s.company_id IS NOT DISTINCT FROM %(company)s AND NOT o.is_stored AND o.last_event_at < %(before)s
     GROUP BY s.id, s.name ORDER BY s.id
"""
# Days on which the company had no call at all are known from the roll-up; on others the first call is enough.
_BUSY = """
    SELECT s.id, s.name,
           ARRAY(SELECT d.day
                   FROM (SELECT DISTINCT day FROM numbers_callday
                          WHERE company_id = %(company)s AND calls > 0 AND day > %(day)s - %(look_back)s
                            AND day <= %(day)s) d
                  WHERE (SELECT c.id FROM numbers_call c
                          WHERE c.company_id = s.company_id AND c.source_id = s.id
                            AND c.month = date_trunc('month', d.day)::date
                            AND c.offered_at >= d.day::timestamp AT TIME ZONE 'Europe/Paris'
                            AND c.offered_at < (d.day + 1)::timestamp AT TIME ZONE 'Europe/Paris'
                          ORDER BY c.offered_at LIMIT 1) IS NOT NULL)
      FROM numbers_source s WHERE s.company_id = %(company)s AND s.kind = 'pbx' AND s.is_active ORDER BY s.id
"""


def intake_checked(*, company_id: int | None, day: date, now: datetime) -> list[Checked]:
    """What the checks of intakes find for a company's own sources, or for those of no single company (None)."""
    before = now - timedelta(days=1)
    parameters = {
        "company": company_id,
        "examples": EXAMPLES,
        "before": before,
        "day": day,
        "look_back": LOOK_BACK_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED, parameters)
        refused = [RefusedRows(*row[:4], _rows(*row[4:])) for row in cursor.fetchall()]
        cursor.execute(_LEFT_OPEN, parameters)
        left_open = [LeftOpen(*row) for row in cursor.fetchall()]
        cursor.execute(_BUSY, parameters)
        silent = [found for row in cursor.fetchall() for found in check_silent(row[0], row[1], set(row[2]), day=day)]
    return [
        Checked(["rows_rejected"], check_rejects(refused)),
        Checked(["calls_left_open"], check_left_open(left_open)),
        Checked(["source_silent"], silent),
    ]


def _rows(lines: list[int], fields: list[str], expected: list[str]) -> list[dict[str, object]]:
    return [
        {"line": line, "field": field, "expected": wanted}
        for line, field, wanted in zip(lines, fields, expected, strict=True)
    ]
