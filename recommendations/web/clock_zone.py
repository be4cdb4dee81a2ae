"""Clock times on the pages of the staff, in the zone of who reads them. Days stay those of UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

PUBLIC = "recommendations"
# The names that people know; the others are older spellings of these, or offsets.
CONTINENTS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


class PersonsZone(tzinfo):
    """The zone that a person chose, asked for when the first clock time is shown (a query)."""

    def __init__(self, person: User | AnonymousUser) -> None:
        self.person = person

    @cached_property
    def zone(self) -> tzinfo:
        """Return UTC where they chose none, or one that this machine does not know any more."""
        chosen = getattr(getattr(self.person, "preference", None), "time_zone", "")
        try:
            return ZoneInfo(chosen) if chosen else UTC
        except (ZoneInfoNotFoundError, ValueError):
            return UTC

    def utcoffset(self, at: datetime | None) -> timedelta | None:
        return self.zone.utcoffset(at)

    def dst(self, at: datetime | None) -> timedelta | None:
        return self.zone.dst(at)

    def tzname(self, at: datetime | None) -> str | None:
        return self.zone.tzname(at)

    def fromutc(self, at: datetime) -> datetime:
        return self.zone.fromutc(at.replace(tzinfo=self.zone)).replace(tzinfo=self)

    def __str__(self) -> str:
        return str(self.zone)


class ClockZoneMiddleware:
    """Stands where the person is known. The public pages are the same for everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        if match and match.namespace != PUBLIC and request.user.is_authenticated:
            timezone.activate(PersonsZone(request.user))


def zones() -> list[str]:
    """Return the names of zones that a person can choose."""
    found = (name for name in available_timezones() if name.partition("/")[0] in CONTINENTS)
    return ["UTC", *sorted(name for name in found if "/" in name)]
