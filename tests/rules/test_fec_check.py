"""Is this file a FEC: the samples and their verdicts, then each rule with the line and field it names."""

import csv
from pathlib import Path

import pytest

from billing.rules.fec_check import FecVerdict, check_fec
from billing.rules.fec_fields import EIGHTEEN

SAMPLES = Path(__file__).resolve().parents[1] / "golden" / "fec_check"
GOOD_NAME = "999999006FEC20261231.txt"
LINE = ["VE", "Ventes", "VE000001", "20260131", "411", "Clients", "", "", "P1", "20260131", "Appels"]
REST = ["", "", "20260131", "", ""]


def expected_verdicts() -> list[tuple[str, str]]:
    with (SAMPLES / "expected_verdicts.csv").open() as file:
        return [(row["file"], row["verdict"]) for row in csv.DictReader(file)]


def presented_as(file: str) -> str:
    """The samples of other defects are handed in under a right name; the wrong name has its own sample."""
    return file if "FEC" in file else GOOD_NAME


def fec(*rows: list[str], header: list[str] | None = None, sep: str = "\t", end: str = "\r\n") -> bytes:
    lines = [header if header is not None else list(EIGHTEEN), *rows]
    return "".join(sep.join(line) + end for line in lines).encode()


def line(debit: str, credit: str, **changes: str) -> list[str]:
    values = dict(zip(EIGHTEEN, [*LINE, debit, credit, *REST], strict=True)) | changes
    return list(values.values())


def check(*rows: list[str], **options: object) -> FecVerdict:
    return check_fec(fec(*rows, **options), file_name=GOOD_NAME)  # type: ignore[arg-type]


def faults(result: FecVerdict) -> set[tuple[str, int, str]]:
    return {(fault.level.value, fault.line, fault.field) for fault in result.faults}


GOOD = (line("10,00", "0,00"), line("0,00", "10,00", CompteNum="706"))


@pytest.mark.parametrize(("file", "verdict"), expected_verdicts())
def test_each_sample_gets_its_verdict(file: str, verdict: str) -> None:
    result = check_fec((SAMPLES / file).read_bytes(), file_name=presented_as(file))
    assert result.verdict.value == verdict, [str(fault) for fault in result.faults]
    assert (verdict == "accept") == (not result.faults)


def test_every_sample_is_expected_and_no_other() -> None:
    on_disk = {path.name for path in SAMPLES.iterdir()} - {"expected_verdicts.csv"}
    assert on_disk == {file for file, _ in expected_verdicts()}


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("999999006FEC20261231.txt", "accept"),
        ("999999006FEC20261231", "accept"),
        ("999999006FEC20261231_1.txt", "accept"),
        ("FEC20261231.txt", "reject"),
        ("999999006FEC20261331.txt", "reject"),
        ("99999900FEC20261231.txt", "reject"),
        ("٩٩٩٩٩٩٠٠٦FEC20261231.txt", "reject"),
    ],
)
def test_the_name_is_siren_fec_and_closing_day(name: str, verdict: str) -> None:
    assert check_fec(fec(*GOOD), file_name=name).verdict.value == verdict


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("sep", ["\t", "|"])
def test_any_line_end_and_both_separators_are_taken(sep: str, end: str) -> None:
    assert check(*GOOD, sep=sep, end=end).verdict.value == "accept"


def test_names_are_compared_without_case() -> None:
    assert check(*GOOD, header=[name.upper() for name in EIGHTEEN]).verdict.value == "accept"


@pytest.mark.parametrize(
    ("amount", "level"),
    [
        ("10,00", None),
        ("+10,00", None),
        ("10,00+", None),
        ("10", None),
        ("1,0e1", None),
        ("10,00-", "warn"),
        ("-10,00", "warn"),
        ("10.00", "reject"),
        ("1 0,00", "reject"),
        ("1\u00a00,00", "reject"),
        ("-10,00-", "reject"),
        ("dix", "reject"),
        ("1e999999999", "reject"),
        ("١٠,00", "reject"),
    ],
)
def test_how_an_amount_is_written(amount: str, level: str | None) -> None:
    other = "-10,00" if level == "warn" else "10,00"
    result = check(line(amount, ""), line("", other))
    at_debit = {
        (fault.level.value, fault.value) for fault in result.faults if (fault.line, fault.field) == (2, "Debit")
    }
    assert at_debit == (set() if level is None else {(level, amount.replace("\u00a0", " "))})


@pytest.mark.parametrize(
    ("day", "level"),
    [
        ("20280229", None),
        ("2026-01-31", "warn"),
        ("31/01/2026", "warn"),
        ("31012026", "warn"),
        ("18991231", "warn"),
        ("21000101", "warn"),
        ("20260229", "reject"),
        ("2026-02-30", "reject"),
        ("hier", "reject"),
        ("", "reject"),
    ],
)
def test_how_a_day_is_written(day: str, level: str | None) -> None:
    result = check(line("10,00", "0,00", EcritureDate=day), GOOD[1])
    assert faults(result) == (set() if level is None else {(level, 2, "EcritureDate")})


def test_an_entry_that_does_not_balance_is_refused_at_its_first_line() -> None:
    result = check(*GOOD, line("5,00", "0", EcritureNum="VE000002"), line("0", "4,99", EcritureNum="VE000002"))
    assert [str(fault) for fault in result.faults] == [
        "999999006FEC20261231.txt, line 4: Debit, Credit is 'debit 5.00, credit 4.99',"
        " expected entry VE000002 of journal VE balanced"
    ]


def test_an_entry_with_an_unreadable_amount_is_blamed_for_the_amount_only() -> None:
    assert faults(check(line("10.00", "0"), line("0", "10,00"))) == {("reject", 2, "Debit")}


def test_a_number_that_goes_back_is_reported() -> None:
    result = check(*GOOD, *(line(*sides, EcritureNum="VE000000") for sides in (("1", "0"), ("0", "1"))))
    assert faults(result) == {("warn", 4, "EcritureNum")}


def test_journals_count_apart_and_lines_of_one_entry_share_their_number() -> None:
    other = {"JournalCode": "OD", "EcritureNum": "OD000007"}
    assert not check(*GOOD, line("1", "0", **other), line("0", "1", **other)).faults


def test_a_number_without_digits_is_not_a_sequence() -> None:
    assert not check(*(line(*sides, EcritureNum="AN") for sides in (("1", "0"), ("0", "1")))).faults


@pytest.mark.parametrize("sides", [("D", "C"), ("+1", "-1")])
def test_montant_and_sens_stand_for_debit_and_credit(sides: tuple[str, str]) -> None:
    header = [{"Debit": "Montant", "Credit": "Sens"}.get(name, name) for name in EIGHTEEN]
    assert not check(*(line("10,00", side) for side in sides), header=header).faults
    assert faults(check(line("10,00", "X"), header=header)) == {("reject", 2, "Sens")}
    assert ("reject", 2, "Montant") in faults(check(line("10.00", "D"), header=header))


def test_fields_of_cash_basis_books_may_follow() -> None:
    header = [*EIGHTEEN, "DateRglt", "ModeRglt", "NatOp"]
    assert not check(*([*row, "20260131", "CB", ""] for row in GOOD), header=header).faults
    assert faults(check(*([*row, "demain", "CB", ""] for row in GOOD), header=header)) == {
        ("reject", 2, "DateRglt"),
        ("reject", 3, "DateRglt"),
    }


@pytest.mark.parametrize(
    ("data", "line_at_fault", "field_at_fault"),
    [
        (b"", 1, "header"),
        (b"JournalCode\r\n", 1, "header"),
        (fec(), 1, "file"),
        (fec(*GOOD, header=list(EIGHTEEN)[:17]), 1, "header"),
        (fec(*GOOD, header=[*EIGHTEEN, "DateRglt", "ModeRglt", "NatOp", "IdClient", "Plus"]), 1, "field 23"),
        (fec(*GOOD).replace(b"EcritureLib", b"Ecriture|Lib"), 1, "header"),
        (fec(*GOOD, line("1,00", "", EcritureLib="a|b", EcritureNum="VE000002")), 4, "line"),
        (fec(*GOOD, GOOD[0][:17]), 4, "line"),
    ],
)
def test_a_file_that_cannot_be_a_fec_says_where(data: bytes, line_at_fault: int, field_at_fault: str) -> None:
    result = check_fec(data, file_name=GOOD_NAME)
    assert result.verdict.value == "reject"
    assert ("reject", line_at_fault, field_at_fault) in faults(result)


def test_one_trailing_separator_is_reported_on_its_line() -> None:
    assert faults(check(GOOD[0], [*GOOD[1], ""])) == {("warn", 3, "line")}


def test_windows_characters_in_a_one_byte_file_are_reported() -> None:
    data = fec(*GOOD).replace(b"Appels", b"L\x92appel \xe9mis", 1)
    assert faults(check_fec(data, file_name=GOOD_NAME)) == {("warn", 2, "encoding")}


def test_a_file_wrong_on_every_line_keeps_the_first_thousand_faults() -> None:
    result = check(*[["VE"]] * 1_500)
    assert (len(result.faults), result.lines) == (1_000, 1_500)
