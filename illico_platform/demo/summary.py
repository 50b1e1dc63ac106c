"""The demo's summary in the terminal: what the night found, the money, the logins and the links."""

from decimal import Decimal

from django.db.models import Count, Min, Sum
from rich.console import Console
from rich.table import Table

from agents.models import JudgedDay
from agents.models.verdict import VerdictKind
from agents.rules.promise_rate import promise_rate
from billing.models import Entry, Finding, FundMonth, RatedDay, Run
from illico_platform.demo.people import PASSWORD, logins
from illico_platform.web.show import euros, percent_bp
from numbers.models import Company

_MICROS = 1_000_000
LABELS = [
    "Appels",
    *map(str, VerdictKind.labels),
    "Promesses tenues",
    "Prix TTC",
    "Dû aux salaires (60 % HT)",
    "Retenu",
    "Paie prouvée",
    "Libéré",
]


def print_summary(run: Run, console: Console, *, address: str) -> None:
    """Print one column a company, the findings by kind, and where to look next."""
    companies = list(Company.objects.filter(judged_days__isnull=False).distinct().order_by("pk"))
    table = Table(title=f"Nuit du {run.day:%d/%m/%Y}", title_justify="left")
    table.add_column("")
    for company in companies:
        table.add_column(str(company), justify="right")
    for label, *values in zip(LABELS, *map(_figures, companies), strict=True):
        table.add_row(label, *values)
    console.print(table)
    for company in companies:
        _print_findings(company, console)
    console.print(f"\n{Entry.objects.exclude(hash=None).count()} écritures scellées, sans trou, chaînées.")
    console.print("\n[bold]Se connecter[/] (mot de passe : " + PASSWORD + ")")
    for email, role in logins():
        console.print(f"  {email}  {role}")
    console.print(f"\nEspace des entreprises : {address}/espace/\nAnnuaire public : {address}/")
    console.print(f"Administration : {address}/admin/")


def _figures(company: Company) -> list[str]:
    """The company's column, in the order of ``LABELS``."""
    days = JudgedDay.objects.filter(company=company)
    sums = days.aggregate(**{name: Sum(name) for name in ("calls", *VerdictKind.values)})
    counted = ("kept", "late", "unproven", "unanswered", "abandoned")
    rate = promise_rate(**{kind: sums[kind] for kind in counted})
    ttc = RatedDay.objects.filter(company=company).aggregate(ttc=Sum("ttc_micros"))["ttc"] or 0
    fund = FundMonth.objects.filter(company=company).aggregate(
        due=Sum("due"), held=Sum("held"), credited=Sum("credited"), released=Sum("released")
    )
    money = [Decimal(ttc) / _MICROS, fund["due"], fund["held"], fund["credited"], fund["released"]]
    verdicts = [str(sums[kind]) for kind in VerdictKind.values]
    return [str(sums["calls"]), *verdicts, percent_bp(rate.strict_bp), *map(euros, money)]


def _print_findings(company: Company, console: Console) -> None:
    """One line a kind: how many findings, and the first of them."""
    found = Finding.objects.filter(company=company, resolved_at=None)
    kinds = found.values("kind").annotate(count=Count("pk"), first=Min("title")).order_by("-count")
    console.print(f"\n[bold]{company}[/], constats à traiter : {found.count()}")
    for kind in kinds:
        rest = kind["count"] - 1
        more = f" (et {rest} autre{'s' * (rest > 1)})" if rest else ""
        console.print(f"  · {kind['first']}{more}")
