"""Tables of the numbers app: companies and people, numbers, sources, intake, calls."""

from .call import Call, CallDay, CallerKey
from .company import Company, Membership, User
from .intake import Intake, OpenCall, RejectedRow
from .invitation import Invitation
from .number import NumberTransition, OpeningException, OpeningHours, PlanCeiling, PremiumNumber
from .payout_account import PayoutAccount
from .recheck import Recheck
from .source import NumberAlias, Source

__all__ = [
    "Call",
    "CallDay",
    "CallerKey",
    "Company",
    "Intake",
    "Invitation",
    "Membership",
    "NumberAlias",
    "NumberTransition",
    "OpenCall",
    "OpeningException",
    "OpeningHours",
    "PayoutAccount",
    "PlanCeiling",
    "PremiumNumber",
    "Recheck",
    "RejectedRow",
    "Source",
    "User",
]
