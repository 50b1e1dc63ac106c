"""In which country a network address lies, and what is kept of it: a country and a keyed hash, never the address."""

import ipaddress
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import geoip2fast
import maxminddb
from django.conf import settings

from numbers.services.hash_callers import hash_caller, month_keys


@dataclass(frozen=True)
class Located:
    """The ISO 3166-1 code of the country, empty where nobody knows; whether the address is of a private network."""

    country: str = ""
    is_private: bool = False


def locate(address: str) -> Located:
    """Where an address lies, by the operator's own database when one is set, else by the one that comes with us.

    What is no address, or is on no list, is unknown, and unknown is no country.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return Located()
    # Shared address space (RFC 6598) is a carrier's inside: no country either.
    if not parsed.is_global:
        return Located(is_private=True)
    database = settings.COUNTRY_DATABASE
    return Located(country=_own(database, address) if database else _bundled(address))


def address_hash(address: str, *, day: date) -> str:
    """What stands for an address in the month of a day; nothing does once the month's key is destroyed."""
    return hash_caller(address, key=month_keys([day])[day.replace(day=1)]).hex()


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
