"""Admin pages of the agents app."""

from . import agent, payroll, verdict

__all__ = ["agent", "payroll", "verdict"]
