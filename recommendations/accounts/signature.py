"""Who sends a mail, at its end."""

from __future__ import annotations

from alliance.site_name import site_name
from recommendations.site_row import site


def signature() -> str:
    """Return who runs the site and where they can be reached, as far as editors say so."""
    row = site()
    lines = [line for line in (row.operator_said, row.contact_said) if line]
    return "\n".join(["", "-- ", site_name(), *lines, ""]) if lines else ""
