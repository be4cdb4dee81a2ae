"""Whose request it is cannot be made up, however many entries a client writes itself."""

import pytest
from django.test import RequestFactory

from alliance.client_address import client_address, client_network

PROXY, CLIENT = "10.0.0.1", "198.51.100.7"


def request(forwarded: str | None = None, *, remote: str = PROXY):
    extra = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=remote, **extra)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, PROXY),
        (0, CLIENT, PROXY),
        (1, CLIENT, CLIENT),
        (1, f"203.0.113.9, {CLIENT}", CLIENT),
        (1, f"203.0.113.9,,unknown, {CLIENT} ", CLIENT),
        (2, f"{CLIENT}, 10.0.0.2", CLIENT),
        (2, f"203.0.113.9, {CLIENT}, 10.0.0.2", CLIENT),
        # Fewer entries than proxies: this did not come through all of them.
        (2, "203.0.113.9", PROXY),
        (1, None, PROXY),
        (1, "", PROXY),
        # What our own proxy could not name.
        (1, "203.0.113.9, unknown", PROXY),
        (1, "<script>", PROXY),
        (1, f"{CLIENT}:4711", CLIENT),
        (1, "[2001:db8::7]:4711", "2001:db8::7"),
        (1, "[2001:db8::7]", "2001:db8::7"),
        (1, "2001:DB8:0::7", "2001:db8::7"),
        (1, f"::ffff:{CLIENT}", CLIENT),
        (1, "fe80::1%eth0", "fe80::1"),
    ],
)
def test_only_entries_of_our_own_proxies_are_believed(settings, proxies, forwarded, expected):
    settings.NUM_PROXIES = proxies
    assert client_address(request(forwarded)) == expected


def test_a_socket_without_an_address_is_unknown():
    assert client_address(request(remote="")) == "unknown"
    assert client_network(request(remote="")) == "unknown"


def test_addresses_of_one_ipv6_network_count_as_one():
    one, other = request(remote="2001:db8:1:2::7"), request(remote="2001:db8:1:2:ffff::1")
    assert client_network(one) == client_network(other) == "2001:db8:1:2::/64"
    assert client_network(request(remote="2001:db8:1:3::7")) != client_network(one)


def test_an_ipv4_address_counts_for_itself():
    assert client_network(request(remote=CLIENT)) == CLIENT
