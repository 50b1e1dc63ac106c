"""Documents told by their first bytes, whatever their name says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers.rules.papers import MOST_BYTES, PaperUnusable, paper_type

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.4\n%", "application/pdf"),
        (b"%PDF-2.0", "application/pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\xff\xd8\xff\xe1\x00\x10Exif", "image/jpeg"),
        (PNG + b"\x00\x00\x00\rIHDR", "image/png"),
    ],
)
def test_what_is_accepted(head: bytes, kind: str) -> None:
    assert paper_type(head, size=len(head)) == kind
    assert paper_type(head, size=MOST_BYTES) == kind


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"MZ\x90\x00", "ni un PDF"),  # a program
        (b"PK\x03\x04", "ni un PDF"),  # a zip, and so a text of an office suite
        (b"<html>", "ni un PDF"),
        (b"<svg onload=", "ni un PDF"),
        (b"\x00\x00\x00\x18ftypheic", "ni un PDF"),  # a telephone's own picture format
        (b"GIF89a", "ni un PDF"),
        (b" %PDF-1.4", "ni un PDF"),
        (b"%PD", "ni un PDF"),
        (PNG[:7], "ni un PDF"),
    ],
)
def test_what_is_refused(head: bytes, words: str) -> None:
    with pytest.raises(PaperUnusable, match=words):
        paper_type(head, size=1000)


def test_an_empty_file_and_one_too_heavy_are_told_apart() -> None:
    with pytest.raises(PaperUnusable, match="vide"):
        paper_type(b"", size=0)
    with pytest.raises(PaperUnusable, match="10 Mo"):
        paper_type(b"%PDF-1.4", size=MOST_BYTES + 1)


@given(st.binary(max_size=16), st.integers(0, 2 * MOST_BYTES))
def test_nothing_else_is_let_through(head: bytes, size: int) -> None:
    known = head.startswith((b"%PDF-", b"\xff\xd8\xff", PNG))
    if known and 0 < size <= MOST_BYTES:
        assert paper_type(head, size=size).split("/")[0] in ("application", "image")
    else:
        with pytest.raises(PaperUnusable):
            paper_type(head, size=size)
