"""Fetching one page: GET alone, each redirect judged as the first address was.

This runs in the process of `capturing.child`; all others go through `capturing.sandbox`.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPException, HTTPResponse
from urllib.parse import quote, urljoin

from .addresses import Target, target_of
from .answers import Checked, Exchange, Fetched, Fields, Refusal, State
from .bodies import body_of
from .connecting import Clock, Connector, Internet, PinnedConnection
from .limits import CAPTURED, CHECKED, Limits
from .problems import Reason, Refused

REDIRECTS = (301, 302, 303, 307, 308)
PAGES = (200, 203)
DEAD = (Reason.NOT_FOUND, Reason.NO_SUCH_NAME)
REASONS_OF_STATUS = {
    401: Reason.FORBIDDEN, 402: Reason.FORBIDDEN, 403: Reason.FORBIDDEN, 451: Reason.FORBIDDEN,
    404: Reason.NOT_FOUND, 410: Reason.NOT_FOUND, 408: Reason.TIMEOUT, 429: Reason.TOO_MANY,
    204: Reason.EMPTY, 205: Reason.EMPTY, 304: Reason.UNCHANGED,
}  # fmt: skip
ACCEPTED = "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.5"
# Of a Location, beside what a path may have.
KEPT_IN_LOCATION = "%/:?#@!$&'()*+,;=|~[]"


def fetch(
    address: str,
    *,
    agent: str,
    connector: Connector | None = None,
    limits: Limits = CAPTURED,
    method: str = "GET",
    etag: str = "",
) -> Fetched | Refusal:
    """Return the page at an address, or why there is none.

    `agent` is who asks: what the program is, and the address of its site. With the `etag` of the
    answer before, a page that is still the same is none: UNCHANGED.
    """
    return _Fetch(address, agent, connector or Internet(), limits, method, etag).result()


def check(
    address: str, *, agent: str, connector: Connector | None = None, limits: Limits = CHECKED
) -> Checked:
    """Return whether a page is still there, asked for as little of it as will do.

    Many sites answer HEAD in another way than GET, so nothing but a page is believed of it.
    """
    found = fetch(address, agent=agent, connector=connector, limits=limits, method="HEAD")
    if isinstance(found, Refusal) and is_asked_again(found):
        found = fetch(address, agent=agent, connector=connector, limits=limits)
    if isinstance(found, Fetched):
        return Checked(address, "alive", None, found.address, found.status)
    state: State = "dead" if found.reason in DEAD else "unknown"
    return Checked(address, state, found.reason, found.address, found.status)


def is_asked_again(found: Refusal) -> bool:
    """Whether what was said to HEAD may be said to HEAD alone. Who wants us to wait is not."""
    if found.reason is Reason.TOO_MANY:
        return False
    return found.status > 0 or found.reason is Reason.BROKEN


class _Fetch:
    def __init__(
        self,
        address: str,
        agent: str,
        connector: Connector,
        limits: Limits,
        method: str,
        etag: str,
    ) -> None:
        self.asked_for = self.address = address
        self.agent = agent
        self.connector = connector
        self.limits = limits
        self.method = method
        self.etag = etag
        self.clock = Clock(limits)

    def result(self) -> Fetched | Refusal:
        try:
            return Fetched(self.asked_for, tuple(self._followed()))
        except Refused as refused:
            return Refusal(self.asked_for, refused.reason, self.address, refused.status)

    def _followed(self) -> Iterator[Exchange]:
        for _redirect in range(self.limits.redirects + 1):
            target = target_of(self.address)
            self.address = target.address
            exchange = self._exchange(target)
            yield exchange
            if exchange.status not in REDIRECTS:
                return
            self.address = next_address(exchange)
        raise Refused(Reason.TOO_MANY_REDIRECTS)

    def _exchange(self, target: Target) -> Exchange:
        connection = PinnedConnection(target, self.connector, self.clock)
        try:
            return self._asked(target, connection)
        except ssl.SSLError as error:
            raise Refused(Reason.BROKEN if connection.is_secured else Reason.TLS) from error
        except TimeoutError as error:
            raise Refused(Reason.TIMEOUT) from error
        except OSError as error:
            reason = Reason.BROKEN if connection.ip else Reason.NO_CONNECTION
            raise Refused(reason) from error
        except (HTTPException, ValueError) as error:
            # ValueError: what http.client makes of a head that is none.
            raise Refused(Reason.BROKEN) from error
        finally:
            connection.end()

    def _asked(self, target: Target, connection: PinnedConnection) -> Exchange:
        asked = self._fields(target)
        at = datetime.now(UTC)
        connection.putrequest(self.method, target.path, skip_host=True, skip_accept_encoding=True)
        for name, value in asked:
            connection.putheader(name, value)
        connection.endheaders()
        with connection.getresponse() as response:
            return Exchange(
                target.address,
                connection.ip,
                at,
                self.method,
                target.path,
                asked,
                response.status,
                response.reason,
                tuple(response.getheaders()),
                self._body(response),
            )

    def _fields(self, target: Target) -> Fields:
        same = (("If-None-Match", self.etag),) if self.etag else ()
        return (
            ("Host", target.host_header),
            ("User-Agent", self.agent),
            ("Accept", ACCEPTED),
            ("Accept-Encoding", "gzip"),
            ("Connection", "close"),
            *same,
        )

    def _body(self, response: HTTPResponse) -> bytes:
        """Return the body of a page; of an answer that leads on, nothing. Raises Refused."""
        status = response.status
        if status in REDIRECTS or (status in PAGES and self.method == "HEAD"):
            return b""
        if status in PAGES:
            return body_of(response, self.limits)
        if status >= 500:
            raise Refused(Reason.SERVER_ERROR, status=status)
        raise Refused(REASONS_OF_STATUS.get(status, Reason.UNSUPPORTED), status=status)


def next_address(exchange: Exchange) -> str:
    """Return where an answer leads on to. Raises Refused."""
    place = exchange.field("Location").strip()
    if not place:
        raise Refused(Reason.UNSUPPORTED, status=exchange.status)
    try:
        # Heads are read as Latin-1; what many servers send is UTF-8.
        place = quote(place.encode("latin-1"), safe=KEPT_IN_LOCATION)
        return urljoin(exchange.address, place)
    except ValueError as error:
        raise Refused(Reason.BAD_ADDRESS, status=exchange.status) from error
