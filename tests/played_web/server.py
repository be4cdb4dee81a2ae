"""Servers that answer with the very bytes that a test says, and then some."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Answer = bytes | Callable[[], Iterable[bytes]]


@dataclass
class Served:
    """Where a server is, and the questions that it was asked, as they came."""

    port: int
    asked: list[bytes] = field(default_factory=list)


@contextmanager
def serving(
    answers: Mapping[str, Answer] | Answer, *, context: ssl.SSLContext | None = None
) -> Iterator[Served]:
    """Answer each connection by the path that it asks for, "HEAD /path" before "/path"."""
    listener = socket.create_server(("127.0.0.1", 0))
    served = Served(listener.getsockname()[1])

    def answer(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if context:
                connection = context.wrap_socket(connection, server_side=True)
            connection.settimeout(10)
            question = b""
            while b"\r\n\r\n" not in question:
                piece = connection.recv(4096)
                if not piece:
                    return
                question += piece
            served.asked.append(question)
            for piece in _pieces(answers, question):
                connection.sendall(piece)
            with suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1)
            connection.close()

    def accept() -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield served
    finally:
        listener.close()


def _pieces(answers: Mapping[str, Answer] | Answer, question: bytes) -> Iterable[bytes]:
    method, path, _version = question.decode("latin-1").split("\r\n")[0].split(" ")
    found = answers
    if isinstance(found, Mapping):
        found = found.get(f"{method} {path}") or found.get(path) or NOT_FOUND
    return [found] if isinstance(found, bytes) else found()


def page(
    body: bytes | str,
    *,
    kind: str = "text/html; charset=utf-8",
    status: str = "200 OK",
    **fields: str,
) -> bytes:
    body = body.encode() if isinstance(body, str) else body
    head = {"Content-Type": kind, "Content-Length": str(len(body))}
    head |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def leads_to(place: str, status: str = "302 Found") -> bytes:
    return f"HTTP/1.1 {status}\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()


NOT_FOUND = page("Nothing here.", status="404 Not Found")
UNENDING = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def huge(megabytes: int) -> Callable[[], Iterator[bytes]]:
    """A page of so many megabytes, whose length is not told."""

    def pieces() -> Iterator[bytes]:
        yield UNENDING
        for _megabyte in range(megabytes):
            yield b"x" * 1024 * 1024

    return pieces


def dripping(begin: bytes, every: float = 0.1) -> Callable[[], Iterator[bytes]]:
    """One byte at a time, without an end."""

    def pieces() -> Iterator[bytes]:
        yield begin
        while True:
            time.sleep(every)
            yield b"x"

    return pieces


def bomb(megabytes: int) -> bytes:
    """So many megabytes of zeros, of which a thousandth comes over the wire."""
    return page(gzip.compress(b"\0" * megabytes * 1024 * 1024), Content_Encoding="gzip")
