"""Reports, their sections and recommendations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import (
    Exists,
    F,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
)

from .base import (
    CountedQuerySet,
    KnownBySlug,
    SeenQuerySet,
    asked_by,
    ever_told,
    period_columns,
    seen_alike,
    stated_since,
    told_in,
)

if TYPE_CHECKING:
    from recommendations.viewpoint import Viewpoint


class ReportQuerySet(KnownBySlug, CountedQuerySet):
    def columns_from(self, viewpoint: Viewpoint) -> dict[str, Any]:
        return {}

    def first_day(self) -> date | None:
        """Return the first day that can be looked at: that of the oldest report."""
        return self.published().aggregate(first=Min("published_on"))["first"]

    def out(self) -> Self:
        """Those that were published by the day that is looked at."""
        return self.filter(asked_by(self.viewpoint))

    def in_record(self) -> Self:
        """Those that were published by the day, taken in and not withdrawn."""
        return self.filter(told_in(self.viewpoint)).out()

    def nameable(self) -> Self:
        """Those that a page may name: in the record, or kept as a bibliographic record."""
        return self.filter(told_in(self.viewpoint) | Q(is_bibliographic=True)).out()

    def for_cards(self) -> Self:
        """Prepare for the page of all reports: with the `earlier_reports` kept beside them."""
        kept = seen_alike(self.model.objects, self).filter(is_bibliographic=True)
        earlier = kept.out().order_by("-published_on", "slug")
        return self.prefetch_related(Prefetch("predecessors", earlier, to_attr="earlier_reports"))

    def featured_first(self) -> Self:
        """The report of the front page comes first: the featured one, else the newest."""
        return self.published().order_by("-is_featured", "-published_on", "pk")


class SectionQuerySet(SeenQuerySet):
    def published(self) -> Self:
        """Of reports that visitors may read."""
        return self.filter(ever_told(self.viewpoint, "report__"))

    def for_filters(self) -> Self:
        """Annotate `has_recommendations`: any that visitors may read."""
        from recommendations.models import Recommendation

        public = seen_alike(Recommendation.objects, self).published()
        return self.annotate(has_recommendations=Exists(public.filter(section=OuterRef("pk"))))

    def get_by_natural_key(self, report: str, slug: str):
        return self.get(report__slug=report, slug=slug)


class RecommendationQuerySet(CountedQuerySet):
    REPORT_ORDER = ("report", "position", "pk")

    def columns_from(self, viewpoint: Viewpoint) -> dict[str, Any]:
        return period_columns(viewpoint, "recommendation")

    def get_by_natural_key(self, report: str, slug: str):
        return self.get(report__slug=report, slug=slug)

    def published(self) -> Self:
        return self.filter(ever_told(self.viewpoint), ever_told(self.viewpoint, "report__"))

    def counted(self) -> Self:
        return self.filter(
            told_in(self.viewpoint),
            told_in(self.viewpoint, "report__"),
            asked_by(self.viewpoint, "report__"),
        )

    def for_list(self) -> Self:
        """Prepare for the list: each with its counted actions (two queries)."""
        from recommendations.models import Action

        actions = (
            seen_alike(Action.objects, self)
            .counted()
            .select_related("recommendation")
            .order_by("number")
        )
        return self.select_related("report", "section").prefetch_related(
            Prefetch("actions", actions, to_attr="counted_actions")
        )

    def for_csv(self) -> Self:
        """Prepare for the export: annotate what its rows are read with."""
        return self.with_edition().with_stated_since()

    def with_stated_since(self) -> Self:
        """Annotate `since_on` and `since_precision`: since when it has its status, as stated."""
        own = {"action__recommendation": OuterRef("pk")}
        return self.annotate(**stated_since(self.viewpoint, "since", "status_since", **own))

    def with_dates_of_actions(self) -> Self:
        """Annotate the next `due_on` and the oldest `last_reviewed_on` of the counted actions."""
        from recommendations.models import Action

        actions = seen_alike(Action.objects, self).counted().filter(recommendation=OuterRef("pk"))
        return self.annotate(
            due_on=Subquery(
                actions.order_by(F("due_on").asc(nulls_last=True)).values("due_on")[:1]
            ),
            last_reviewed_on=Subquery(
                actions.order_by(F("last_reviewed_on").asc(nulls_first=True)).values(
                    "last_reviewed_on"
                )[:1]
            ),
        )
