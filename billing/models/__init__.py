"""Tables of the billing app: tariffs and policies, rated calls, ledger, wage fund, runs and findings."""

from .finding import Finding, FindingNote
from .fund import FundMonth
from .jobs import FullTime, JobMonth
from .ledger import Account, Entry, Journal, JournalYear, Line, Period
from .rated_call import RatedCall, RatedChange, RatedDay
from .run import Run, RunStage
from .tariff import MinimumWage, SharePolicy, Tariff, VatRate, WagePolicy

__all__ = [
    "Account",
    "Entry",
    "Finding",
    "FindingNote",
    "FullTime",
    "FundMonth",
    "JobMonth",
    "Journal",
    "JournalYear",
    "Line",
    "MinimumWage",
    "Period",
    "RatedCall",
    "RatedChange",
    "RatedDay",
    "Run",
    "RunStage",
    "SharePolicy",
    "Tariff",
    "VatRate",
    "WagePolicy",
]
