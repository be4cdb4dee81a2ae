"""What a later report took up from earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from .base import SeenQuerySet, asked_by, told_in

if TYPE_CHECKING:
    from recommendations.viewpoint import Viewpoint


class RelationQuerySet(SeenQuerySet):
    def get_by_natural_key(self, report: str, recommendation: str, *earlier: str):
        later = (
            Q(recommendation__report__slug=report, recommendation__slug=recommendation)
            if recommendation
            else Q(report__slug=report)
        )
        return self.get(later, earlier__report__slug=earlier[0], earlier__slug=earlier[1])

    def seen_from(self, viewpoint: Viewpoint) -> Self:
        """Those whose both sides may be shown there.

        The later side is in the record; the earlier one is too, or of a report that is kept as a
        bibliographic record. An edition tells what was recorded when it was published.
        """
        later = _in_record(viewpoint, "recommendation__") | _is_told(viewpoint, "report__")
        earlier = _in_record(viewpoint, "earlier__") | Q(earlier__report__is_bibliographic=True)
        found = super().seen_from(viewpoint).filter(later, earlier)
        if viewpoint.edition:
            found = found.filter(recorded_at__lte=viewpoint.edition.published_at)
        return found

    def with_both_sides(self) -> Self:
        """With what pages name of each side, oldest report first."""
        return self.select_related("recommendation__report", "report", "earlier__report").order_by(
            "earlier__report__published_on", "earlier__report", "earlier__position", "pk"
        )


def _is_told(viewpoint: Viewpoint, path: str) -> Q:
    """Return the condition that a report is in the record and was out."""
    return told_in(viewpoint, path) & asked_by(viewpoint, path)


def _in_record(viewpoint: Viewpoint, path: str) -> Q:
    return told_in(viewpoint, path) & _is_told(viewpoint, f"{path}report__")
