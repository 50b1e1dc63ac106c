"""People who read pages: threads that keep a connection, ask for one page after another and think in between."""

import gzip
import http.client
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

TIMEOUT_S = 30


@dataclass(frozen=True)
class Visit:
    """One page as it was answered: its name, status, milliseconds until the last byte, bytes on the wire and after."""

    page: str
    status: int
    ms: float
    wire: int
    size: int


@dataclass(frozen=True)
class Reader:
    """One person: what their browser sends, and the addresses of the pages they open, by name."""

    cookie: str
    addresses: dict[str, str]


def read_pages(port: int, readers: Sequence[Reader], *, think_s: float, warm_s: float, seconds: float) -> list[Visit]:
    """What all readers saw at the same time; each opens their pages in turn, in an order of their own.

    Args:
        think_s: pause between an answer and the next question.
        warm_s: how long they read before visits count.
        seconds: how long visits count.
    """
    start = time.perf_counter()
    with ThreadPoolExecutor(len(readers)) as pool:
        runs = [
            pool.submit(_read, port, reader, rank, think_s, start + warm_s, start + warm_s + seconds)
            for rank, reader in enumerate(readers)
        ]
        return [visit for run in runs for visit in run.result()]


def fetch(connection: http.client.HTTPConnection, reader: Reader, page: str) -> Visit:
    """Open one page; a connection that the site closed for being idle is opened again, as browsers do."""
    started = time.perf_counter()
    try:
        answer = _ask(connection, reader, page)
    except (ConnectionError, http.client.RemoteDisconnected):
        connection.close()
        answer = _ask(connection, reader, page)
    body = answer.read()
    ms = (time.perf_counter() - started) * 1000
    zipped = answer.headers.get("Content-Encoding") == "gzip"
    return Visit(page, answer.status, ms, len(body), len(gzip.decompress(body)) if zipped else len(body))


def _ask(connection: http.client.HTTPConnection, reader: Reader, page: str) -> http.client.HTTPResponse:
    connection.request(
        "GET",
        reader.addresses[page],
        headers={"Cookie": reader.cookie, "Accept-Encoding": "gzip", "Accept-Language": "fr"},
    )
    return connection.getresponse()


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed.

    >>> percentile([5, 1, 4, 2, 3], 0.5), percentile(range(1, 101), 0.95)
    (3, 95)
    """
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def _read(port: int, reader: Reader, rank: int, think_s: float, count_from: float, until: float) -> list[Visit]:
    drawn = random.Random(rank)  # noqa: S311 - an order, not a secret
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    time.sleep(think_s * drawn.random())
    seen: list[Visit] = []
    while time.perf_counter() < until:
        for page in drawn.sample(sorted(reader.addresses), len(reader.addresses)):
            counts = count_from <= time.perf_counter() < until
            visit = fetch(connection, reader, page)
            if counts:
                seen.append(visit)
            time.sleep(think_s)
            if time.perf_counter() >= until:
                break
    connection.close()
    return seen
