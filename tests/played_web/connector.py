"""A connector whose names are in a table and whose public addresses lead to servers of a test."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from recommendations.capturing.addresses import IPAddress

# Public addresses, of which no packet of a test ever reaches one.
PUBLIC = "93.184.216.34"
PUBLIC_6 = "2606:2800:220:1::1"


@dataclass
class Played:
    """`names` gives what a name resolves to at each look-up, the last one ever after.

    `ports` gives the port on this machine for each that is connected to; what is not in it refuses.
    """

    names: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    ports: Mapping[int, int] = field(default_factory=dict)
    roots: str = ""
    looked_up: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)

    def look_up(self, host: str) -> Sequence[str]:
        self.looked_up.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        answers = self.names[host]
        return answers[min(self.looked_up.count(host), len(answers)) - 1]

    def connect(self, ip: IPAddress, port: int, timeout: float) -> socket.socket:
        self.connected.append((str(ip), port))
        if port not in self.ports:
            raise ConnectionRefusedError
        return socket.create_connection(("127.0.0.1", self.ports[port]), timeout)

    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.roots or None)


def named(*hosts: str, ports: Mapping[int, int] | None = None, roots: str = "") -> Played:
    """Return a web in which these hosts are at one public address."""
    return Played({host: [[PUBLIC]] for host in hosts}, ports or {}, roots)
