"""The pages of the rules say what the rules do: their tables are read and compared, number by number, word by word."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from agents.models.verdict import VerdictKind
from billing.models import VatRate
from billing.models.tariff import Tariff
from billing.rules.landing import month_end_landing
from billing.rules.rating import rate
from illico_platform.lib.money import cents_of_euros
from tests.rules.test_rating import TARIFFS, calls

DOCS = Path(__file__).resolve().parents[2] / "docs"


def table_of(page: str, first_column: str) -> list[list[str]]:
    """The rows of the page's table whose head begins with ``first_column``."""
    lines = (DOCS / page).read_text().splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith(f"| {first_column} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


@pytest.mark.parametrize("row", table_of("rating.md", "seconds at 0.60 €/min"), ids=lambda row: row[0])
def test_the_prices_of_the_rating_page(row: list[str]) -> None:
    tariff = pl.DataFrame([(1, date(2026, 11, 25), 9, 600_000, 2000)], schema=TARIFFS, orient="row")
    assert rate(calls(int(row[0]) * 1000), tariff)["ttc_micros"].item() == int(row[1])


def test_the_verdicts_of_the_guarantee_page() -> None:
    rows = table_of("guarantee.md", "verdict")
    assert {row[0]: row[1] for row in rows} == dict(VerdictKind.choices)
    assert [row[0] for row in rows if not row[3].startswith("no")] == ["kept"]


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (Tariff(price_micros=600_000, valid_from=date(2026, 1, 1)), "0,60 €/min dès le 01/01/2026"),
        (Tariff(price_micros=50_000, valid_from=date(2026, 1, 1)), "0,05 €/min dès le 01/01/2026"),
        (VatRate(rate_bp=2000, valid_from=date(2014, 1, 1)), "20 % dès le 01/01/2014"),
        (VatRate(rate_bp=1960, valid_from=date(2000, 4, 1)), "19,6 % dès le 01/04/2000"),
    ],
)
def test_dated_rates_read_as_french(record: Tariff | VatRate, text: str) -> None:
    assert str(record).replace("\u202f", " ") == text


@pytest.mark.parametrize("row", table_of("wage_share.md", "due so far"), ids=lambda row: " ".join(row[:4]))
def test_the_landings_of_the_wage_share_page(row: list[str]) -> None:
    due, pay, carried_in, due_at_end, proven = (
        cents_of_euros(Decimal(row[rank].replace("−", "-"))) for rank in (0, 2, 3, 4, 5)
    )
    day = date(2026, 11, int(row[1].split()[0]))
    landing = month_end_landing(last_day=day, due=due, pay=pay, carried_in=carried_in)
    assert (landing.due, landing.proven) == (due_at_end, proven)
