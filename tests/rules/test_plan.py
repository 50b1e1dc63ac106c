"""The numbering plan: written forms, refusals, families, ceilings."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers.rules import plan
from numbers.rules.plan import CeilingRow, Family, Kind, Unit, ceiling_on, display, family_of, normalise
from numbers.rules.plan_rows import CEILINGS, NEW_PLAN
from numbers.rules.signage import Colour, colour_of, signage

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = ROOT / "../shared/data/arcep/majnum_08_and_short_utf8.csv"
TODAY = date(2026, 11, 25)

WRITTEN = [
    ("08 92 69 12 34", "0892691234"),
    ("0 892 69 12 34", "0892691234"),
    ("0 892 691 234", "0892691234"),
    ("08.92.69.12.34", "0892691234"),
    ("08-92-69-12-34", "0892691234"),
    ("08/92/69/12/34", "0892691234"),
    ("+33 892 69 12 34", "0892691234"),
    ("+33 (0)8 92 69 12 34", "0892691234"),
    ("+33 0892691234", "0892691234"),
    ("(+33) 892 691 234", "0892691234"),
    ("0033892691234", "0892691234"),
    ("00 33 (0) 892 69 12 34", "0892691234"),
    ("33892691234", "0892691234"),
    ("0\u202f892\u202f69\u202f12\u202f34", "0892691234"),
    ("08\u00a092\u00a069\u00a012\u00a034", "0892691234"),
    ("08\u201192\u201169\u201112\u201134", "0892691234"),
    ("  0892691234\n", "0892691234"),
    ("39 39", "3939"),
    ("3939", "3939"),
    ("118 218", "118218"),
    ("10.14", "1014"),
]


@pytest.mark.parametrize(("written", "digits"), WRITTEN)
def test_every_written_form_gives_the_national_digits(written: str, digits: str) -> None:
    assert normalise(written).digits == digits


def test_ten_digits_have_an_international_form_and_short_codes_have_none() -> None:
    assert normalise("08 92 69 12 34") == plan.PlanNumber("0892691234", "+33892691234", Kind.TEN_DIGITS, Family.PREMIUM)
    assert normalise("39 39") == plan.PlanNumber("3939", "", Kind.SHORT, Family.GENERALIST_SHORT)


@pytest.mark.parametrize(
    ("digits", "family"),
    [
        ("0800000000", Family.FREE),
        ("0805999999", Family.FREE),
        ("0806000000", Family.STANDARD),
        ("0809999999", Family.STANDARD),
        ("0810000000", Family.PREMIUM),
        ("0829999999", Family.PREMIUM),
        ("0890000000", Family.PREMIUM),
        ("0899999999", Family.PREMIUM),
        ("3000", Family.FREE_SHORT),
        ("3007", Family.FREE_SHORT),
        ("3009", Family.FREE_SHORT),
        ("3010", Family.FREE_SHORT),
        ("3099", Family.FREE_SHORT),
        ("3169", Family.FREE_SHORT),
        ("3180", Family.FREE_SHORT),
        ("3199", Family.FREE_SHORT),
        ("3200", Family.GENERALIST_SHORT),
        ("3999", Family.GENERALIST_SHORT),
        ("1000", Family.OPERATOR_SHORT),
        ("1099", Family.OPERATOR_SHORT),
        ("116006", Family.SOCIAL),
        ("118218", Family.DIRECTORY),
    ],
)
def test_a_number_has_the_family_of_its_range(digits: str, family: Family) -> None:
    assert family_of(digits) is family
    assert normalise(digits).family is family


@pytest.mark.parametrize("digits", ["116000", "112", "0836650000", "3008", "0123456789", ""])
def test_what_no_service_may_use_has_no_family(digits: str) -> None:
    assert family_of(digits) is None


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        *((number, plan.EmergencyNumber) for number in ("15", "17", "18", "112", "114", "115", "119", "191", "196")),
        ("1 97", plan.EmergencyNumber),
        ("116 000", plan.EmergencyNumber),
        ("116117", plan.EmergencyNumber),
        ("0836650000", plan.ClosedRange),
        ("08 30 00 00 00", plan.ClosedRange),
        ("0840000000", plan.ClosedRange),
        ("0850000000", plan.ClosedRange),
        ("+33 860 00 00 00", plan.ClosedRange),
        ("0870000000", plan.ClosedRange),
        ("0889999999", plan.ClosedRange),
        ("3008", plan.ReservedNumber),
        ("3170", plan.ReservedNumber),
        ("3179", plan.ReservedNumber),
        ("089269123", plan.WrongLength),
        ("08926912345", plan.WrongLength),
        ("+33 3939", plan.WrongLength),
        ("393", plan.WrongLength),
        ("+32 2 555 12 12", plan.ForeignNumber),
        ("0044 20 7946 0000", plan.ForeignNumber),
        ("+262 262 12 34 56", plan.ForeignNumber),
        ("0123456789", plan.NotAServiceNumber),
        ("06 39 98 12 34", plan.NotAServiceNumber),
        ("0977123456", plan.NotAServiceNumber),
        ("1234", plan.NotAServiceNumber),
        ("117000", plan.NotAServiceNumber),
        ("", plan.UnreadableNumber),
        ("- -", plan.UnreadableNumber),
        ("numéro", plan.UnreadableNumber),
        ("0892 69 12 3x", plan.UnreadableNumber),
        ("٠٨٩٢٦٩١٢٣٤", plan.UnreadableNumber),
        ("0892691234 ou 0892691235", plan.UnreadableNumber),
        ("++33892691234", plan.UnreadableNumber),
    ],
)
def test_what_is_no_service_number_is_refused_by_name(written: str, refusal: type[plan.NumberRefused]) -> None:
    with pytest.raises(refusal) as caught:
        normalise(written)
    assert type(caught.value) is refusal
    assert f"« {written} »" in str(caught.value)


@given(st.text())
def test_any_text_is_read_or_refused_by_name(written: str) -> None:
    assert _verdict(written) in {*Family, *(refusal.__name__ for refusal in plan.NumberRefused.__subclasses__())}


@given(
    st.from_regex(r"08[0129][0-9]{7}", fullmatch=True),
    st.sampled_from(["", "+33", "0033", "+33(0)", "33"]),
    st.lists(st.sampled_from(["", " ", "\u202f", ".", "-"]), min_size=10, max_size=10),
)
def test_prefix_and_separators_never_change_the_number(digits: str, prefix: str, gaps: list[str]) -> None:
    national = digits[1:] if prefix else digits
    written = prefix + "".join(digit + gap for digit, gap in zip(national, gaps, strict=False))
    assert normalise(written) == normalise(digits)


@given(st.from_regex(r"(08[0129][0-9]{7}|3[2-9][0-9]{2}|118[0-9]{3})", fullmatch=True))
def test_what_is_displayed_is_read_back(digits: str) -> None:
    assert normalise(display(digits)).digits == digits


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("0892690001", "0 892 69 00 01"),
        ("0800123456", "0 800 12 34 56"),
        ("0123456789", "01 23 45 67 89"),
        ("3939", "39 39"),
        ("118218", "118 218"),
        ("112", "112"),
        ("", ""),
        ("+33892690001", "+33892690001"),
    ],
)
def test_a_number_is_displayed_in_its_groups(digits: str, shown: str) -> None:
    assert display(digits) == shown.replace(" ", "\u202f")


@pytest.mark.parametrize(
    ("family", "price", "unit", "colour", "text"),
    [
        (Family.FREE, 0, Unit.PER_MIN, Colour.GREEN, "Service & appel gratuits"),
        (Family.FREE_SHORT, 0, Unit.PER_MIN, Colour.GREEN, "Service & appel gratuits"),
        (Family.SOCIAL, 0, Unit.PER_MIN, Colour.GREEN, "Service & appel gratuits"),
        (Family.STANDARD, 0, Unit.PER_MIN, Colour.GREY, "Service gratuit + prix appel"),
        (Family.GENERALIST_SHORT, 0, Unit.PER_MIN, Colour.GREY, "Service gratuit + prix appel"),
        (Family.GENERALIST_SHORT, 10_000, Unit.PER_MIN, Colour.PURPLE, "Service 0,01\xa0€/min + prix appel"),
        (Family.PREMIUM, 600_000, Unit.PER_MIN, Colour.PURPLE, "Service 0,60\xa0€/min + prix appel"),
        (Family.PREMIUM, 3_000_000, Unit.PER_CALL, Colour.PURPLE, "Service 3,00\xa0€/appel + prix appel"),
    ],
)
def test_signage_follows_what_the_caller_pays(
    family: Family, price: int, unit: Unit, colour: Colour, text: str
) -> None:
    assert colour_of(family, caller_price_micros=price) is colour
    assert signage(family, caller_price_micros=price, unit=unit) == text


@pytest.mark.parametrize(
    ("family", "price"),
    [
        (Family.FREE, 1),
        (Family.STANDARD, 10_000),
        (Family.SOCIAL, 10_000),
        (Family.PREMIUM, -1),
        (Family.PREMIUM, 605_000),
    ],
)
def test_signage_refuses_a_price_that_cannot_be(family: Family, price: int) -> None:
    with pytest.raises(ValueError):
        signage(family, caller_price_micros=price)


@pytest.mark.parametrize(
    ("digits", "unit", "on", "micros"),
    [
        ("0800123456", Unit.PER_MIN, TODAY, 0),
        ("0809123456", Unit.PER_CALL, TODAY, 0),
        ("0810123456", Unit.PER_MIN, TODAY, 60_000),
        ("0810123456", Unit.PER_CALL, TODAY, 150_000),
        ("0820123456", Unit.PER_MIN, TODAY, 200_000),
        ("0826123456", Unit.PER_CALL, TODAY, 500_000),
        ("0892690001", Unit.PER_MIN, TODAY, 800_000),
        ("0899690001", Unit.PER_CALL, TODAY, 3_000_000),
        ("3939", Unit.PER_MIN, TODAY, 800_000),
        ("3010", Unit.PER_MIN, TODAY, 0),
        ("116006", Unit.PER_MIN, TODAY, 0),
        ("0892690001", Unit.PER_MIN, NEW_PLAN, 800_000),
        ("0892690001", Unit.PER_MIN, date(2015, 9, 30), 450_000),
        ("0893690001", Unit.PER_MIN, date(2012, 5, 1), 750_000),
        ("0820123456", Unit.PER_MIN, date(2012, 5, 1), 120_000),
        ("0898690001", Unit.PER_CALL, date(2012, 5, 1), 1_200_000),
        ("0892690001", Unit.PER_CALL, date(2012, 5, 1), None),
        ("118218", Unit.PER_MIN, TODAY, None),
        ("1014", Unit.PER_MIN, TODAY, None),
        ("0892690001", Unit.PER_MIN, date(2005, 12, 14), None),
    ],
)
def test_the_ceiling_is_the_one_of_the_day(digits: str, unit: Unit, on: date, micros: int | None) -> None:
    row = ceiling_on(CEILINGS, digits, unit=unit, on=on)
    assert (row and row.ceiling_micros) == micros


def test_the_longest_prefix_decides_whatever_the_order() -> None:
    wide = CeilingRow("089", Unit.PER_MIN, 800_000, NEW_PLAN, None, "test", verified=True)
    narrow = replace(wide, prefix="0892", ceiling_micros=400_000)
    for rows in ([wide, narrow], [narrow, wide]):
        assert ceiling_on(rows, "0892690001", unit=Unit.PER_MIN, on=TODAY) == narrow
        assert ceiling_on(rows, "0893690001", unit=Unit.PER_MIN, on=TODAY) == wide


def test_two_ceilings_of_one_range_on_one_day_are_a_fault_of_the_table() -> None:
    row = CeilingRow("089", Unit.PER_MIN, 800_000, NEW_PLAN, None, "test", verified=True)
    with pytest.raises(ValueError, match="two ceilings"):
        ceiling_on([row, row], "0892690001", unit=Unit.PER_MIN, on=TODAY)


def test_shipped_rows_never_overlap_and_name_their_source() -> None:
    for row in CEILINGS:
        same = [r for r in CEILINGS if (r.prefix, r.unit) == (row.prefix, row.unit)]
        assert [r for r in same if r.valid_from <= row.valid_from < (r.valid_until or date.max)] == [row]
        assert row.source


@pytest.mark.skipif(not BLOCKS.exists(), reason="ARCEP's blocks are not beside the project")
def test_every_block_of_the_regulator_is_classified() -> None:
    with BLOCKS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    assert len(rows) == 1728
    for row in rows:
        first, last = row["Tranche_Debut"], row["Tranche_Fin"]
        assert _verdict(first) == _verdict(last), row
        assert _verdict(first) != "NotAServiceNumber", row


def _verdict(digits: str) -> str:
    try:
        return normalise(digits).family.value
    except plan.NumberRefused as refused:
        return type(refused).__name__
