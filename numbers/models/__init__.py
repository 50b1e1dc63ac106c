"""Tables of the numbers app: companies and people, numbers, sources, intake, calls."""

from .call import Call, CallDay, CallerKey
from .company import Company, Membership, User
from .intake import Intake, OpenCall, RejectedRow
from .number import NumberTransition, OpeningException, OpeningHours, PlanCeiling, PremiumNumber
from .recheck import Recheck
from .source import NumberAlias, Source

__all__ = [
    "Call",
    "CallDay",
    "CallerKey",
    "Company",
    "Intake",
    "Membership",
    "NumberAlias",
    "NumberTransition",
    "OpenCall",
    "OpeningException",
    "OpeningHours",
    "PlanCeiling",
    "PremiumNumber",
    "Recheck",
    "RejectedRow",
    "Source",
    "User",
]
