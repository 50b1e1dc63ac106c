"""Consume what the triggers noted as changed: each stage takes its own company's notes, in its transaction."""

from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True)
class RecheckSpan:
    """Days [since, until) of a company to look at again; a number or an agent narrows it, None is all."""

    number_id: int | None
    agent_id: int | None
    since: date
    until: date | None
    cause: str


def take_rechecks(*, stage: str, company_id: int) -> list[RecheckSpan]:
    """Remove and return the company's notes of one stage; they come back if the transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM numbers_recheck WHERE stage = %s AND company_id = %s"
            " RETURNING number_id, agent_id, since, until, cause",
            [stage, company_id],
        )
        return sorted({RecheckSpan(*row) for row in cursor.fetchall()}, key=repr)


def spread_rechecks(*, stage: str) -> int:
    """Give notes that concern every company (a VAT rate, a policy) to each of them; returns how many were spread."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH shared AS (DELETE FROM numbers_recheck WHERE stage = %s AND company_id IS NULL RETURNING *)
               INSERT INTO numbers_recheck (stage, company_id, number_id, agent_id, since, until, cause)
               SELECT DISTINCT s.stage, c.id, s.number_id, s.agent_id, s.since, s.until, s.cause
                 FROM shared s CROSS JOIN numbers_company c""",
            [stage],
        )
        return cursor.rowcount
