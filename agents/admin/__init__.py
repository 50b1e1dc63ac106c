"""Admin pages of the agents app."""

from . import agent, commune, evidence, payroll, training, verdict, work

__all__ = ["agent", "commune", "evidence", "payroll", "training", "verdict", "work"]
