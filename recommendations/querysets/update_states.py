"""Which updates count, and which of them a viewpoint knows."""

from __future__ import annotations

from typing import Self

from recommendations.edition_span import began_by, ended_by, holds_in

from .base import KnownBySlug, SeenQuerySet


class UpdateStates(KnownBySlug, SeenQuerySet):
    def published(self) -> Self:
        """In the record, corrected and retracted ones included."""
        return self.filter(review_state="published")

    def counting(self) -> Self:
        """In the record and neither corrected nor retracted, whenever they took effect."""
        number = self.viewpoint.number if self.viewpoint else None
        span = holds_in(number, first="edition", until="ended_in_edition")
        return self.published().filter(span)

    def told(self) -> Self:
        """Those that the viewpoint shows, ended ones included: told by then, in effect by then."""
        published = self.published()
        if self.viewpoint is None or self.viewpoint.is_present:
            return published
        return published.filter(
            began_by(self.viewpoint.number, first="edition"), effective_day__lte=self.viewpoint.on
        )

    def ended(self) -> Self:
        """Those that the viewpoint knows as corrected or retracted."""
        number = self.viewpoint.number if self.viewpoint else None
        return self.filter(ended_by(number, until="ended_in_edition"))

    def public(self) -> Self:
        """Published, of an action that visitors may read."""
        return self.published().filter(
            action__from_edition__isnull=False,
            action__recommendation__from_edition__isnull=False,
            action__recommendation__report__from_edition__isnull=False,
        )

    def latest_first(self) -> Self:
        """Of one action: the one that gives it its status comes first."""
        return self.order_by("-effective_day", "-edition_id", "-pk")
