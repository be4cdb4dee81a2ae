"""What comes of a page: whole, within limits, or a reason by name."""

from __future__ import annotations

import gzip
import hashlib
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from recommendations.capturing.answers import Checked, Fetched, Refusal
from recommendations.capturing.fetching import check, fetch
from recommendations.capturing.limits import CAPTURED, MEGABYTE, Limits
from recommendations.capturing.problems import Reason

from .played_web.certificates import certificate
from .played_web.connector import PUBLIC, Played, named
from .played_web.server import (
    UNENDING,
    Answer,
    bomb,
    dripping,
    huge,
    leads_to,
    page,
    serving,
)

pytestmark = pytest.mark.run_once

AGENT = "Tests (+https://tracker.example.org)"
QUICK = Limits(wall=1, silence=0.5, sent=MEGABYTE, size=MEGABYTE)


def got(answer: Answer, *, limits: Limits = CAPTURED) -> Fetched | Refusal:
    with serving(answer) as server:
        web = named("example.org", ports={80: server.port})
        return fetch("http://example.org/", agent=AGENT, connector=web, limits=limits)


def reason_of(answer: Answer, *, limits: Limits = CAPTURED) -> Reason:
    found = got(answer, limits=limits)
    assert isinstance(found, Refusal)
    return found.reason


def test_page_is_fetched_with_its_status_heads_and_digest() -> None:
    found = got(page("Ten bridges.", Last_Modified="Mon, 02 Feb 2026 10:00:00 GMT"))
    assert isinstance(found, Fetched)
    assert (found.status, found.body, found.address) == (
        200,
        b"Ten bridges.",
        "http://example.org/",
    )
    assert found.last.field("last-modified") == "Mon, 02 Feb 2026 10:00:00 GMT"
    assert found.media_type == "text/html"
    assert found.sha256 == hashlib.sha256(b"Ten bridges.").hexdigest()
    assert found.last.ip == PUBLIC


def test_only_an_honest_question_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with serving({"/a": leads_to("/b"), "/b": page("Here.", Set_Cookie="a=b")}) as server:
        web = named("example.org", ports={80: server.port})
        fetch("http://example.org/a", agent=AGENT, connector=web)
        fetch("http://example.org/b", agent=AGENT, connector=web)
    assert len(server.asked) == 3
    for question in server.asked:
        lines = question.decode().split("\r\n")
        assert lines[0].startswith("GET /")
        names = {line.partition(":")[0] for line in lines[1:] if line}
        assert names == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
        assert f"User-Agent: {AGENT}" in lines
        assert "Host: example.org" in lines


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("404 Not Found", Reason.NOT_FOUND),
        ("410 Gone", Reason.NOT_FOUND),
        ("401 Unauthorized", Reason.FORBIDDEN),
        ("403 Forbidden", Reason.FORBIDDEN),
        ("429 Too Many Requests", Reason.TOO_MANY),
        ("500 Internal Server Error", Reason.SERVER_ERROR),
        ("503 Service Unavailable", Reason.SERVER_ERROR),
        ("204 No Content", Reason.EMPTY),
        ("206 Partial Content", Reason.UNSUPPORTED),
        ("302 Found", Reason.UNSUPPORTED),
        ("418 I'm a teapot", Reason.UNSUPPORTED),
    ],
)
def test_other_status_is_a_reason(status: str, reason: Reason) -> None:
    found = got(page("", status=status))
    assert isinstance(found, Refusal)
    assert (found.reason, found.status) == (reason, int(status[:3]))


def test_five_redirects_are_followed_and_six_are_not() -> None:
    places = {f"/{n}": leads_to(f"/{n + 1}", "301 Moved Permanently") for n in range(6)}
    with serving({**places, "/6": page("At last.")}) as server:
        web = named("example.org", ports={80: server.port})
        five = fetch("http://example.org/1", agent=AGENT, connector=web)
        six = fetch("http://example.org/0", agent=AGENT, connector=web)
    assert isinstance(five, Fetched)
    assert [one.status for one in five.exchanges] == [301] * 5 + [200]
    assert (five.asked_for, five.address) == ("http://example.org/1", "http://example.org/6")
    assert isinstance(six, Refusal)
    assert six.reason == Reason.TOO_MANY_REDIRECTS


def test_redirect_that_leads_to_itself_ends() -> None:
    with serving({"/": leads_to("/")}) as server:
        web = named("example.org", ports={80: server.port})
        found = fetch("http://example.org/", agent=AGENT, connector=web)
    assert isinstance(found, Refusal)
    assert found.reason == Reason.TOO_MANY_REDIRECTS
    assert len(server.asked) == 6


def test_redirect_with_letters_of_its_own_is_followed() -> None:
    with serving({"/": leads_to("/路 1"), "/%E8%B7%AF%201": page("Here.")}) as server:
        web = named("example.org", ports={80: server.port})
        found = fetch("http://example.org/", agent=AGENT, connector=web)
    assert isinstance(found, Fetched)
    assert found.address == "http://example.org/%E8%B7%AF%201"


# Time ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        dripping(UNENDING),
        dripping(b"HTTP/1.1 200 OK\r\nX: "),
        dripping(b""),
        dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\n", every=5),
    ],
    ids=["body", "head", "first line", "chunks", "silence"],
)
def test_tarpit_ends(answer: Answer) -> None:
    # None of them ever ends by itself.
    assert reason_of(answer, limits=QUICK) == Reason.TIMEOUT


def test_slow_redirects_share_one_time() -> None:
    def slow() -> list[bytes]:
        time.sleep(0.4)
        return [leads_to("/")]

    assert reason_of(slow, limits=QUICK) == Reason.TIMEOUT


# Size ------------------------------------------------------------------------------------------


def test_page_of_200_megabytes_ends_at_the_limit() -> None:
    assert reason_of(huge(200)) == Reason.TOO_LARGE


def test_page_that_says_its_size_is_not_read_at_all() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 209715200\r\n\r\n"
    assert reason_of(head) == Reason.TOO_LARGE


def test_page_of_the_largest_size_is_fetched() -> None:
    body = b"x" * MEGABYTE
    exact = Limits(sent=2 * MEGABYTE, size=MEGABYTE)
    found = got(page(body), limits=exact)
    assert isinstance(found, Fetched)
    assert found.body == body
    assert reason_of(page(body + b"x"), limits=exact) == Reason.TOO_LARGE


def test_bomb_of_gzip_ends_at_the_limit() -> None:
    assert reason_of(bomb(40)) == Reason.TOO_LARGE


def test_many_small_bombs_in_one_file_end_at_the_limit() -> None:
    member = gzip.compress(b"\0" * 100_000)
    assert reason_of(page(member * 300, Content_Encoding="gzip")) == Reason.TOO_LARGE


def test_heads_without_an_end_are_refused() -> None:
    def heads() -> list[bytes]:
        return [b"HTTP/1.1 200 OK\r\n", *(b"X-%d: y\r\n" % n for n in range(100_000))]

    def line() -> list[bytes]:
        return [b"HTTP/1.1 200 OK\r\nX: ", b"y" * 1_000_000]

    def informed() -> list[bytes]:
        return [b"HTTP/1.1 100 Continue\r\n\r\n"] * 100_000

    assert reason_of(heads) == Reason.BROKEN
    assert reason_of(line) == Reason.BROKEN
    assert reason_of(informed, limits=Limits(sent=MEGABYTE)) == Reason.TOO_LARGE


# What is broken --------------------------------------------------------------------------------


def test_gzip_is_undone() -> None:
    whole = gzip.compress(b"Ten ") + gzip.compress(b"bridges.")
    found = got(page(whole, Content_Encoding="gzip"))
    padded = got(page(whole + b"\0" * 100, Content_Encoding="x-gzip"))
    assert isinstance(found, Fetched) and isinstance(padded, Fetched)
    assert found.body == padded.body == b"Ten bridges."


def test_long_runs_of_gzip_come_out_whole() -> None:
    body = b"a" * 3_000_001
    found = got(page(gzip.compress(body), Content_Encoding="gzip"))
    assert isinstance(found, Fetched)
    assert found.body == body


def test_chunks_are_joined() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    found = got(head + b"4\r\nTen \r\n8\r\nbridges.\r\n0\r\n\r\n")
    assert isinstance(found, Fetched)
    assert found.body == b"Ten bridges."


BROKEN: dict[str, bytes] = {
    "chunk of no size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nTen\r\n",
    "chunk that breaks off": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nTen",
    "chunks without an end": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nTen\r\n",
    "less than was said": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nTen",
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "nothing": b"",
    "no status": b"HTTP/1.1 abc OK\r\n\r\n",
    "gzip that is none": page(b"Ten bridges.", Content_Encoding="gzip"),
    "gzip that breaks off": page(gzip.compress(b"Ten bridges.")[:-9], Content_Encoding="gzip"),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_broken_answer_is_no_page(answer: bytes) -> None:
    assert reason_of(answer) == Reason.BROKEN


def test_more_than_was_said_is_not_read() -> None:
    found = got(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nTen bridges.")
    assert isinstance(found, Fetched)
    assert found.body == b"Ten"


def test_compression_that_nobody_asked_for_is_unsupported() -> None:
    body = zlib.compress(b"Ten bridges.")
    assert reason_of(page(body, Content_Encoding="deflate")) == Reason.UNSUPPORTED
    assert reason_of(page(body, Content_Encoding="gzip, gzip")) == Reason.UNSUPPORTED


def test_page_without_a_byte_is_empty_and_zeros_are_bytes() -> None:
    assert reason_of(page("")) == Reason.EMPTY
    found = got(page(b"Ten\0bridges"))
    assert isinstance(found, Fetched)
    assert found.body == b"Ten\0bridges"


def test_site_that_takes_no_connection_is_named_as_such() -> None:
    found = fetch("http://example.org/", agent=AGENT, connector=named("example.org"))
    assert isinstance(found, Refusal)
    assert found.reason == Reason.NO_CONNECTION


# TLS -------------------------------------------------------------------------------------------


def tls_reason(tmp_path: Path, host: str, *, names: tuple[str, ...], days: int = 1) -> str:
    made = certificate(tmp_path, *names, days=days)
    with serving(page("Ten bridges."), context=made.context) as server:
        web = named(host, ports={443: server.port}, roots=made.pem)
        found = fetch(f"https://{host}/", agent=AGENT, connector=web)
    return found.reason if isinstance(found, Refusal) else "fetched"


def test_certificate_is_checked_against_the_name(tmp_path: Path) -> None:
    assert tls_reason(tmp_path, "example.org", names=("example.org",)) == "fetched"
    assert tls_reason(tmp_path, "example.org", names=("example.net",)) == Reason.TLS
    assert tls_reason(tmp_path, "example.org", names=("example.org",), days=-1) == Reason.TLS


def test_certificate_of_nobody_known_is_refused(tmp_path: Path) -> None:
    shown = certificate(tmp_path, "example.org")
    known = certificate(tmp_path, "example.net")
    with serving(page("Ten bridges."), context=shown.context) as server:
        web = named("example.org", ports={443: server.port}, roots=known.pem)
        found = fetch("https://example.org/", agent=AGENT, connector=web)
    assert isinstance(found, Refusal)
    assert found.reason == Reason.TLS
    assert server.asked == []


def test_server_is_told_the_name_and_connected_to_by_its_address(tmp_path: Path) -> None:
    made = certificate(tmp_path, "example.org")
    told: list[str | None] = []
    made.context.sni_callback = lambda _socket, name, _context: told.append(name)
    with serving(page("Ten bridges."), context=made.context) as server:
        web = named("example.org", ports={443: server.port}, roots=made.pem)
        fetch("https://example.org/", agent=AGENT, connector=web)
    assert told == ["example.org"]
    assert (web.looked_up, web.connected) == (["example.org"], [(PUBLIC, 443)])


def test_plain_server_where_tls_is_asked_is_a_tls_fault() -> None:
    with serving(page("Ten bridges.")) as server:
        web = named("example.org", ports={443: server.port})
        quick = Limits(wall=2, silence=1)
        found = fetch("https://example.org/", agent=AGENT, connector=web, limits=quick)
    assert isinstance(found, Refusal)
    assert found.reason in (Reason.TLS, Reason.TIMEOUT)


# Dead links ------------------------------------------------------------------------------------


def checked(answers: dict[str, Answer] | Callable[[], list[bytes]] | bytes) -> Checked:
    with serving(answers) as server:
        web = named("example.org", ports={80: server.port})
        return check("http://example.org/", agent=AGENT, connector=web)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("200 OK", "alive"),
        ("404 Not Found", "dead"),
        ("410 Gone", "dead"),
        ("401 Unauthorized", "unknown"),
        ("403 Forbidden", "unknown"),
        ("429 Too Many Requests", "unknown"),
        ("500 Internal Server Error", "unknown"),
        ("503 Service Unavailable", "unknown"),
    ],
)
def test_link_is_judged_by_what_the_site_says(status: str, state: str) -> None:
    found = checked(page("Ten bridges.", status=status))
    assert (found.state, found.status) == (state, int(status[:3]))


def test_link_without_a_site_is_dead_and_one_without_an_answer_is_not() -> None:
    nobody = check("http://example.org/", agent=AGENT, connector=Played())
    assert (nobody.state, nobody.reason) == ("dead", Reason.NO_SUCH_NAME)
    silent = check("http://example.org/", agent=AGENT, connector=named("example.org"))
    assert (silent.state, silent.reason) == ("unknown", Reason.NO_CONNECTION)
    private = check("http://10.0.0.1/", agent=AGENT, connector=Played())
    assert (private.state, private.reason) == ("unknown", Reason.REFUSED_PRIVATE)


@pytest.mark.parametrize("refusal", [page("", status="405 No"), page("", status="404 No"), b""])
def test_what_a_site_says_to_head_alone_is_not_believed(refusal: bytes) -> None:
    if refusal == b"":
        refusal = b"SSH"
    assert checked({"HEAD /": refusal, "/": page("Here.")}).state == "alive"


def test_link_to_a_large_page_is_alive_after_its_first_lines() -> None:
    found = checked({"HEAD /": page("", status="405 No"), "/": huge(200)})
    assert (found.state, found.reason) == ("alive", None)


def test_link_is_asked_for_once_where_head_is_answered() -> None:
    with serving(page("")) as server:
        web = named("example.org", ports={80: server.port})
        check("http://example.org/", agent=AGENT, connector=web)
    assert [question.split()[0] for question in server.asked] == [b"HEAD"]
