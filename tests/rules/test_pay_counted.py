"""What counts of a payslip: gross or loaded, whole or in proportion; the unknown is flagged, never guessed."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.selectors_paid import CODES, LINES, PAYSLIPS
from agents.services.load_codes import CODES as KNOWN_CODES
from billing.rules.pay_counted import compose, count_pay
from illico_platform.lib.money import cents_of_euros, divide_half_up
from tests.rules.test_rule_pages import DOCS, table_of

APRIL = date(2026, 4, 1)
HOUR = 3_600_000
SLIP = {
    "payslip_id": 1,
    "month": APRIL,
    "agent_id": 7,
    "is_call_centre": True,
    "is_salaried": True,
    "gross_cents": 200_000,
    "paid_ms": 15_167 * HOUR // 100,
    "logged_ms": None,
}
CODE_ROWS = pl.DataFrame(
    [(code, kind, part_of, since, None) for code, kind, part_of, _, _, since in KNOWN_CODES],
    schema=CODES,
    orient="row",
)


def counted(
    *slips: dict[str, Any], lines: dict[str, int] | None = None, numerator: str = "GROSS", counting: str = "ALL"
) -> list[dict[str, Any]]:
    rows = [{**SLIP, **{"payslip_id": rank}, **slip} for rank, slip in enumerate(slips or ({},), start=1)]
    frame = pl.DataFrame(rows, schema={**PAYSLIPS, "logged_ms": pl.Int64})
    policies = pl.DataFrame([(month, numerator, counting) for month in {row["month"] for row in rows}], orient="row")
    policies.columns = ["month", "numerator", "counting"]
    return count_pay(frame, lines_of(lines or {}), CODE_ROWS, policies).to_dicts()


def lines_of(lines: dict[str, int], month: date = APRIL) -> pl.DataFrame:
    rows = [(1, month, code.split("/")[-1], cents) for code, cents in lines.items()]
    return pl.DataFrame(rows, schema=LINES, orient="row")


# A person of the real file of seven: gross 3,762.69; what is the employer's alone was added up by hand.
REAL = {
    "03/131": 0, "03/132": 225, "03/045": 2634, "03/068": 1129, "03/074": 12981, "03/075": 26339, "03/076": 9444,
    "03/100": 60, "03/102": 6773, "03/128": 2069, "03/130": 2220, "03/018": -15399, "03/106": -2738, "03/907": 22576,
    "03/141": 188, "02/049": 376, "02/131": 37702, "02/142": 22614, "02/076": 58134, "31/059": 17354, "04/072": 35176,
    "04/079": 1912, "07/040": 15051, "07/048": 941,
}  # fmt: skip


def test_loaded_pay_is_gross_and_the_employers_own_lines_with_reliefs_taken_off() -> None:
    (slip,) = counted({"gross_cents": 376_269}, lines=REAL, numerator="LOADED")
    employer = 2634 + 1129 + 12981 + 26339 + 60 + 6773 + 2069 + 2220 - 15399 - 2738 + 22576 + 376 + 22614 + 15051 + 941
    assert slip["employer_cents"] == employer == 97_626
    assert slip["counted_cents"] == 376_269 + employer
    # What no line tells apart: old age, Agirc-Arrco less its told part, Apec, insurance, the branch's training.
    assert slip["unclear_cents"] == 9444 + 58134 + 37702 - 22614 + 225 + 17354 + 188
    assert slip["employee_cents"] == 35176 + 1912
    assert slip["is_at_least"]


@pytest.mark.parametrize(
    ("lines", "employer", "unclear"),
    [
        ({"02/131": 10000, "02/142": 6000}, 6000, 4000),
        ({"02/142": 6000}, 6000, 0),
        ({"02/131": 10000}, 0, 10000),
        ({"03/999": 500}, 0, 500),
        ({"03/018": -31022, "03/074": 9712}, -21310, 0),
        ({"03/074": 9712, "02/074": 100}, 9812, 0),
    ],
)
def test_no_amount_is_counted_twice_and_none_is_guessed(lines: dict[str, int], employer: int, unclear: int) -> None:
    (slip,) = counted(lines=lines, numerator="LOADED")
    assert (slip["employer_cents"], slip["unclear_cents"]) == (employer, unclear)
    assert slip["counted_cents"] == 200_000 + employer
    assert slip["is_at_least"] == (unclear != 0)


def test_codes_are_read_as_they_stood_in_the_month() -> None:
    december = date(2025, 12, 1)
    (slip,) = counted({"month": december}, numerator="LOADED")
    before = compose(lines_of({"02/131": 10000, "02/142": 6000}, december), CODE_ROWS).to_dicts()
    assert before[0]["employer_cents"] == 0
    assert before[0]["unclear_cents"] == 16_000
    assert slip["counted_cents"] == 200_000


def test_a_payslip_without_contributions_counts_its_gross_and_says_at_least() -> None:
    (slip,) = counted(numerator="LOADED")
    assert (slip["counted_cents"], slip["has_lines"], slip["is_at_least"]) == (200_000, False, True)
    assert not counted(lines=REAL)[0]["is_at_least"], "under GROSS nothing of contributions is asked"


@pytest.mark.parametrize("row", table_of("wage_share.md", "gross"), ids=lambda row: row[1])
def test_the_sums_of_the_wage_share_page(row: list[str]) -> None:
    lines = {}
    for each in row[1].split(", ") if row[1] != "none" else []:
        code, amount = each.split(" ")
        lines[f"03/{code}"] = cents_of_euros(Decimal(amount.replace("−", "-")))
    (slip,) = counted({"gross_cents": cents_of_euros(Decimal(row[0]))}, lines=lines, numerator="LOADED")
    assert slip["counted_cents"] == cents_of_euros(Decimal(row[2]))
    assert slip["is_at_least"] == row[3].startswith("at least")
    assert (slip["unclear_cents"] > 0) == row[3].endswith("unclear")


def test_the_codes_of_the_wage_share_page() -> None:
    page = (DOCS / "wage_share.md").read_text()
    for kind, words in (
        ("employer", "employer alone"),
        ("employee", "employee alone"),
        ("mixed", "both in one amount"),
    ):
        line = page[page.index(f"- *{words}*") :].split("They ")[0]
        known = {code for code, paid_by, *_ in KNOWN_CODES if paid_by == kind}
        assert set(re.findall(r"\b\d{3}\b", line)) - {"131"} == known - {"131"}


@given(st.dictionaries(st.sampled_from([*REAL, "03/999", "02/146"]), st.integers(-(10**7), 10**7)))
def test_the_parts_of_a_payslip_add_up_to_its_lines(lines: dict[str, int]) -> None:
    parts = compose(lines_of(lines), CODE_ROWS).to_dicts()
    whole = {"02/131", "03/131"} & lines.keys()
    told = sum(cents for code, cents in lines.items() if code[3:] in ("142", "146")) if whole else 0
    assert sum(part["employer_cents"] + part["employee_cents"] + part["unclear_cents"] for part in parts) == (
        sum(lines.values()) - told
    )


@pytest.mark.parametrize(
    ("paid", "logged", "share"),
    [
        (100 * HOUR, 50 * HOUR, 100_000),
        (100 * HOUR, 150 * HOUR, 200_000),
        (100 * HOUR, 0, 0),
        (3 * HOUR, 1 * HOUR, 66_667),
        (6 * HOUR, 1 * HOUR, 33_333),
    ],
)
def test_in_proportion_pay_counts_by_the_time_signed_in(paid: int, logged: int, share: int) -> None:
    (slip,) = counted({"paid_ms": paid, "logged_ms": logged}, counting="PRORATA")
    assert (slip["counted_cents"], slip["why_not"], slip["is_at_least"]) == (share, None, False)


def test_the_proportion_is_of_the_persons_month_over_all_payslips() -> None:
    half = {"paid_ms": 50 * HOUR, "logged_ms": 30 * HOUR, "gross_cents": 100_001}
    first, second = counted(half, half, counting="PRORATA")
    assert first["counted_cents"] == second["counted_cents"] == 30_000  # 30 of 100 hours of 1,000.01
    other = counted(half, {**half, "agent_id": 8, "logged_ms": 50 * HOUR}, counting="PRORATA")
    assert [slip["counted_cents"] for slip in other] == [60_001, 100_001]


@pytest.mark.parametrize(
    ("slips", "why"),
    [
        ([{"paid_ms": None, "logged_ms": HOUR}], ["no_hours"]),
        ([{"paid_ms": 0, "logged_ms": HOUR}], ["no_hours"]),
        ([{"logged_ms": None}], ["no_log"]),
        ([{"logged_ms": HOUR}, {"paid_ms": None, "logged_ms": HOUR}], ["no_hours", "no_hours"]),
        ([{"logged_ms": HOUR, "is_salaried": False, "paid_ms": None}, {"logged_ms": HOUR}], ["not_salaried", None]),
    ],
)
def test_unknown_hours_count_nothing_and_say_so(slips: list[dict[str, Any]], why: list[str | None]) -> None:
    found = counted(*slips, counting="PRORATA")
    assert [slip["why_not"] for slip in found] == why
    for slip in found:
        assert slip["is_at_least"] == (slip["why_not"] in ("no_hours", "no_log"))
        assert (slip["counted_cents"] == 0) == (slip["why_not"] is not None)


@pytest.mark.parametrize(
    ("slip", "why"),
    [
        ({"agent_id": None, "is_call_centre": None}, "no_agent"),
        ({"is_call_centre": False}, "not_call_centre"),
        ({"is_salaried": False}, "not_salaried"),
    ],
)
@pytest.mark.parametrize("policy", [("GROSS", "ALL"), ("LOADED", "ALL"), ("GROSS", "PRORATA")])
def test_pay_that_is_no_salary_of_an_agent_counts_nothing(
    slip: dict[str, Any], why: str, policy: tuple[str, str]
) -> None:
    (found,) = counted({**slip, "logged_ms": HOUR}, lines=REAL, numerator=policy[0], counting=policy[1])
    assert (found["why_not"], found["counted_cents"], found["is_at_least"]) == (why, 0, False)


@settings(deadline=None)
@given(
    st.integers(-(10**11), 10**11),
    st.integers(1, 744 * 100),
    st.integers(0, 744 * HOUR),
)
def test_a_share_is_exact_to_the_cent_and_never_more_than_the_pay(cents: int, hundredths: int, logged: int) -> None:
    paid = hundredths * HOUR // 100
    (slip,) = counted({"gross_cents": cents, "paid_ms": paid, "logged_ms": logged}, counting="PRORATA")
    assert slip["counted_cents"] == divide_half_up(cents * min(logged, paid), paid)
    assert abs(slip["counted_cents"] - Fraction(cents * min(logged, paid), paid)) <= Fraction(1, 2)
    assert abs(slip["counted_cents"]) <= abs(cents)
