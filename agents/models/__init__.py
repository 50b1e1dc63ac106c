"""Tables of the agents app: sites, agents, contracts, proofs, verdicts, payroll."""

from .agent import Agent, Contract, LocationProof, PbxName, Site
from .payroll import PayrollDeclaration, PayrollFile, PayrollMonth, PayrollNumber, PayrollUpload, Payslip
from .verdict import JudgedDay, Verdict, VerdictChange

__all__ = [
    "Agent",
    "Contract",
    "JudgedDay",
    "LocationProof",
    "PayrollDeclaration",
    "PayrollFile",
    "PayrollMonth",
    "PayrollNumber",
    "PayrollUpload",
    "Payslip",
    "PbxName",
    "Site",
    "Verdict",
    "VerdictChange",
]
