"""Looking a name up once, and connecting to what was judged.

http.client of the standard library speaks HTTP: it lets its connection be made by us, so that an
address is judged, pinned and given to the socket, while TLS is checked against the name.
"""

from __future__ import annotations

import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from typing import Any, Protocol

from .addresses import IPAddress, Target, refuse_private
from .limits import Limits
from .problems import Reason, Refused


class Connector(Protocol):
    """The way into the net. Judging what names resolve to is not its part, and cannot be."""

    def look_up(self, host: str) -> Sequence[str]:
        """Return all IP addresses of a name. Raises OSError, or Refused."""
        ...

    def connect(self, ip: IPAddress, port: int, timeout: float) -> socket.socket:
        """Return a connection to this very address. Raises OSError."""
        ...

    def tls(self) -> ssl.SSLContext:
        """Return whose certificates are believed. Names are checked."""
        ...


class Internet:
    """The names and the roots of certificates of this machine."""

    def look_up(self, host: str) -> Sequence[str]:
        # With a dot at its end no domain of this network is tried behind the name.
        found = socket.getaddrinfo(f"{host}.", None, type=socket.SOCK_STREAM)
        return [str(entry[4][0]) for entry in found]

    def connect(self, ip: IPAddress, port: int, timeout: float) -> socket.socket:
        family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        try:
            connection.connect((str(ip), port))
        except OSError:
            connection.close()
            raise
        return connection

    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


NOT_THERE = {
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name)
}


def addresses_of(target: Target, connector: Connector) -> list[IPAddress]:
    """Return what a host resolves to, each judged. Raises Refused."""
    if target.ip is not None:
        refuse_private([target.ip])
        return [target.ip]
    try:
        found = connector.look_up(target.host)
    except socket.gaierror as error:
        reason = Reason.NO_SUCH_NAME if error.errno in NOT_THERE else Reason.NO_LOOK_UP
        raise Refused(reason) from error
    except (OSError, UnicodeError) as error:
        raise Refused(Reason.NO_LOOK_UP) from error
    ips = list(dict.fromkeys(ipaddress.ip_address(text) for text in found))
    refuse_private(ips)
    return ips


class Clock:
    """The time that is left, and how many bytes may still come, over all redirects."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.ends = time.monotonic() + limits.wall
        self.received = 0

    def left(self) -> float:
        """Return for how many seconds the next step may be waited. Raises Refused."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise Refused(Reason.TIMEOUT)
        return min(left, self.limits.silence)

    def count(self, received: int) -> None:
        self.received += received
        if self.received > self.limits.sent:
            raise Refused(Reason.TOO_LARGE)


class _Received(io.RawIOBase):
    """What a connection receives. The time is asked before each read, however little comes."""

    def __init__(self, connection: socket.socket, clock: Clock) -> None:
        self.connection = connection
        self.clock = clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.connection.settimeout(self.clock.left())
        received = self.connection.recv_into(buffer)
        self.clock.count(received)
        return received


class _Timed:
    """As much of a socket as http.client asks for."""

    def __init__(self, connection: socket.socket, clock: Clock) -> None:
        self.connection = connection
        self.clock = clock

    def sendall(self, data: bytes) -> None:
        self.connection.settimeout(self.clock.left())
        self.connection.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Received(self.connection, self.clock))

    def close(self) -> None:
        """Leave it open: http.client closes it before the answer is read. `end` closes it."""


class PinnedConnection(HTTPConnection):
    """A connection to one of the judged addresses of a target, and to nothing else."""

    def __init__(self, target: Target, connector: Connector, clock: Clock) -> None:
        super().__init__(target.host, target.port)
        self.target = target
        self.connector = connector
        self.clock = clock
        self.ip = ""
        self.is_secured = False
        self.opened: socket.socket | None = None

    def connect(self) -> None:
        """Raises Refused, ssl.SSLError, or another OSError."""
        problem: OSError = ConnectionError("no address")
        for ip in addresses_of(self.target, self.connector):
            try:
                connection = self.connector.connect(ip, self.target.port, self.clock.left())
            except OSError as error:
                problem = error
                continue
            self.ip = str(ip)
            self.opened = connection
            self.sock = _Timed(self._secured(connection), self.clock)
            return
        raise problem

    def end(self) -> None:
        self.close()
        if self.opened:
            self.opened.close()

    def _secured(self, connection: socket.socket) -> socket.socket:
        if self.target.is_tls:
            # Of the whole handshake, however many reads it takes.
            connection.settimeout(self.clock.left())
            host = self.target.host
            self.opened = self.connector.tls().wrap_socket(connection, server_hostname=host)
        self.is_secured = True
        return self.opened or connection
