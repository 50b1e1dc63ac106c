"""Lay INSEE's list of communes: codes, names, postal codes, and what became of the communes that were merged."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.db import connection, transaction

from agents.models import Commune
from agents.rules.commune import search_form
from illico_platform.frames import copy_in
from illico_platform.lib.errors import Reject, UnusableInput
from numbers.connectors.base import shown
from numbers.services.locks import lock_in_transaction

# The columns of the two files, after those of the « découpage administratif » that Etalab makes of INSEE's list.
PRESENT = ("code_insee", "nom", "type", "zone", "code_departement", "codes_postaux", "commune_mere")
FORMER = ("code_insee", "nom", "type", "chef_lieu_actuel", "code_departement")
# Of any place that INSEE numbers, an uninhabited island too; whether somebody may work there is asked elsewhere.
_CODE = re.compile(r"\d[0-9AB]\d{3}")
_KINDS = {
    "commune": Commune.Kind.COMMUNE,
    "arrondissement": Commune.Kind.DISTRICT,
    "commune-deleguee": Commune.Kind.FORMER,
    "commune-associee": Commune.Kind.FORMER,
}


@dataclass(frozen=True)
class CommunesLoaded:
    """What loading did: codes in the files, codes that are new, changed, and no longer listed."""

    read: int
    added: int
    changed: int
    withdrawn: int


def load_communes(paths: Sequence[Path], *, names: Sequence[str] = ()) -> CommunesLoaded:
    """Make the list what the files say; a kind of commune that no file holds stays as it is. Again changes nothing.

    Args:
        names: what the files are called in messages; their own names when empty.
    Raises:
        UnusableInput: a file cannot be read, lacks a column, or has a row that cannot be used; nothing is stored.
    """
    found: dict[str, tuple[object, ...]] = {}
    kinds: set[str] = set()
    for path, name in zip(paths, names or [path.name for path in paths], strict=True):
        for line, row in _rows(path, name):
            made = _commune(name, line, row)
            kinds.add(str(made[2]))
            # A present commune may bear the code of a former one that it took over: the present one counts.
            if found.get(str(made[0]), made)[2] == Commune.Kind.FORMER or made[2] != Commune.Kind.FORMER:
                found[str(made[0])] = made
    if not found:
        raise UnusableInput("no commune in these files, expected INSEE's list")
    with transaction.atomic():
        lock_in_transaction("communes", 0)
        listed = set(
            Commune.objects.exclude(kind=Commune.Kind.FORMER).filter(is_listed=True).values_list("code", flat=True)
        )
        if kinds == {Commune.Kind.FORMER}:
            found = {code: row for code, row in found.items() if code not in listed}
        _refuse_orphans(found, listed)
        return _store(list(found.values()), kinds)


def _rows(path: Path, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = set(reader.fieldnames or ())
            missing = [
                column for column in (FORMER if "chef_lieu_actuel" in columns else PRESENT) if column not in columns
            ]
            if missing:
                raise UnusableInput(f"{name}, line 1 has no {', '.join(missing)}, expected {','.join(PRESENT)}")
            for row in reader:
                yield reader.line_num, {key: (value or "").strip() for key, value in row.items() if key}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnusableInput(f"{name} cannot be read: {error}") from error


def _commune(name: str, line: int, row: dict[str, str]) -> tuple[object, ...]:
    """code, name, kind, zone, department, parent, postal codes, search name."""
    kind = _KINDS.get(row["type"])
    postal = row.get("codes_postaux", "").split("|") if row.get("codes_postaux") else []
    parent = row.get("chef_lieu_actuel") or row.get("commune_mere") or ""
    zones = ["", *Commune.Zone.values]
    for field, is_good, expected in (
        ("code_insee", bool(_CODE.fullmatch(row["code_insee"])), "a code of five signs"),
        ("nom", 0 < len(row["nom"]) <= 80, "a name of at most 80 letters"),
        ("type", kind is not None, " or ".join(_KINDS)),
        ("zone", row.get("zone", "") in zones, "metro, drom or com"),
        ("codes_postaux", all(len(code) == 5 and code.isdigit() for code in postal), "postal codes joined by |"),
        ("chef_lieu_actuel", kind != Commune.Kind.FORMER or bool(parent), "the code of the present commune"),
    ):
        if not is_good:
            raise UnusableInput(str(Reject(name, line, field, shown(row.get(field, "")), expected)))
    search = search_form(row["nom"])[:80]
    return row["code_insee"], row["nom"], kind, row.get("zone", ""), row["code_departement"], parent, postal, search


def _refuse_orphans(found: dict[str, tuple[object, ...]], listed: set[str]) -> None:
    present = {code for code, row in found.items() if row[2] != Commune.Kind.FORMER} | listed
    orphans = [code for code, row in found.items() if row[5] and row[5] not in present]
    if orphans:
        raise UnusableInput(f"{orphans[0]} belongs to {found[orphans[0]][5]}, which no file lists; nothing was stored")


_COLUMNS = ("code", "name", "kind", "zone", "department", "parent", "postal_codes", "search_name")


def _store(rows: Iterable[tuple[object, ...]], kinds: set[str]) -> CommunesLoaded:
    frame = pl.DataFrame(
        [(*row[:6], "{" + ",".join(row[6]) + "}", row[7]) for row in rows],  # type: ignore[arg-type]
        schema=dict.fromkeys(_COLUMNS, pl.String),
        orient="row",
    ).with_columns(is_listed=pl.lit(True))
    names = ", ".join((*_COLUMNS, "is_listed"))
    assignments = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*_COLUMNS[1:], "is_listed"))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE listed ON COMMIT DROP AS SELECT {names} FROM agents_commune LIMIT 0")
        copy_in("listed", frame)
        cursor.execute(
            f"""INSERT INTO agents_commune AS c ({names}) SELECT {names} FROM listed ORDER BY code
                ON CONFLICT (code) DO UPDATE SET {assignments}
                WHERE ({", ".join(f"c.{name}" for name in (*_COLUMNS[1:], "is_listed"))})
                      IS DISTINCT FROM ({", ".join(f"EXCLUDED.{name}" for name in (*_COLUMNS[1:], "is_listed"))})
                RETURNING (xmax = 0)"""
        )
        written = [is_new for (is_new,) in cursor.fetchall()]
        cursor.execute(
            "UPDATE agents_commune c SET is_listed = false WHERE c.is_listed AND c.kind = ANY(%s)"
            " AND NOT EXISTS (SELECT FROM listed l WHERE l.code = c.code)",
            [sorted(kinds)],
        )
        withdrawn = cursor.rowcount
        cursor.execute("DROP TABLE listed")
    return CommunesLoaded(frame.height, sum(written), len(written) - sum(written), withdrawn)
