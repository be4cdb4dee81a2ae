"""Updates that were corrected or retracted, with what replaced them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recommendations.models import StatusUpdate

if TYPE_CHECKING:
    from recommendations.rows import EndedUpdate


@dataclass(frozen=True)
class EndedEntry:
    """An update, and the one that replaces it, if one does."""

    update: EndedUpdate
    successor: StatusUpdate | None


def with_replacements(updates: Iterable[EndedUpdate]) -> list[EndedEntry]:
    """Return updates of for_corrections() with their successors (no query)."""
    return [
        EndedEntry(update, next(iter(update.published_replacements), None)) for update in updates
    ]
