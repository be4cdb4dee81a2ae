"""Hosts that editors keep a list of, and which of them an address of the web is on."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit


@lru_cache(maxsize=4_096)
def host_of(address: str) -> str:
    """Return the host of an address as browsers reach it, or nothing where it has none."""
    try:
        host = urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""
    return plain_host(unquote(host))


def plain_host(host: str) -> str:
    """Return the one spelling of a host: small letters, no dot at its end, no wide letters."""
    host = unicodedata.normalize("NFKC", host).strip().strip(".").lower()
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host


@dataclass(frozen=True, slots=True)
class HostList:
    """What each host is listed as. A host covers its subdomains; the nearest entry decides."""

    entries: Mapping[str, str]

    def mark_of(self, address: str) -> str:
        """Return what the host of an address is listed as, or nothing."""
        host = host_of(address)
        while host:
            if host in self.entries:
                return self.entries[host]
            host = host.partition(".")[2]
        return ""
