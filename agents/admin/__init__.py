"""Admin pages of the agents app."""

from . import agent, evidence, payroll, training, verdict, work

__all__ = ["agent", "evidence", "payroll", "training", "verdict", "work"]
