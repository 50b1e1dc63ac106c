"""Tables of the agents app: sites, agents, contracts, proofs, evidence, training, verdicts, payroll."""

from .agent import Agent, Contract, LocationProof, PbxName, Site
from .commune import Commune
from .contribution import ContributionCode
from .evidence import CheckIn, EvidencePolicy, NetworkSighting, PresenceCheck, TeleworkAgreement
from .notice import ExpiryNotice
from .payroll import PayrollDeclaration, PayrollFile, PayrollMonth, PayrollNumber, PayrollUpload, Payslip
from .roster import Shift
from .training import Attendance, Course, Skill, TrainingSession
from .verdict import ChannelDay, JudgedDay, Verdict, VerdictChange
from .work import WorkCorrection, WorkDay
from .working_time import WorkingTimeRule

__all__ = [
    "Agent",
    "Attendance",
    "ChannelDay",
    "CheckIn",
    "Commune",
    "Contract",
    "ContributionCode",
    "Course",
    "EvidencePolicy",
    "ExpiryNotice",
    "JudgedDay",
    "LocationProof",
    "NetworkSighting",
    "PayrollDeclaration",
    "PayrollFile",
    "PayrollMonth",
    "PayrollNumber",
    "PayrollUpload",
    "Payslip",
    "PbxName",
    "PresenceCheck",
    "Shift",
    "Site",
    "Skill",
    "TeleworkAgreement",
    "TrainingSession",
    "Verdict",
    "VerdictChange",
    "WorkCorrection",
    "WorkDay",
    "WorkingTimeRule",
]
