"""What the pages about imports ask: names that nobody knows, calls that wait for their number. It only reads."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Q, QuerySet

from illico_platform.lib.periods import months_between
from numbers.models import Intake, NumberAlias, RejectedRow, Source


@dataclass(frozen=True)
class UnknownName:
    """A name that answered calls of a source and belongs to no agent, over a span of days."""

    name: str
    calls: int
    first: date
    last: date


@dataclass(frozen=True)
class Waiting:
    """Refused calls of one queue or line name that nobody has tied to a number yet, or whose replay is under way."""

    name: str
    calls: int
    is_known: bool


# Days without such calls are known from the roll-up and never opened.
_UNKNOWN = """
    SELECT coalesce(c.agent_name, ''), count(*), min(c.day), max(c.day)
      FROM agents_judgedday j
      JOIN agents_verdict v ON v.month = date_trunc('month', j.day)::date AND v.number_id = j.number_id
           AND v.day = j.day AND v.verdict = 'unproven' AND v.reason = 'agent_unknown'
      JOIN numbers_call c ON c.id = v.call_id AND c.month = v.month AND c.source_id = %(source)s
     WHERE j.company_id = %(company)s AND j.day BETWEEN %(first)s AND %(last)s AND j.unproven > 0
       AND v.month = ANY(%(months)s) AND c.month = ANY(%(months)s)
     GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50
"""


def unknown_names(*, source: Source, first: date, last: date) -> list[UnknownName]:
    """Names of a company's source that answered calls nobody could be charged for, most calls first."""
    months = months_between(first, last)
    with connection.cursor() as cursor:
        cursor.execute(
            _UNKNOWN,
            {"source": source.pk, "company": source.company_id, "first": first, "last": last, "months": months},
        )
        return [UnknownName(*row) for row in cursor.fetchall()]


def waiting_names(*, intake: Intake) -> list[Waiting]:
    """The names whose calls an import refused for want of a number, most calls first."""
    pending = intake.rejects.filter(payload__isnull=False, replayed_at=None).order_by()
    rows = pending.values_list("value").annotate(calls=Count("pk")).order_by("-calls", "value")
    known = set(NumberAlias.objects.filter(source=intake.source_id).values_list("name", flat=True))
    return [Waiting(name, calls, name in known) for name, calls in rows]


def faulty_rows(*, intake: Intake) -> QuerySet[RejectedRow]:
    """Lines of an import that could not be read and must be mended in the file."""
    return intake.rejects.filter(payload__isnull=True).order_by("line", "pk")


def earlier_import(*, intake: Intake) -> Intake | None:
    """The import that had brought the very same file already, where this one changed nothing."""
    if intake.calls or intake.revised:
        return None
    same = Intake.objects.filter(source=intake.source_id, sha256=intake.sha256, pk__lt=intake.pk)
    return same.order_by("pk").first()


def intakes_of(*, company_id: int) -> QuerySet[Intake]:
    """The imports of a company's own sources, newest first, with how many calls wait for a number."""
    waiting = Count("rejects", filter=Q(rejects__payload__isnull=False, rejects__replayed_at=None))
    rows = Intake.objects.filter(source__company=company_id).select_related("source")
    return rows.annotate(waiting=waiting).order_by("-id")
