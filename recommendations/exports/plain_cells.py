"""Values of rows as the texts that cells show, in whatever file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

# Between the values of a list.
SEPARATOR = "; "


def plain(value: Any) -> str:
    """Return a value as text: what is not there is empty, and dates are ISO 8601."""
    return PLAIN[type(value)](value)


def moment(at: datetime) -> str:
    """Return a moment as JSON has it: in UTC, which is Z."""
    return at.isoformat().replace("+00:00", "Z")


PLAIN: dict[type, Callable[[Any], str]] = {
    str: str,
    type(None): lambda _value: "",
    bool: lambda value: "true" if value else "false",
    int: str,
    date: date.isoformat,
    datetime: moment,
    list: SEPARATOR.join,
}
