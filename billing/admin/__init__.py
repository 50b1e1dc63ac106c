"""Admin pages of the billing app, and those of calls, imports and payroll files, whose story ends in the books."""

from . import call, enrolment, facts, finding, fund, intake, jobs, ledger, payroll, run, tariff

__all__ = ["call", "enrolment", "facts", "finding", "fund", "intake", "jobs", "ledger", "payroll", "run", "tariff"]
