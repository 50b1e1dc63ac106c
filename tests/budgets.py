"""The committed number of queries per page: no page may ask more, nor more of them with more rows."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

FILE = Path(__file__).resolve().parent / "query_counts.json"


def count_queries(client: Client, addresses: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Queries of each named address, opened once before: what a process asks once does not count."""
    counts = {}
    for name, address in sorted(addresses):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
            b"".join(page)  # a file is read to its end
        assert page.status_code == 200, (address, page.status_code)
        counts[name] = len(queries)
    return counts


def hold_budgets(section: str, counts: dict[str, int]) -> None:
    """Compare pages with their section of the file; ``WRITE_QUERY_COUNTS=1`` writes it anew."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    if os.environ.get("WRITE_QUERY_COUNTS"):
        kept[section] = counts
        FILE.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unlike = set(kept[section]) ^ set(counts)
    assert not unlike, unlike
    over = {name: (kept[section][name], count) for name, count in counts.items() if count > kept[section][name]}
    assert not over, over


def hold_growth(few: dict[str, int], many: dict[str, int]) -> None:
    """No page asks more with many rows than with few."""
    grown = {name: (few[name], many[name]) for name in few if many[name] > few[name]}
    assert not grown, grown
