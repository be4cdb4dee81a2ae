"""While no database answers every page says so at once, and the process stays healthy.

With a replica that is while the primary is away for all but pages of readers: what fails in their
midst is read again from the other server.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from alliance import replica
from alliance.circuit import SECONDS, circuit, is_away
from alliance.replica_state import watch

OF_OPERATORS = ("/healthz", "/readyz", "/metrics")


class DatabaseAwayMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in OF_OPERATORS:
            return self.get_response(request)
        replica.read_from(replica.server_for(request))
        if circuit.is_open and replica.being_read() == replica.PRIMARY:
            return unavailable()
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> Any:
        """Read a page of a reader once more, from the other server, if the first one failed.

        A replica also ends questions that stand in the way of what it has to take over.
        """
        if not isinstance(exception, (DatabaseError, InterfaceError)):
            return None
        match = request.resolver_match
        if match is None or not replica.is_set_up() or not replica.is_of_reader(request):
            return None
        failed = replica.being_read()
        note_failure(failed)
        other = replica.server_for(request)
        if other == failed or (other == replica.PRIMARY and circuit.is_open):
            return None
        replica.read_from(other)
        return match.func(request, *match.args, **match.kwargs)


def note_failure(alias: str) -> None:
    if alias == replica.REPLICA:
        watch.leave_out()
    elif is_away(alias):
        circuit.open()


def answer_to(error: BaseException | None) -> HttpResponse | None:
    """Return a page for an error of the database that passes by itself, or None."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return None
    note_failure(replica.being_read())
    return unavailable()


def unavailable(message: str = "", *, seconds: int = SECONDS) -> HttpResponse:
    message = message or _("The database does not answer. Please try again in a moment.")
    page = loader.get_template("500.html").render({"message": message})
    response = HttpResponse(page, status=503)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
