"""Nothing private can be fetched: each trick is tried on the fetcher itself."""

from __future__ import annotations

import ipaddress
import socket
import ssl

import pytest

from recommendations.capturing.addresses import is_public, target_of
from recommendations.capturing.answers import Fetched, Refusal
from recommendations.capturing.connecting import Internet
from recommendations.capturing.fetching import fetch
from recommendations.capturing.problems import Reason, Refused

from .played_web.connector import PUBLIC, PUBLIC_6, Played, named
from .played_web.server import leads_to, page, serving

pytestmark = pytest.mark.run_once

AGENT = "Tests (+https://tracker.example.org)"
# No address of these is ever looked up or connected to.
REFUSED_AS_WRITTEN = [
    ("", Reason.BAD_ADDRESS),
    ("example.org", Reason.BAD_ADDRESS),
    ("//example.org/", Reason.BAD_ADDRESS),
    ("http:///etc/passwd", Reason.BAD_ADDRESS),
    ("http:example.org", Reason.BAD_ADDRESS),
    ("file:///etc/passwd", Reason.REFUSED_SCHEME),
    ("FILE:///etc/passwd", Reason.REFUSED_SCHEME),
    ("ftp://example.org/", Reason.REFUSED_SCHEME),
    ("gopher://example.org:80/_GET", Reason.REFUSED_SCHEME),
    ("data:text/html,hello", Reason.REFUSED_SCHEME),
    ("javascript:alert(1)", Reason.REFUSED_SCHEME),
    ("view-source:http://example.org/", Reason.REFUSED_SCHEME),
    ("http://user@example.org/", Reason.REFUSED_CREDENTIALS),
    ("http://user:word@example.org/", Reason.REFUSED_CREDENTIALS),
    ("http://example.org:80@127.0.0.1/", Reason.REFUSED_CREDENTIALS),
    ("http://example.org:22/", Reason.REFUSED_PORT),
    ("http://example.org:8080/", Reason.REFUSED_PORT),
    ("http://example.org:0/", Reason.REFUSED_PORT),
    ("http://example.org:65616/", Reason.REFUSED_PORT),
    ("http://example.org:-80/", Reason.REFUSED_PORT),
    ("http://example.org:\uff18\uff10/", Reason.REFUSED_PORT),
    ("http://example.org/\r\nHost: localhost", Reason.BAD_ADDRESS),
    ("http://example.org\r\n/", Reason.BAD_ADDRESS),
    ("http://exa\tmple.org/", Reason.BAD_ADDRESS),
    ("http://example.org/a b", Reason.BAD_ADDRESS),
    ("http://example.org/\0", Reason.BAD_ADDRESS),
    ("http://example.org\\@localhost/", Reason.BAD_ADDRESS),
    ("http:\\\\127.0.0.1/", Reason.BAD_ADDRESS),
    ("http://127.0.0.1%2f.example.org/", Reason.BAD_ADDRESS),
    ("http://%6cocalhost/", Reason.BAD_ADDRESS),
    ("http://exam\u200bple.org/", Reason.BAD_ADDRESS),
    ("http://local\u00adhost/", Reason.BAD_ADDRESS),
    ("http://example.org\uff20127.0.0.1/", Reason.BAD_ADDRESS),
    ("http://\u0661\u0662\u0667.0.0.1/", Reason.BAD_ADDRESS),
    ("http://example.org/\ud800", Reason.BAD_ADDRESS),
    (f"http://example.org/{'a' * 2000}", Reason.BAD_ADDRESS),
    (f"http://{'a' * 64}.example.org/", Reason.BAD_ADDRESS),
    (f"http://{'a.' * 130}example.org/", Reason.BAD_ADDRESS),
    ("http://exa..mple.org/", Reason.BAD_ADDRESS),
    ("http://.example.org/", Reason.BAD_ADDRESS),
    ("http://example.org../", Reason.BAD_ADDRESS),
    ("http://-example.org/", Reason.BAD_ADDRESS),
    ("http://exam;ple.org/", Reason.BAD_ADDRESS),
    ("http://[::1/", Reason.BAD_ADDRESS),
    ("http://[2606:2800:220:1::1]x/", Reason.BAD_ADDRESS),
    ("http://[fe80::1%25eth0]/", Reason.BAD_ADDRESS),
    ("http://[fe80::1%eth0]/", Reason.BAD_ADDRESS),
    ("http://[v1.a]/", Reason.BAD_ADDRESS),
    # Names of a network of one's own.
    ("http://localhost/", Reason.REFUSED_PRIVATE),
    ("http://LOCALHOST./", Reason.REFUSED_PRIVATE),
    ("http://intranet/", Reason.REFUSED_PRIVATE),
    ("http://db.localhost/", Reason.REFUSED_PRIVATE),
    ("http://printer.local/", Reason.REFUSED_PRIVATE),
    ("http://printer.local./", Reason.REFUSED_PRIVATE),
    ("http://metadata.google.internal/", Reason.REFUSED_PRIVATE),
    ("http://router.lan/", Reason.REFUSED_PRIVATE),
    ("http://router.home.arpa/", Reason.REFUSED_PRIVATE),
    ("http://\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54/", Reason.REFUSED_PRIVATE),
    ("http://\u217cocalhost\uff0e/", Reason.REFUSED_PRIVATE),
    ("http://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3/", Reason.REFUSED_PRIVATE),
    # 127.0.0.1 in all its spellings, and others like it.
    ("http://127.0.0.1/", Reason.REFUSED_PRIVATE),
    ("http://127.0.0.1./", Reason.REFUSED_PRIVATE),
    ("http://127.1/", Reason.REFUSED_PRIVATE),
    ("http://127.0.1/", Reason.REFUSED_PRIVATE),
    ("http://2130706433/", Reason.REFUSED_PRIVATE),
    ("http://017700000001/", Reason.REFUSED_PRIVATE),
    ("http://0177.0.0.1/", Reason.REFUSED_PRIVATE),
    ("http://127.0.0.01/", Reason.REFUSED_PRIVATE),
    ("http://0x7f000001/", Reason.REFUSED_PRIVATE),
    ("http://0x7F.0.0.1/", Reason.REFUSED_PRIVATE),
    ("http://127.0.0.0x1/", Reason.REFUSED_PRIVATE),
    ("http://127.0.0.0x/", Reason.REFUSED_PRIVATE),
    ("http://0/", Reason.REFUSED_PRIVATE),
    ("http://127\u30020\u30020\u30021/", Reason.REFUSED_PRIVATE),
    ("http://\uff11\uff12\uff17.0.0.1/", Reason.REFUSED_PRIVATE),
    ("http://\u2460\u2461\u2466.0.0.1/", Reason.REFUSED_PRIVATE),
    # A number of one part is refused even where it would be a public address.
    ("http://1572395042/", Reason.REFUSED_PRIVATE),
    ("http://93.184.216.34.1/", Reason.REFUSED_PRIVATE),
    ("http://999.184.216.34/", Reason.REFUSED_PRIVATE),
]
PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.254",
    "192.0.0.8",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.254",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.216.34",
    "::ffff:0:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::5db8:d822",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::7f00:1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:5db8:d822::1",
    "2606:2800:220:1:0:5efe:7f00:1",
    "2606:2800:220:1:200:5efe:a00:1",
    "2606:2800:220:1:0:5efe:5db8:d822",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


def fetched(address: str, web: Played) -> Fetched | Refusal:
    return fetch(address, agent=AGENT, connector=web)


@pytest.mark.parametrize(("address", "reason"), REFUSED_AS_WRITTEN)
def test_address_is_refused_before_anything_is_looked_up(address: str, reason: Reason) -> None:
    web = named("example.org", "localhost", "intranet", ports={80: 1})
    found = fetched(address, web)
    assert isinstance(found, Refusal)
    assert found.reason == reason
    assert (web.looked_up, web.connected) == ([], [])


@pytest.mark.parametrize("ip", PRIVATE)
def test_private_address_is_refused_however_it_is_reached(ip: str) -> None:
    host = f"[{ip}]" if ":" in ip else ip
    web = Played({"example.org": [[ip]], "two.example.org": [[PUBLIC, ip]]}, {80: 1, 443: 1})
    for address in (f"http://{host}/", "http://example.org/", "https://two.example.org/"):
        found = fetched(address, web)
        assert isinstance(found, Refusal)
        assert found.reason == Reason.REFUSED_PRIVATE, address
    assert web.connected == []


@pytest.mark.parametrize(
    "ip",
    [PUBLIC, PUBLIC_6, "2606:2800:220:1:1:5efe:0:1", "8.8.8.8", "100.63.255.255", "172.32.0.1"],
)
def test_public_address_is_one(ip: str) -> None:
    assert is_public(ipaddress.ip_address(ip))


@pytest.mark.parametrize("ip", PRIVATE)
def test_redirect_to_a_private_address_is_refused(ip: str) -> None:
    host = f"[{ip}]" if ":" in ip else ip
    with serving({"/": leads_to(f"http://{host}/secret")}) as server:
        web = named("example.org", ports={80: server.port})
        found = fetched("http://example.org/", web)
    assert isinstance(found, Refusal)
    assert found.reason == Reason.REFUSED_PRIVATE
    assert web.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("file:///etc/passwd", Reason.REFUSED_SCHEME),
        ("//127.0.0.1/", Reason.REFUSED_PRIVATE),
        ("http://localhost/", Reason.REFUSED_PRIVATE),
        ("http://private.example.org/", Reason.REFUSED_PRIVATE),
        ("http://2130706433/", Reason.REFUSED_PRIVATE),
        ("http://example.org:6379/", Reason.REFUSED_PORT),
        ("http://user:word@example.org/", Reason.REFUSED_CREDENTIALS),
        ("\\\\127.0.0.1\\x", Reason.NOT_FOUND),
        ("http://nobody.example.org/", Reason.NO_SUCH_NAME),
        ("", Reason.UNSUPPORTED),
    ],
)
def test_each_redirect_is_judged_as_the_first_address(place: str, reason: Reason) -> None:
    with serving({"/": leads_to(place)}) as server:
        web = named("example.org", ports={80: server.port})
        web.names = {**web.names, "private.example.org": [["10.0.0.1"]]}
        found = fetched("http://example.org/", web)
    assert isinstance(found, Refusal)
    assert found.reason == reason
    assert {ip for ip, _port in web.connected} == {PUBLIC}


def test_name_that_resolves_otherwise_the_next_time_is_looked_up_once() -> None:
    """What was judged is connected to: there is no second look-up that could be another."""
    with serving(page("Ten bridges.")) as server:
        web = Played({"example.org": [[PUBLIC], ["127.0.0.1"]]}, {80: server.port})
        found = fetched("http://example.org/", web)
        assert isinstance(found, Fetched)
        assert (web.looked_up, web.connected) == (["example.org"], [(PUBLIC, 80)])
        again = fetched("http://example.org/", web)
    assert isinstance(again, Refusal)
    assert again.reason == Reason.REFUSED_PRIVATE
    assert web.connected == [(PUBLIC, 80)]


def test_name_that_is_rebound_before_a_redirect_is_judged_anew() -> None:
    with serving({"/": leads_to("/next")}) as server:
        web = Played({"example.org": [[PUBLIC], ["169.254.169.254"]]}, {80: server.port})
        found = fetched("http://example.org/", web)
    assert isinstance(found, Refusal)
    assert found.reason == Reason.REFUSED_PRIVATE
    assert len(server.asked) == 1


def test_second_address_is_tried_where_the_first_does_not_answer() -> None:
    with serving(page("Ten bridges.")) as server:

        class Halved(Played):
            def connect(self, ip, port, timeout):
                if ip.version == 6:
                    raise ConnectionRefusedError
                return super().connect(ip, port, timeout)

        web = Halved({"example.org": [[PUBLIC_6, PUBLIC]]}, {80: server.port})
        found = fetched("http://example.org/", web)
    assert isinstance(found, Fetched)
    assert found.last.ip == PUBLIC


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("HTTP://EXAMPLE.org.", "http://example.org/"),
        ("https://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
        ("http://example.org:443/", "http://example.org:443/"),
        (" https://example.org/路?q=橋\n", "https://example.org/%E8%B7%AF?q=%E6%A9%8B"),
        ("https://例え.example/", "https://xn--r8jz45g.example/"),
        # Letters of another script that look alike are another name, shown as the one that it is.
        ("http://\u0430pple.example/", "http://xn--pple-43d.example/"),
        ("http://stra\u00dfe.example/", "http://xn--strae-oqa.example/"),
        ("http://[2606:2800:220:1:0:0:0:1]/", "http://[2606:2800:220:1::1]/"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://example.org/{a}|b^", "http://example.org/%7Ba%7D|b%5E"),
    ],
)
def test_address_has_one_spelling(address: str, read: str) -> None:
    assert target_of(address).address == read


def test_no_address_of_any_length_or_kind_raises_anything_else() -> None:
    for code in (*range(0x300), 0x3002, 0xFF0E, 0xFFFD, 0x1F600):
        for form in ("http://exa{}mple.org/", "http://example.org{}/", "http://example.org/{}"):
            try:
                target = target_of(form.format(chr(code)))
            except Refused:
                continue
            assert target.address.isascii() and target.address.isprintable()


def test_names_are_looked_up_as_they_are_and_addresses_connected_to_without_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a service is given instead of the tests' own connector."""
    with serving(page("Ten bridges.")) as server:
        ip = ipaddress.ip_address("127.0.0.1")
        found: list[object] = []

        def look_up(host: object, *rest: object, **more: object) -> list[object]:
            found.append(host)
            return [(0, 0, 0, "", (PUBLIC, 0)), (0, 0, 0, "", (PUBLIC_6, 0, 0, 0))]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        Internet().connect(ip, server.port, 5).close()
        assert found == []
        assert Internet().look_up("example.org") == [PUBLIC, PUBLIC_6]
    # With the dot, no domain of the machine's own network is tried behind the name.
    assert found == ["example.org."]
    context = Internet().tls()
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED
