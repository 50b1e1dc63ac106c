"""Home against site in one month: the figures of the report « homeshoring », as a page shows them."""

from datetime import date
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Max, Sum

from agents.models import JudgedDay
from billing.reports.base import REPORTS, Scope
from illico_platform.lib.periods import Month

_KEEP_S = 30 * 24 * 3600


def months_judged(*, company_id: int) -> list[date]:
    """The months in which calls of a company were answered, latest first."""
    days = JudgedDay.objects.filter(company_id=company_id, answered__gt=0).order_by("-day")
    return list(days.dates("day", "month", order="DESC"))


def home_and_site(*, company_id: int, month: date) -> list[dict[str, Any]]:
    """The report's rows of a month, by place: read once, kept while neither verdicts nor signed-in time change.

    Percentiles need every call of the month: the roll-ups do not hold them.
    """
    last = Month.of(month).last
    judged = JudgedDay.objects.filter(company_id=company_id, day__range=(month, last)).aggregate(
        rows=Count("pk"), revisions=Sum("revision"), born=Max("company__created_at")
    )
    if not judged["rows"]:
        return []
    worked = _worked(company_id, month, last)
    key = (
        f"homeshoring:{company_id}:{judged['born'].timestamp()}:{month}:{judged['rows']}:{judged['revisions']}:{worked}"
    )
    rows = cache.get(key)
    if rows is None:
        rows = _read(company_id, month, last)
        cache.set(key, rows, _KEEP_S)
    return rows


def _worked(company_id: int, first: date, last: date) -> str:
    """What changes when signed-in time does, or the place that a proof speaks of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(logged_ms), 0), coalesce(sum(paused_ms), 0), count(*) FILTER (WHERE"
            " is_complete), (SELECT coalesce(sum(p.id), 0) FROM agents_locationproof p JOIN agents_agent a ON"
            " a.id = p.agent_id WHERE a.company_id = %(company)s AND p.place = 'home')"
            " FROM agents_workday WHERE company_id = %(company)s AND day BETWEEN %(first)s AND %(last)s",
            {"company": company_id, "first": first, "last": last},
        )
        return "-".join(map(str, cursor.fetchone()))


def _read(company_id: int, first: date, last: date) -> list[dict[str, Any]]:
    report = REPORTS["homeshoring"]
    query = report.query(Scope(company_id, first, last), report.formats[report.default_format])
    with connection.cursor() as cursor:
        cursor.execute(query.sql, dict(query.parameters))
        names = [column.name for column in report.columns]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
