"""Updates: the claims of the record, as pages and people ask for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, F, Min, OuterRef, Prefetch, Q, Subquery, When
from django.db.models.functions import Coalesce, TruncDate

from recommendations.edition_span import began_by, ended_by
from recommendations.statuses import Status

from .base import seen_alike
from .update_basis import UpdateBasis

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


class StatusUpdateQuerySet(UpdateBasis):
    def with_day_of_review(self) -> Self:
        """Annotate `reviewed_on`: the day of the search, else of publication.

        The day on which a baseline was loaded is no review of it.
        """
        published = Case(
            When(is_baseline=False, then=TruncDate("published_at", tzinfo=UTC)),
            output_field=models.DateField(),
        )
        return self.annotate(reviewed_on=Coalesce("searched_on", published))

    def with_previous_status(self) -> Self:
        """Annotate `previous_status`: what the action was before; None if it was not assessed.

        For one that ended it is what was said then: in the last edition in which it counted.
        """
        number = self.viewpoint.number if self.viewpoint else None
        counting = _status_before(seen_alike(self.model.objects, self).counting())
        said_then = _status_before(
            seen_alike(self.model.objects, self)
            .published()
            .filter(edition__lt=OuterRef("ended_in_edition"))
            .exclude(ended_in_edition__lt=OuterRef("ended_in_edition"))
        )
        return self.annotate(
            previous_status=Case(
                When(ended_by(number, until="ended_in_edition"), then=said_then),
                default=counting,
            )
        )

    def first_search(self) -> date | None:
        """Return the first day on which anything was searched (one query)."""
        return self.aggregate(on=Min("searched_on"))["on"]

    def steps(self) -> Self:
        """Something happened: not the mere finding, at a first look or again, that nothing did."""
        return self.with_previous_status().exclude(
            Q(previous_status__isnull=True) | Q(previous_status=F("status")),
            status__in=[Status.NO_ACTION, Status.NOT_ASSESSED],
        )

    def for_timeline(self) -> Self:
        """Prepare for the page of a recommendation (three queries)."""
        relied_on = seen_alike(self.model.objects, self).published()
        return (
            self.with_previous_status()
            .with_basis()
            .select_related("edition", "ended_in_edition")
            .prefetch_related("evidence", Prefetch("relies_on", relied_on, to_attr="relied_on"))
            .order_by("-effective_day", "-edition_id", "-pk")
        )

    def for_latest(self) -> Self:
        """Something happened, the newest first, for the short list of a dashboard."""
        return (
            self.steps()
            .with_basis()
            .select_related("action__recommendation__report", "edition")
            .prefetch_related("evidence")
            .order_by("-effective_day", "-edition_id", "-pk")
        )

    def for_change_log(self) -> Self:
        """Newest edition first, and within it what took effect last."""
        return (
            self.with_previous_status()
            .with_basis()
            .select_related(
                "action__recommendation__report", "edition", "ended_in_edition", "replaces"
            )
            .prefetch_related("evidence")
            .order_by("-edition_id", "-effective_day", "-pk")
        )

    def for_corrections(self) -> Self:
        """What ended last first, each with the update that replaces it, if one does."""
        replacements = seen_alike(self.model.objects, self).published()
        if self.viewpoint:
            replacements = replacements.filter(began_by(self.viewpoint.number, first="edition"))
        return (
            self.for_change_log()
            .prefetch_related(
                Prefetch(
                    "replacements",
                    replacements.select_related(
                        "ended_in_edition", "action__recommendation__report"
                    ),
                    to_attr="published_replacements",
                )
            )
            .order_by("-ended_in_edition_id", "-effective_day", "-pk")
        )

    def for_feed(self) -> Self:
        """As for the change log, but one that ended comes again with the edition that ended it."""
        rows = self.for_change_log().annotate(edition_digest=F("edition__digested__digest"))
        return rows.in_order_of_feed()

    def in_order_of_feed(self) -> Self:
        last: Coalesce | Case = Coalesce("ended_in_edition_id", "edition_id")
        if self.viewpoint and self.viewpoint.number is not None:
            ended = When(
                ended_by(self.viewpoint.number, until="ended_in_edition"),
                then="ended_in_edition_id",
            )
            last = Case(ended, default="edition_id")
        return self.order_by(last.desc(), "-edition_id", "-effective_day", "-pk")

    def waiting(self) -> Self:
        """Submitted for review, what waits longest first."""
        return self.filter(review_state="submitted").order_by("submitted_at", "pk")

    def for_review(self) -> Self:
        """With what the pages of the reviewer show of each."""
        return (
            self.with_basis()
            .select_related(
                "action__recommendation__report",
                "author",
                "reviewer",
                "edition",
                "replaces__edition",
            )
            .prefetch_related("editors", "evidence", "relies_on__evidence", "codings")
        )

    def unfinished_by(self, user: User) -> Self:
        """Drafts that this person saved, and what came back from review."""
        saved = self.model.editors.through.objects.filter(user=user).values("statusupdate")
        mine = self.filter(Q(author=user) | Q(pk__in=saved))
        return mine.filter(review_state__in=["returned", "draft"])

    def published_since(self, day: date) -> Self:
        """Of the editions of this day and after it.

        Numbers of editions follow time, and the updates are indexed by them.
        """
        from recommendations.models import Edition

        first = Edition.objects.filter(published_at__gte=midnight(day)).order_by("number")
        return self.filter(edition__gte=Subquery(first.values("number")[:1]))

    def in_order(self) -> Self:
        """Oldest first; of one day, the later edition holds and so comes last."""
        return self.order_by("action_id", "effective_day", "edition_id", "pk")


def _status_before(updates: StatusUpdateQuerySet) -> Subquery:
    """Return the status before a row of another query: of one day the later edition holds."""
    day = OuterRef("effective_day")
    earlier = Q(effective_day__lt=day) | Q(effective_day=day, edition__lt=OuterRef("edition"))
    of_action = updates.filter(earlier, action=OuterRef("action"))
    return Subquery(of_action.order_by("-effective_day", "-edition_id").values("status")[:1])
