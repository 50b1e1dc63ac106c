"""Admin pages of the numbers app. Calls and imports have theirs in billing, which knows their whole story."""

from . import company, enrolment, evidence, number, opening, person, plan, source, team

__all__ = ["company", "enrolment", "evidence", "number", "opening", "person", "plan", "source", "team"]
