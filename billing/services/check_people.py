"""Load what is checked about people: who answered, who was paid, in the months whose payroll is declared.

Talk time per person is not rolled up, so months are read call by call; only those are that can still surprise.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import connection

from agents.models import Commune, PayrollDeclaration, VerdictChange
from agents.selectors_paid import SALARIED, salaried_parameters
from agents.selectors_work import logged_months
from billing.rules.checks_pay import check_self_employed
from billing.rules.checks_people import (
    AgentMonth,
    PaidPerson,
    check_agents,
    check_declared_twice,
    check_unmatched,
    check_workplaces,
)
from billing.services.check_pay import pay_checked
from billing.services.record_findings import Checked, watched_findings
from illico_platform.lib.periods import Month, months_between

_OF_AGENTS = ["answered_unpaid", "paid_silent", "talk_above_paid", "logged_above_paid", "self_employed"]
_NEWS = timedelta(days=2)  # payroll or verdicts that changed since have their month read again: a night may be missed

_AGENTS = f"""
    WITH heard AS (
        SELECT v.month, v.agent_id, count(*) AS calls, coalesce(sum(c.talk_ms), 0)::bigint AS talk_ms
          FROM agents_judgedday j
          JOIN agents_verdict v ON v.month = date_trunc('month', j.day)::date AND v.number_id = j.number_id
               AND v.day = j.day
          JOIN numbers_call c ON c.id = v.call_id AND c.month = v.month AND c.outcome = 'answered'
         WHERE j.company_id = %(company)s AND date_trunc('month', j.day)::date = ANY(%(months)s) AND j.answered > 0
           AND v.month = ANY(%(months)s) AND c.month = ANY(%(months)s) AND v.agent_id IS NOT NULL
         GROUP BY v.month, v.agent_id),
    paid AS (
        SELECT p.month, p.agent_id, count(*) AS payslips,
               CASE WHEN bool_and(p.hours_paid IS NOT NULL)
                    THEN sum(p.hours_paid + coalesce(p.overtime_hours, 0)) END AS hours,
               bool_or({SALARIED}) AS is_salaried,
               max((SELECT string_agg(DISTINCT c ->> 'nature', ' ') FROM jsonb_array_elements(p.contracts) c))
               AS natures
          FROM agents_payslip p JOIN agents_payrolldeclaration d ON d.id = p.declaration_id AND d.in_force
         WHERE p.company_id = %(company)s AND p.month = ANY(%(months)s) AND p.agent_id IS NOT NULL
         GROUP BY p.month, p.agent_id)
    SELECT a.id, a.employee_number, a.is_call_centre, month, coalesce(heard.calls, 0), coalesce(heard.talk_ms, 0),
           coalesce(paid.payslips, 0), paid.hours,
           coalesce(paid.is_salaried, NOT coalesce((
               SELECT bool_and(k.kind = 'self') FROM agents_contract k
                WHERE k.agent_id = a.id AND k.starts_on < month + interval '1 month'
                  AND (k.ends_on IS NULL OR k.ends_on > month)), false)),
           coalesce(paid.natures, '')
      FROM heard FULL JOIN paid USING (month, agent_id) JOIN agents_agent a ON a.id = agent_id
     ORDER BY month, a.employee_number
"""
_PAYSLIPS = """
    SELECT p.id, p.company_id, p.month, d.siret, d.id, p.agent_id, p.employee_number, p.initials,
           ARRAY(SELECT jsonb_array_elements_text(p.workplaces))
      FROM agents_payslip p JOIN agents_payrolldeclaration d ON d.id = p.declaration_id AND d.in_force
     WHERE p.company_id = %(company)s AND p.month BETWEEN %(since)s AND %(day)s ORDER BY p.month, p.id
"""


def people_checked(*, company_id: int, day: date, since: date, now: datetime) -> list[Checked]:
    """What the checks of people find in the open months up to ``day``.

    Args:
        now: months whose payroll came or whose verdicts changed shortly before have their calls read, however old.
    """
    read = _months_to_read(company_id, day, since, now)
    parameters = {"company": company_id, "day": day, "since": since, "months": read, **salaried_parameters()}
    with connection.cursor() as cursor:
        cursor.execute(_AGENTS, parameters)
        agents = _with_log(company_id, [AgentMonth(*row) for row in cursor.fetchall()])
        cursor.execute(_PAYSLIPS, parameters)
        payslips = [PaidPerson(*row) for row in cursor.fetchall()]
    months = months_between(since, day)
    communes = {code for each in payslips for code in each.workplaces}
    undeclared = set(months) - _declared(company_id, since, day)
    return [
        Checked(_OF_AGENTS, [*check_agents(agents), *check_self_employed(agents)], {*read, *undeclared}),
        Checked(["payslip_unmatched"], check_unmatched(payslips), months),
        Checked(["workplace_abroad"], check_workplaces(payslips, Commune.known(communes)), months),
        Checked(["declared_twice"], check_declared_twice(payslips), months),
        *pay_checked(company_id=company_id, day=day, since=since, payslips=payslips),
    ]


def _with_log(company_id: int, agents: list[AgentMonth]) -> list[AgentMonth]:
    """The same with the time signed in to the queues, where a log tells it."""
    months = [each.month for each in agents]
    if not months:
        return []
    logged = logged_months(company_id=company_id, first=min(months), last=Month.of(max(months)).last)
    return [
        replace(each, logged_ms=found.logged_ms, ready_ms=found.ready_ms)
        if (found := logged.get((each.agent_id, each.month)))
        else each
        for each in agents
    ]


def _months_to_read(company_id: int, day: date, since: date, now: datetime) -> list[date]:
    """Declared open months: the day's own, those with news of pay or verdicts, those whose findings may be gone."""
    declared = _declared(company_id, since, day)
    received = PayrollDeclaration.objects.filter(company_id=company_id, file__received_at__gte=now - _NEWS)
    rejudged = VerdictChange.objects.filter(company_id=company_id, changed_at__gte=now - _NEWS)
    news = {day.replace(day=1), *received.values_list("month", flat=True), *rejudged.values_list("month", flat=True)}
    doubted = watched_findings(company_id=company_id, kinds=_OF_AGENTS, field="month")
    return sorted(m for m in declared if m in news or f"{m:%Y-%m}" in doubted)


def _declared(company_id: int, since: date, day: date) -> set[date]:
    in_force = PayrollDeclaration.objects.filter(company_id=company_id, in_force=True, month__range=(since, day))
    return set(in_force.values_list("month", flat=True))
