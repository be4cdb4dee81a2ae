"""While the database is away every page says so at once, and the process stays healthy."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

# As long the database is not asked again; then one request tries.
SECONDS = 5
STILL_ANSWERED = ("/healthz", "/readyz")


class Circuit:
    """Open after a first failure to connect, so that not each request waits for the pool."""

    def __init__(self) -> None:
        self.open_until = 0.0

    def open(self) -> None:
        self.open_until = time.monotonic() + SECONDS

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self.open_until


circuit = Circuit()


class DatabaseAwayMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if circuit.is_open and request.path not in STILL_ANSWERED:
            return unavailable()
        return self.get_response(request)


def answer_to(error: BaseException | None) -> HttpResponse | None:
    """Return a page for an error of the database that passes by itself, or None."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return None
    if is_away():
        circuit.open()
    return unavailable()


def is_away() -> bool:
    """Whether there is no connection. A locked file of SQLite has one."""
    if connection.vendor == "sqlite":
        return False
    try:
        return connection.connection is None or not connection.is_usable()
    except DatabaseError:
        return True


def unavailable(message: str = "", *, seconds: int = SECONDS) -> HttpResponse:
    message = message or _("The database does not answer. Please try again in a moment.")
    page = loader.get_template("500.html").render({"message": message})
    response = HttpResponse(page, status=503)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
