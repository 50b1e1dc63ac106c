"""Turn notes of changed hours, names, contracts and proofs into number-days to be judged again."""

from datetime import date

from django.db import connection
from django.db.models import Q

from agents.models import JudgedDay
from numbers.services.take_rechecks import RecheckSpan, take_rechecks


def mark_stale_days(*, company_id: int, since: date) -> int:
    """Mark the judged days that the company's notes speak of; returns how many. To be called in a transaction.

    A note about an agent marks only the days on which one of that agent's present or past names took a call.
    """
    spans = take_rechecks(stage="judge", company_id=company_id)
    if not JudgedDay.objects.filter(company_id=company_id, day__gte=since).exists():
        return 0  # a new company's first night: hundreds of notes, nothing that they could make stale
    return sum(_mark(company_id, span, since) for span in spans)


def _mark(company_id: int, span: RecheckSpan, since: date) -> int:
    days = JudgedDay.objects.filter(company_id=company_id, is_stale=False, day__gte=max(since, span.since))
    if span.until is not None:
        days = days.filter(day__lt=span.until)
    if span.number_id is not None:
        days = days.filter(number_id=span.number_id)
    if span.agent_id is not None:
        touched = _days_of_agent(company_id, span, since)
        days = days.filter(Q(pk__in=touched))
    return days.update(is_stale=True)


def _days_of_agent(company_id: int, span: RecheckSpan, since: date) -> list[int]:
    """Ids of judged days with a call of the agent: by name as recorded (deleted names included), or by verdict."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT j.id FROM agents_judgedday j
                WHERE j.company_id = %(company)s AND j.day >= %(since)s
                  AND (%(until)s IS NULL OR j.day < %(until)s)
                  AND (EXISTS (
                        SELECT 1 FROM agents_verdict v
                         WHERE v.month = date_trunc('month', j.day)::date AND v.number_id = j.number_id
                           AND v.day = j.day AND v.agent_id = %(agent)s)
                    OR EXISTS (
                        SELECT 1 FROM numbers_call c JOIN agents_pbxname n
                            ON n.source_id = c.source_id AND n.name = c.agent_name
                         WHERE n.agent_id = %(agent)s AND c.month = date_trunc('month', j.day)::date
                           AND c.number_id = j.number_id AND c.day = j.day))""",
            {"company": company_id, "since": max(since, span.since), "until": span.until, "agent": span.agent_id},
        )
        return [pk for (pk,) in cursor.fetchall()]
