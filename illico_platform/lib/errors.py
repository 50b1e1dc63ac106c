"""The errors that users read. It owns their shape, not their texts."""

from dataclasses import dataclass


class IllicoError(Exception):
    """Something a person can act on; ``str()`` is one sentence for that person."""


class UnusableInput(IllicoError):
    """The whole input cannot be used; nothing of it was stored. Commands end with exit code 2."""


@dataclass(frozen=True)
class Reject:
    """One input row that was refused, with all that is needed to mend it.

    Args:
        file: name of the file as the user gave it.
        line: 1-based line number, 0 when the fault is the file's as a whole.
        field: the column, rubric or position at fault.
        value: the value found, shortened to 200 characters.
        expected: what would have been accepted.
    """

    file: str
    line: int
    field: str
    value: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.field} is {self.value!r}, expected {self.expected}"
