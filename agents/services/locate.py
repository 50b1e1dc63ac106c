"""In which country a network address lies, and what is kept of it: a country and a keyed hash, never the address."""

import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import geoip2fast
import maxminddb
from django.conf import settings

from numbers.services.hash_callers import HASH_BYTES, month_keys


@dataclass(frozen=True)
class Network:
    """What is kept of a network address.

    Args:
        country: ISO 3166-1, empty where nobody knows; is_private: the address is of a private network.
        digest: what stands for the address in its month; nothing does once the month's key is destroyed.
    """

    country: str
    is_private: bool
    digest: str


def network_of(address: str, *, day: date) -> Network:
    """What is kept of an address that was seen on a day. Not for the portal's role, which sees no keys.

    The country is told by the operator's own database when one is set, else by the one that comes with us. What is no
    address, or is on no list, is unknown, and unknown is no country.
    """
    return networks_of([(address, day)])[address, day]


def networks_of(seen: Iterable[tuple[str, date]]) -> dict[tuple[str, date], Network]:
    """The same for many at once: each address is looked up once, whatever the days it was seen on."""
    seen = set(seen)
    keys = month_keys({day for _, day in seen})
    places = {address: _place_of(address) for address, _ in seen}
    return {
        (address, day): Network(
            *places[address],
            digest=hmac.digest(keys[day.replace(day=1)], f"network {address}".encode(), "sha256")[:HASH_BYTES].hex(),
        )
        for address, day in seen
    }


def _place_of(address: str) -> tuple[str, bool]:
    """The country, and whether the address is of a private network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "", False
    # Shared address space (RFC 6598) is a carrier's inside: no country either.
    if not parsed.is_global:
        return "", True
    database = settings.COUNTRY_DATABASE
    return _own(database, address) if database else _bundled(address), False


def _bundled(address: str) -> str:
    code = str(_bundled_database().lookup(address).country_code or "")
    return code if len(code) == 2 and code.isalpha() else ""


@cache
def _bundled_database() -> Any:
    file = Path(geoip2fast.__file__).parent / "geoip2fast-ipv6.dat.gz"
    return geoip2fast.GeoIP2Fast(geoip2fast_data_file=str(file))


def _own(path: str, address: str) -> str:
    found = _own_database(path).get(address)
    country = found.get("country") if isinstance(found, dict) else None
    return str(country.get("iso_code", "")) if isinstance(country, dict) else ""


@cache
def _own_database(path: str) -> maxminddb.Reader:
    return maxminddb.open_database(path)
