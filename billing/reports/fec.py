"""The FEC: the operator's books of one fiscal year, as the tax office wants them (LPF L. 47 A-I and A. 47 A-1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from billing.reports.base import REPORTS, Column, CsvFormat, Report, Scope, padded

# What people write and ISO-8859-15 lacks, where compatibility decomposition gives nothing or something else.
_NEAREST = {
    **dict.fromkeys("‘’‚‛′´ʼ`", "'"),
    **dict.fromkeys("“”„‟″¨", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u2028\u2029", " "),
    "⁄": "/",
    "•": "-",
    "¤": "",
    "¦": " ",
    "¸": ",",
}
_CHARSET = "iso-8859-15"
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
# Inside a text: control signs, the other separator, and the non-breaking space that the tester turns into a space.
_BLANK = {*range(0x20), ord("|"), *range(0x7F, 0xA1)} - {ord("\t"), ord("\n")}
_TO_BLANKS = bytes(ord(" ") if byte in _BLANK else byte for byte in range(256))


def nearest(text: str) -> str:
    """The nearest text that ISO-8859-15 can hold; ``?`` for what has no likeness there.

    >>> nearest("l’œuvre d’Ștefan … ½ €")
    "l'œuvre d'Stefan ... 1/2 €"
    """
    return _encode(text).decode(_CHARSET)


def _encode(text: str) -> bytes:
    # Whole texts at once: an error handler is called for every sign met, and doubles the time of a large file.
    while True:
        try:
            return text.encode(_CHARSET)
        except UnicodeEncodeError as error:
            sign = text[error.start]
            text = text.replace(sign, _nearest_sign(sign))


def _nearest_sign(sign: str) -> str:
    if sign in _NEAREST:
        return _NEAREST[sign]
    parts = (part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    plain = "".join(_NEAREST.get(part, part) for part in parts)
    try:
        plain.encode(_CHARSET)
    except UnicodeEncodeError:
        return "?"
    return plain


class FecFormat(CsvFormat):
    """Tab, CRLF, ISO-8859-15, no quotes: no text may hold a separator, so each becomes a blank."""

    extension = "txt"
    charset = _CHARSET
    copy_options = "FORMAT text, NULL ''"

    def header(self, names: Sequence[str]) -> bytes:
        return ("\t".join(names) + "\r\n").encode()

    def text(self, sql: str) -> str:
        return sql  # the tax office reads the file, not a spreadsheet: its texts stay as they are

    def encode(self, rows: bytes) -> bytes:
        r"""Whole rows of COPY's text format as the FEC wants them.

        >>> FecFormat().encode(b"VE\ta\\tb|c\\\\d\n")
        b'VE\ta b c\\d\r\n'
        """
        if b"\\" in rows:
            rows = _ESCAPE.sub(lambda found: b"\\" if found[1] == b"\\" else b" ", rows)
        if not rows.isascii():
            rows = _encode(rows.decode())
        return rows.translate(_TO_BLANKS).replace(b"\n", b"\r\n")


def _filled(sql: str, otherwise: str) -> str:
    """A compulsory text is never blank: the tester refuses the whole file."""
    return f"coalesce(nullif(btrim({sql}, E' |\\t\\n\\v\\f\\r\\u00a0'), ''), {otherwise})"


@REPORTS.register
class Fec(Report):
    """One row per line of a sealed entry, in the order in which entries were validated. Amounts: decimal comma.

    An entry is validated when its journal's chain reaches it: on its own booking day, or the latest booking day
    before it in the chain. So the days never go back, and a journal's numbers follow each other in the file.
    Source: arrêté du 29 juillet 2013, articles A. 47 A-1 VII to IX of the LPF.
    """

    key = "fec"
    label = "Fichier des écritures comptables (FEC)"
    version = "2013-07-29"
    formats = {"txt": FecFormat()}
    parameters = ("from", "to")
    is_yearly = True
    sealed_only = True
    columns = (
        Column("JournalCode", "e.journal_id", is_text=True),
        Column("JournalLib", _filled("j.label", "e.journal_id"), is_text=True),
        Column("EcritureNum", "e.code"),
        Column("EcritureDate", "e.effective"),
        Column("CompteNum", "l.account_id"),
        Column("CompteLib", _filled("a.label", "l.account_id"), is_text=True),
        Column("CompAuxNum", "CASE WHEN left(l.account_id, 3) = '467' THEN c.siren END"),
        Column("CompAuxLib", "CASE WHEN left(l.account_id, 3) = '467' THEN c.name END", is_text=True),
        Column("PieceRef", "e.piece", is_text=True),
        Column("PieceDate", "e.piece_date"),
        Column("EcritureLib", "e.label", is_text=True),
        Column("Debit", "replace(l.debit::text, '.', ',')"),
        Column("Credit", "replace(l.credit::text, '.', ',')"),
        Column("EcritureLet", "NULL"),
        Column("DateLet", "NULL"),
        Column("ValidDate", "e.validated"),
        Column("Montantdevise", "NULL"),
        Column("Idevise", "NULL"),
    )
    # What is said of an entry is worked out once per entry, not once per line, and entries are put in order before
    # their lines are fetched: sorting a million whole lines on disk takes as long as writing them.
    rows = f"""
        FROM (SELECT v.*, to_char(validated_on, 'YYYYMMDD') AS validated
                FROM (SELECT id, journal_id, number, effective_on, journal_id || {padded("number")} AS code,
                             to_char(effective_on, 'YYYYMMDD') AS effective,
                             to_char(coalesce(subject_day, effective_on), 'YYYYMMDD') AS piece_date,
                             {_filled("piece_ref", "source_key")} AS piece, {_filled("label", "source_key")} AS label,
                             max((booked_at AT TIME ZONE 'Europe/Paris')::date)
                                 OVER (PARTITION BY journal_id, year ORDER BY number) AS validated_on
                        FROM billing_entry
                       WHERE hash IS NOT NULL AND year = extract(year FROM %(until)s::date)::int) v
               WHERE effective_on BETWEEN %(since)s AND %(until)s
               ORDER BY validated_on, journal_id, number) e
        JOIN billing_line l ON l.entry_id = e.id
        JOIN billing_journal j ON j.code = e.journal_id
        JOIN billing_account a ON a.code = l.account_id
        LEFT JOIN numbers_company c ON c.id = l.company_id
        ORDER BY e.validated_on, e.journal_id, e.number, l.position"""

    def file_name(self, scope: Scope, *, operator_siren: str, extension: str) -> str:
        """SIREN, FEC and the last day of the fiscal year, which is the calendar year."""
        return f"{operator_siren}FEC{scope.until.year}1231.{extension}"
