"""Lines of a DSN to blocks: encoding, line form, totals, the implicit tree, the form of each rubric that pay needs.

It knows nothing of what a rubric is worth. Source: NEODeS norm P26V01, structure and data types. No error shows the
content of a rubric that may hold a NIR, a name or an IBAN: only rubrics listed in ``FORMS`` are ever quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from illico_platform.lib.errors import Reject

from .base import UnusablePayrollFile

LONGEST_LINE = 256
LINE = re.compile(r"(S\d\d\.G\d\d\.\d\d)\.(\d{3}),'(.*)'")  # greedy: apostrophes inside are not escaped
DECLARATION, TOTAL = "S20.G00.05", "S90.G00.90"
BOM = b"\xef\xbb\xbf"

PARENTS = {
    DECLARATION: "",
    "S21.G00.06": DECLARATION,
    "S21.G00.11": "S21.G00.06",
    "S21.G00.30": "S21.G00.11",
    "S21.G00.40": "S21.G00.30",
    "S21.G00.50": "S21.G00.30",
    "S21.G00.51": "S21.G00.50",
    "S21.G00.52": "S21.G00.50",
    "S21.G00.53": "S21.G00.51",
    "S21.G00.78": "S21.G00.50",
    "S21.G00.81": "S21.G00.78",
    "S21.G00.85": DECLARATION,
}

_AMOUNT = (re.compile(r"-?\d{1,15}\.\d{2}"), "a number with a decimal point and two decimals, like 2000.00")
_DATE = (re.compile(r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d\d"), "a date written JJMMAAAA")
_TEXT_30 = (re.compile(r".{0,30}"), "at most 30 characters")
FORMS = {
    "S10.G00.00.005": (re.compile("0[12]"), "01 (test file) or 02 (real file)"),
    "S20.G00.05.001": (re.compile("01|04|05|07|08|09|10"), "a nature of declaration: 01, 04, 05, 07, 08, 09 or 10"),
    "S20.G00.05.002": (re.compile("0[1-5]"), "a type of declaration: 01, 02, 03, 04 or 05"),
    "S20.G00.05.003": (re.compile("[1-9]{2}"), "a fraction in two digits, 11 for 1 of 1"),
    "S20.G00.05.004": (re.compile(r"0|[1-9]\d{0,17}"), "an order number, digits alone"),
    "S20.G00.05.005": (re.compile(r"01(0[1-9]|1[0-2])20\d\d"), "the first day of a month, written 01MMAAAA"),
    "S20.G00.05.006": (re.compile(r"\d{8}(0|[1-9]\d{0,17})"), "JJMMAAAA and the order number of what is replaced"),
    # Two partial declarations of one month would replace each other, and francs are not cents: better refused.
    "S20.G00.05.008": (re.compile("01"), "01 (whole declaration); partial ones are not supported"),
    "S20.G00.05.010": (re.compile("01"), "01 (euro)"),
    "S21.G00.06.001": (re.compile(r"\d{9}"), "a SIREN of 9 digits"),
    "S21.G00.11.001": (re.compile(r"\d{5}"), "a NIC of 5 digits"),
    "S21.G00.40.001": _DATE,
    "S21.G00.50.004": _AMOUNT,
    "S21.G00.51.001": _DATE,
    "S21.G00.51.002": _DATE,
    "S21.G00.51.011": (re.compile(r"\d{3}"), "a type of pay in three digits"),
    "S21.G00.51.012": _AMOUNT,
    "S21.G00.51.013": _AMOUNT,
    "S21.G00.52.002": _AMOUNT,
    "S21.G00.53.001": (re.compile(r"\d\d"), "a type of activity in two digits"),
    "S21.G00.53.002": _AMOUNT,
    "S21.G00.53.003": (re.compile(r"\d\d"), "a unit in two digits"),
    "S21.G00.78.001": (re.compile(r"\d\d"), "a code in two digits"),
    "S21.G00.81.001": (re.compile(r"\d{3}"), "a code in three digits"),
    "S21.G00.81.004": _AMOUNT,
    "S21.G00.85.001": _TEXT_30,
    "S21.G00.85.011": (re.compile(r"[0-9A-Z]{5}"), "an INSEE commune code of 5 characters"),
    "S90.G00.90.001": (re.compile(r"\d{1,12}"), "a number of rubrics"),
    "S90.G00.90.002": (re.compile(r"\d{1,12}"), "a number of declarations"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One rubric: ``block`` S21.G00.51, ``number`` 013, and where it stands."""

    file: str
    at: int
    block: str
    number: str
    value: str

    @property
    def rubric(self) -> str:
        return f"{self.block}.{self.number}"

    def refusal(self, expected: str) -> UnusablePayrollFile:
        """The error for this rubric; only for rubrics whose value may be shown."""
        return UnusablePayrollFile(Reject(self.file, self.at, self.rubric, self.value[:200], expected))


@dataclass
class Block:
    """A block and those below it. ``first`` is its first rubric."""

    first: Line
    lines: dict[str, Line] = field(default_factory=dict)
    below: list[Block] = field(default_factory=list)

    def text(self, number: str) -> str:
        """The value of a rubric of this block, empty when it is absent."""
        line = self.lines.get(number)
        return line.value.strip() if line else ""

    def required(self, number: str, expected: str) -> str:
        """The value of a rubric without which the block says nothing."""
        if value := self.text(number):
            return value
        reject = Reject(self.first.file, self.first.at, f"{self.first.block}.{number}", "", expected)
        raise UnusablePayrollFile(reject)

    def of(self, code: str) -> Iterator[Block]:
        """The blocks of that code directly below, in the order of the file."""
        return (block for block in self.below if block.first.block == code)


def read_lines(name: str, data: bytes) -> list[Line]:
    """All rubrics of a file, after its encoding, the form of each line and the totals were checked."""
    _check_encoding(name, data)
    raw = data.split(b"\n")
    if raw[-1].strip() == b"":
        raw.pop()
    lines = [_line(name, at, bytes_) for at, bytes_ in enumerate(raw, start=1)]
    _check_totals(name, lines)
    return lines


def split_declarations(lines: Iterable[Line]) -> list[list[Line]]:
    """The rubrics of each declaration, from its S20.G00.05.001 on; the sender's and the totals are left out."""
    parts: list[list[Line]] = []
    for line in lines:
        if line.block == DECLARATION and line.number == "001":
            parts.append([])
        if parts and line.block != TOTAL:
            parts[-1].append(line)
        elif line.block in PARENTS:
            raise _refused(line.file, line.at, line.rubric, "", f"{DECLARATION}.001 before it")
    return parts


def build_tree(lines: list[Line]) -> Block:
    """The blocks of one declaration, below the declaration's own.

    A block begins when its first rubric, or a lower number, comes again. Blocks that pay does not need are passed over.
    """
    open_blocks: dict[str, Block] = {}
    root, previous = Block(lines[0]), lines[0]
    current: Block | None = None
    for line in lines:
        if line.block in PARENTS:
            check_form(line)
            if current is None or line.block != previous.block or line.number <= previous.number:
                current = _open(line, open_blocks)
                root = current if line.block == DECLARATION else root
            current.lines[line.number] = line
        previous = line
    return root


def check_form(line: Line) -> None:
    """Refuse a rubric whose value has not the form that the norm gives it."""
    form = FORMS.get(line.rubric)
    if form and not form[0].fullmatch(line.value):
        raise line.refusal(form[1])


def _open(line: Line, open_blocks: dict[str, Block]) -> Block:
    block, parent = Block(line), PARENTS[line.block]
    if parent:
        if parent not in open_blocks:
            reject = Reject(line.file, line.at, line.rubric, "", f"a block {parent} before it")
            raise UnusablePayrollFile(reject)
        open_blocks[parent].below.append(block)
    for code in [code for code in open_blocks if line.block in _ancestors(code)]:
        del open_blocks[code]
    open_blocks[line.block] = block
    return block


def _ancestors(code: str) -> Iterator[str]:
    while code := PARENTS[code]:
        yield code


def _line(name: str, at: int, raw: bytes) -> Line:
    text = raw.removesuffix(b"\r").decode("iso-8859-1")
    if len(text) > LONGEST_LINE:
        raise _refused(name, at, _shown(text), f"{len(text)} characters", f"at most {LONGEST_LINE} characters")
    found = LINE.fullmatch(text)
    if not found:
        raise _refused(name, at, "rubric", _shown(text), "a line like S21.G00.51.013,'2000.00'")
    return Line(name, at, *found.groups())


def _shown(text: str) -> str:
    # A broken line may hold a NIR or an IBAN anywhere: the rubric is shown, digits of anything else are not.
    return text[:14] if re.match(r"S\d\d\.G\d\d\.\d\d\.\d{3}", text) else re.sub(r"\d", "#", text[:14])


def _check_encoding(name: str, data: bytes) -> None:
    if not data.strip():
        raise _refused(name, 0, "file", "empty", "a DSN, from S10.G00.00.001 to S90.G00.90.002")
    if data.startswith(BOM):
        raise _refused(name, 1, "S10.G00.00.001", "UTF-8 byte order mark", "ISO-8859-1 without a byte order mark")
    if data.isascii():
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return
    at, text = next((at, raw) for at, raw in enumerate(data.split(b"\n"), start=1) if not raw.isascii())
    raise _refused(name, at, _shown(text.decode("iso-8859-1")), "UTF-8 characters", "ISO-8859-1")


def _check_totals(name: str, lines: list[Line]) -> None:
    last = lines[-1]
    if [line.rubric for line in lines[-2:]] != [f"{TOTAL}.001", f"{TOTAL}.002"]:
        expected = "the totals S90.G00.90.001 and 002 as the last two lines: the file seems to be cut"
        raise _refused(name, last.at, "S90.G00.90.001", "", expected)
    declarations = sum(line.rubric == f"{DECLARATION}.001" for line in lines)
    for line, counted, what in ((lines[-2], len(lines), "rubrics"), (last, declarations, "declarations")):
        check_form(line)
        if int(line.value) != counted:
            raise line.refusal(f"{counted}, the number of {what} in the file")


def _refused(name: str, at: int, field_: str, value: str, expected: str) -> UnusablePayrollFile:
    return UnusablePayrollFile(Reject(name, at, field_, value, expected))
