"""Declared pay as the facts that rules count with: payslips in force, their contributions, who pays which code."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from agents.models import ContributionCode, Payslip
from agents.rules.salaried import NOT_SALARIED
from agents.selectors_work import logged_months
from illico_platform.frames import copy_out
from illico_platform.lib.periods import Month

PAYSLIPS = {
    "payslip_id": pl.Int64,
    "month": pl.Date,
    "agent_id": pl.Int64,
    "is_call_centre": pl.Boolean,
    "is_salaried": pl.Boolean,
    "gross_cents": pl.Int64,
    "paid_ms": pl.Int64,
}
LINES = {"payslip_id": pl.Int64, "month": pl.Date, "code": pl.String, "cents": pl.Int64}
CODES = {
    "code": pl.String,
    "kind": pl.String,
    "part_of": pl.String,
    "valid_from": pl.Date,
    "valid_until": pl.Date,
}
# Whether the payslip ``p`` is a salary, in a month in which its person has not only contracts without one. The natures
# of contract that are none are ``%(not_salaried)s``.
SALARIED = """
    (NOT (jsonb_array_length(p.contracts) > 0
          AND NOT EXISTS (SELECT FROM jsonb_array_elements(p.contracts) c
                           WHERE NOT c ->> 'nature' = ANY(%(not_salaried)s)))
     AND NOT coalesce((SELECT bool_and(k.kind = 'self') FROM agents_contract k
                        WHERE k.agent_id = p.agent_id AND k.starts_on < p.month + interval '1 month'
                          AND (k.ends_on IS NULL OR k.ends_on > p.month)), false))"""
_IN_FORCE = """
      FROM agents_payslip p JOIN agents_payrolldeclaration d ON d.id = p.declaration_id AND d.in_force"""


def salaried_parameters() -> dict[str, list[str]]:
    """The values that ``SALARIED`` names."""
    return {"not_salaried": sorted(NOT_SALARIED)}


def payslips_in_force(*, company_id: int, months: Sequence[date]) -> pl.DataFrame:
    """The payslips that stand in these months: ``PAYSLIPS`` and ``logged_ms``.

    ``is_call_centre`` is null without an agent; ``paid_ms`` where hours are not declared; ``logged_ms``, the agent's
    time signed in to the queues in the month, where no log tells it or a day of it is left open.
    """
    frame = copy_out(
        f"""SELECT p.id, p.month, p.agent_id, a.is_call_centre::int, {SALARIED}::int, (p.gross * 100)::bigint,
                   (p.hours_paid * 3600000)::bigint {_IN_FORCE} LEFT JOIN agents_agent a ON a.id = p.agent_id
             WHERE p.company_id = %(company)s AND p.month = ANY(%(months)s::date[]) ORDER BY p.month, p.id""",
        {"company": company_id, "months": list(months), **salaried_parameters()},
        {**PAYSLIPS, "is_call_centre": pl.Int8, "is_salaried": pl.Int8},
    ).with_columns(pl.col("is_call_centre", "is_salaried").cast(pl.Boolean))
    return frame.join(_logged(company_id, months), on=["agent_id", "month"], how="left", maintain_order="left")


def _logged(company_id: int, months: Sequence[date]) -> pl.DataFrame:
    schema = {"agent_id": pl.Int64, "month": pl.Date, "logged_ms": pl.Int64}
    if not months:
        return pl.DataFrame(schema=schema)
    found = logged_months(company_id=company_id, first=min(months), last=Month.of(max(months)).last)
    rows = [(agent, month, logged.logged_ms) for (agent, month), logged in found.items() if not logged.incomplete]
    return pl.DataFrame(rows, schema=schema, orient="row")


def workplaces_of_payslips(*, company_id: int, months: Sequence[date]) -> dict[int, list[str]]:
    """The communes of each payslip in force of these months."""
    rows = Payslip.objects.filter(company_id=company_id, month__in=months, declaration__in_force=True)
    return dict(rows.values_list("pk", "workplaces"))


def contribution_lines(*, company_id: int, months: Sequence[date]) -> pl.DataFrame:
    """The contributions of those payslips, line by line as declared: ``LINES``."""
    return copy_out(
        f"""SELECT p.id, p.month, split_part(line.key, '/', 2), (line.value::numeric * 100)::bigint {_IN_FORCE}
              CROSS JOIN LATERAL jsonb_each_text(p.contributions) AS line
             WHERE p.company_id = %(company)s AND p.month = ANY(%(months)s::date[]) ORDER BY p.id, line.key""",
        {"company": company_id, "months": list(months)},
        LINES,
    )


def contribution_codes() -> pl.DataFrame:
    """Who pays each code, since when: ``CODES``."""
    return pl.DataFrame(list(ContributionCode.objects.values_list(*CODES)), schema=CODES, orient="row")
