"""Which addresses may be fetched: those of the public web, and no spelling of any other.

An address is read once, by one reader: what is judged is what is connected to. Whatever two
programs could read in two ways is refused.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

import idna

from recommendations.text.web_addresses import KEPT, LONGEST, SCHEMES, USUAL_PORTS

from .problems import Reason, Refused

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# What browsers and libraries take for a slash, a border or a letter, each in its own way.
AMBIGUOUS = re.compile(r"[\s\\<>\"]")
BRACKETED = re.compile(r"\[[0-9A-Fa-f:.]+\](?::\d*)?")
NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
LONGEST_NAME = 253
# A last part that some resolvers read as a number: 127.1, 0x7f000001, 017700000001.
NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Names that are by rule or custom of a private network. example.internal, printer.local
PRIVATE_NAMES = (
    "local", "localhost", "localdomain", "internal", "intranet", "private", "lan", "home", "corp",
    "home.arpa", "onion",
)  # fmt: skip
# RFC 6890 and its successors: all that is not a unicast address of the public internet.
NOT_PUBLIC_4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
# Everything else of IPv6 is mapped, compatible, NAT64, unique local, site-local or multicast.
PUBLIC_6 = ipaddress.IPv6Network("2000::/3")
# Of these the first has Teredo, and 2002::/16 is 6to4; the others are for documentation.
NOT_PUBLIC_6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
# ISATAP, RFC 5214: under any prefix the last 64 bits are 0:5efe and an IPv4 address, or 200:5efe.
ISATAP, ISATAP_BITS = 0x0000_5EFE, 0xFDFF_FFFF


@dataclass(frozen=True, slots=True)
class Target:
    """Where an address leads: `host` is a name in ASCII, or an IP address without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_tls(self) -> bool:
        return self.scheme == "https"

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.is_tls else 80
        return host if self.port == usual else f"{host}:{self.port}"

    @property
    def address(self) -> str:
        return f"{self.scheme}://{self.host_header}{self.path}"

    @property
    def ip(self) -> IPAddress | None:
        """The address itself where the host is no name."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None


def target_of(address: str) -> Target:
    """Return where an address leads. Raises Refused for one that is not fetched.

    Nothing is looked up: what a name resolves to is judged by `refuse_private`.
    """
    address = address.strip(" \t\r\n")
    if len(address) > LONGEST or not address.isprintable() or AMBIGUOUS.search(address):
        raise Refused(Reason.BAD_ADDRESS)
    parts = _parts(address)
    host = _host(parts)
    try:
        port = parts.port
    except ValueError as error:
        raise Refused(Reason.REFUSED_PORT) from error
    if port is None:
        # "example.org:" has none either.
        port = 443 if parts.scheme == "https" else 80
    if port not in USUAL_PORTS:
        raise Refused(Reason.REFUSED_PORT)
    path = quote(parts.path or "/", safe=KEPT)
    query = f"?{quote(parts.query, safe=KEPT)}" if parts.query else ""
    return Target(parts.scheme, host, port, f"{path}{query}")


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise Refused(Reason.BAD_ADDRESS) from error
    if not parts.scheme:
        raise Refused(Reason.BAD_ADDRESS)
    if parts.scheme not in SCHEMES:
        raise Refused(Reason.REFUSED_SCHEME)
    if "@" in parts.netloc:
        raise Refused(Reason.REFUSED_CREDENTIALS)
    if not parts.netloc or "%" in parts.netloc:
        raise Refused(Reason.BAD_ADDRESS)
    return parts


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if parts.netloc.startswith("["):
        if not BRACKETED.fullmatch(parts.netloc):
            raise Refused(Reason.BAD_ADDRESS)
        try:
            ip: IPAddress = ipaddress.IPv6Address(host)
        except ValueError as error:
            raise Refused(Reason.BAD_ADDRESS) from error
        refuse_private([ip])
        return str(ip)
    host = _in_ascii(host).removesuffix(".")
    if len(host) > LONGEST_NAME or not NAME.fullmatch(host):
        raise Refused(Reason.BAD_ADDRESS)
    if NUMERIC.fullmatch(host.rpartition(".")[2]):
        return _number(host)
    if "." not in host or any(f".{host}".endswith(f".{name}") for name in PRIVATE_NAMES):
        raise Refused(Reason.REFUSED_PRIVATE)
    return host


def _in_ascii(host: str) -> str:
    """Return a name as it is looked up, as browsers fold it: wide letters, small ones, Punycode."""
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError as error:
        raise Refused(Reason.BAD_ADDRESS) from error


def _number(host: str) -> str:
    """Take the four decimal numbers of an IPv4 address, and no other way to write one."""
    try:
        ip = ipaddress.IPv4Address(host)
    except ValueError as error:
        raise Refused(Reason.REFUSED_PRIVATE) from error
    refuse_private([ip])
    return str(ip)


def is_public(ip: IPAddress) -> bool:
    """Whether an address is a unicast one of the public internet, and carries no other inside."""
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in NOT_PUBLIC_4)
    if ip.scope_id is not None or ip not in PUBLIC_6:
        return False
    if int(ip) >> 32 & ISATAP_BITS == ISATAP:
        return False
    return not any(ip in network for network in NOT_PUBLIC_6)


def refuse_private(ips: Sequence[IPAddress]) -> None:
    """Raise Refused if any of the addresses of a name is not public, or if there is none."""
    if not ips:
        raise Refused(Reason.NO_SUCH_NAME)
    if not all(map(is_public, ips)):
        raise Refused(Reason.REFUSED_PRIVATE)
