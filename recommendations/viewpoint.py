"""From where a page looks at the record: made once from the request, handed to querysets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone


def today() -> date:
    """The day in UTC, which is today on every page."""
    return timezone.now().date()


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """The day that a page speaks for."""

    on: date

    @classmethod
    def present(cls) -> Viewpoint:
        return cls(on=today())
