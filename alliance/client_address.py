"""From where a request comes, behind as many proxies of ours as NUM_PROXIES says."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"
# Some proxies add the port: 192.0.2.7:4711 or [2001:db8::7]:4711.
WITH_PORT = re.compile(r"\[(?P<v6>[^\]]*)\](?::\d+)?|(?P<v4>[\d.]+):\d+")
# What a household or an office gets of IPv6: whoever holds it can use any address in it.
IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """Return the address of the client, or "unknown".

    Each proxy adds the address that it was called from at the end of X-Forwarded-For, so that
    only so many entries at the end can be believed; what stands before them, anybody may write.
    """
    remote = _read(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    believed = None
    if 0 < settings.NUM_PROXIES <= len(forwarded):
        believed = _read(forwarded[-settings.NUM_PROXIES])
    return str(believed or remote or UNKNOWN)


def client_network(request: HttpRequest) -> str:
    """Return what throttles count by: an IPv4 address, or the network of an IPv6 address."""
    address = client_address(request)
    if ":" not in address:
        return address
    return str(ip_network((address, IPV6_PREFIX), strict=False))


def _read(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()
    if match := WITH_PORT.fullmatch(text):
        text = match["v6"] or match["v4"] or ""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
