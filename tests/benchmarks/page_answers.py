"""A page measured inside the process that answers it, and in a process that answers it first."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from django.test import Client

from .worker import in_fresh_process

HOST = {"host": "localhost"}
# Patience with a view of the past that a process of its own is making, and between two looks.
PATIENCE, PAUSE = 1_800, 0.1


@cache
def reader() -> Client:
    """Return the one whose middleware is loaded once, as a server's is."""
    return Client(headers=HOST)


def answer(address: str) -> dict[str, Any]:
    """Return the milliseconds, the bytes and the status of a page, read to its end.

    While an index is being made readers are told to come back: that time counts.
    """
    client = reader()
    # A form leaves a cookie, and a page for who has one is another.
    client.cookies.clear()
    start = time.perf_counter()
    while True:
        page: Any = client.get(address)
        content = b"".join(page.streaming_content) if page.streaming else page.content
        spent = time.perf_counter() - start
        if page.status_code != 503 or spent > PATIENCE:
            return {"ms": 1000 * spent, "bytes": len(content), "status": page.status_code}
        time.sleep(PAUSE)


def first_answer(address: str) -> dict[str, Any]:
    """Return the same of a process like one of gunicorn that has answered nothing yet."""
    import alliance.wsgi  # noqa: F401

    return in_fresh_process("page_answers:answer", {"address": address})
