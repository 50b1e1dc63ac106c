"""Tables of the numbers app: companies and people, numbers, sources, intake, calls."""

from .block import NumberBlock, NumberReservation
from .call import Call, CallDay, CallerKey
from .channel import AccessChannel, AccessDuty, AccessOpening, Channel
from .channel_request import ChannelRequest, RoomSignal
from .company import Company, Membership, User
from .enrolment import DirectoryRecord, Enrolment, EnrolmentDecision, EnrolmentDocument, PortRequest
from .holidays import HolidayRule
from .intake import Intake, OpenCall, RejectedRow
from .invitation import Invitation
from .number import NumberTransition, OpeningException, OpeningHours, PlanCeiling, PremiumNumber
from .payout_account import PayoutAccount
from .recheck import Recheck
from .source import NumberAlias, Source
from .staff import StaffEvent
from .upload import CallUpload

__all__ = [
    "AccessChannel",
    "AccessDuty",
    "AccessOpening",
    "Call",
    "CallDay",
    "CallUpload",
    "CallerKey",
    "Channel",
    "ChannelRequest",
    "Company",
    "DirectoryRecord",
    "Enrolment",
    "EnrolmentDecision",
    "EnrolmentDocument",
    "HolidayRule",
    "Intake",
    "Invitation",
    "Membership",
    "NumberAlias",
    "NumberBlock",
    "NumberReservation",
    "NumberTransition",
    "OpenCall",
    "OpeningException",
    "OpeningHours",
    "PayoutAccount",
    "PlanCeiling",
    "PortRequest",
    "PremiumNumber",
    "Recheck",
    "RejectedRow",
    "RoomSignal",
    "Source",
    "StaffEvent",
    "User",
]
