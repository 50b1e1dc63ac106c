"""Admin pages of the billing app, and those of calls and imports, whose story ends in the books."""

from . import call, enrolment, facts, finding, fund, intake, ledger, run, tariff

__all__ = ["call", "enrolment", "facts", "finding", "fund", "intake", "ledger", "run", "tariff"]
