"""The French monthly social declaration (DSN, norm NEODeS): a file to declarations and payslips."""

from illico_platform.lib.errors import Reject
from illico_platform.lib.sentence import gettext_noop

from .base import PAYROLL_CONNECTORS, DeclarationRecord, PayrollFileRecord, UnusablePayrollFile
from .dsn_pay import read_declaration
from .dsn_tree import Line, build_tree, check_form, read_lines, split_declarations

MONTHLY = "01"


@PAYROLL_CONNECTORS.register
class Dsn:
    """DSN files. Monthly declarations are read; events (sick leave, end of contract, ...) are counted as ignored.

    Gross is the sum of S21.G00.51 lines of type 001 alone, paid hours those of block 53 in unit 10 under type 002.
    Source: norm NEODeS P26V01.
    """

    key = "dsn"
    label = gettext_noop("DSN mensuelle")
    version = "P26V01"
    is_official = True

    def read(self, name: str, data: bytes) -> PayrollFileRecord:
        """All monthly declarations of a file.

        Args:
            name: what errors call the file.
            data: its bytes, ISO-8859-1, lines ended by CRLF or LF.
        Raises:
            UnusablePayrollFile: any fault. A declaration is taken whole or not at all, or gross pay would be wrong.
        """
        lines = read_lines(name, data)
        is_test = _sent_as_test(lines)
        declarations: list[DeclarationRecord] = []
        ignored = 0
        for part in split_declarations(lines):
            check_form(part[0])
            if part[0].value == MONTHLY:
                declarations.append(read_declaration(build_tree(part), is_test=is_test))
            else:
                ignored += 1
        return PayrollFileRecord(tuple(declarations), read=len(lines), ignored=ignored)


def _sent_as_test(lines: list[Line]) -> bool:
    for line in lines:
        if line.rubric == "S10.G00.00.005":
            check_form(line)
            return line.value == "01"
    expected = "01 (test file) or 02 (real file) in the sender's block"
    raise UnusablePayrollFile(Reject(lines[0].file, lines[0].at, "S10.G00.00.005", "", expected))
