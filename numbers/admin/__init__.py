"""Admin pages of the numbers app. Calls and imports have theirs in billing, which knows their whole story."""

from . import channel, company, enrolment, evidence, number, opening, person, plan, source, staff, team

__all__ = [
    "channel",
    "company",
    "enrolment",
    "evidence",
    "number",
    "opening",
    "person",
    "plan",
    "source",
    "staff",
    "team",
]
