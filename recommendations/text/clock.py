"""Clock times in words, in the zone that is active, which is named."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from .dates import date_text


def clock_text(at: datetime) -> str:
    """Return "2026-03-24 14:05 UTC"."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M} {zone_name()}"


def moment(at: datetime) -> str:
    """Return "24 Mar 2026, 14:05 UTC"."""
    here = timezone.localtime(at)
    return _("%(day)s, %(time)s %(zone)s") % {
        "day": date_text(here.date()),
        "time": f"{here:%H:%M}",
        "zone": zone_name(),
    }


def zone_name() -> str:
    return str(timezone.get_current_timezone())
