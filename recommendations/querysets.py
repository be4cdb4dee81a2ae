"""Every question about many rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from .statuses import Schedule, Status

if TYPE_CHECKING:
    from .models import Edition


def _count_of(rows: models.QuerySet) -> Coalesce:
    """Count a correlated queryset."""
    counted = rows.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)


class SlugQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug: str):
        return self.get(slug=slug)


class LabelQuerySet(SlugQuerySet):
    actions: str

    def in_use(self) -> Self:
        """Labels of something in the public record, the most used first.

        The label of drafts alone must not show.
        """
        from .models import Action

        used = self.filter(**{f"{self.actions}__in": Action.objects.published()})
        return used.annotate(n_uses=Count(self.actions)).order_by("-n_uses", "position", "name")


class PolicyAreaQuerySet(LabelQuerySet):
    actions = "recommendations__actions"


class PartyQuerySet(LabelQuerySet):
    actions = "actions"


class BodyQuerySet(LabelQuerySet):
    actions = "actions"


class EditionQuerySet(models.QuerySet):
    pass


class CountedQuerySet(models.QuerySet):
    """Rows with the two edition columns."""

    def with_status_position(self) -> Self:
        """Annotate `status_position`: the place of the status in the fixed order."""
        places = [When(status=status, then=Value(i)) for i, status in enumerate(Status)]
        return self.annotate(status_position=Case(*places, output_field=models.IntegerField()))

    def with_edition(self) -> Self:
        """Annotate `edition`, the newest: asked for with the rows, it is the one they are of."""
        from .models import Edition

        newest = Edition.objects.order_by("-number").values("number")[:1]
        return self.annotate(edition=Subquery(newest))

    def published(self) -> Self:
        """Ever in the record, withdrawn ones included: what a visitor may read."""
        return self.filter(from_edition__isnull=False)

    def counted(self) -> Self:
        """In the record now."""
        return self.filter(from_edition__isnull=False, until_edition__isnull=True)


class ReportQuerySet(CountedQuerySet, SlugQuerySet):
    def with_counts(self) -> Self:
        """Annotate `n_actions` and `n_implemented`: verifiable actions in the record."""
        from .models import Action

        actions = Action.objects.counted().filter(recommendation__report=OuterRef("pk"))
        return self.annotate(
            n_actions=_count_of(actions),
            n_implemented=_count_of(actions.filter(status=Status.IMPLEMENTED)),
        )

    def featured(self):
        """The report of the front page: the featured one, else the newest published."""
        return self.published().order_by("-is_featured", "-published_on").first()


class SectionQuerySet(models.QuerySet):
    def for_filters(self) -> Self:
        """Sections of what visitors may read; annotates `has_recommendations`."""
        from .models import Recommendation

        public = Recommendation.objects.published().filter(section=OuterRef("pk"))
        return self.filter(report__from_edition__isnull=False).annotate(
            has_recommendations=Exists(public)
        )

    def get_by_natural_key(self, report: str, slug: str):
        return self.get(report__slug=report, slug=slug)


class RecommendationQuerySet(CountedQuerySet):
    REPORT_ORDER = ("report", "position", "pk")

    def get_by_natural_key(self, report: str, slug: str):
        return self.get(report__slug=report, slug=slug)

    def published(self) -> Self:
        return self.filter(from_edition__isnull=False, report__from_edition__isnull=False)

    def counted(self) -> Self:
        return self.filter(
            from_edition__isnull=False,
            until_edition__isnull=True,
            report__from_edition__isnull=False,
            report__until_edition__isnull=True,
        )

    def for_list(self, *, on: date) -> Self:
        """Prepare for the list: each with its counted actions (two queries)."""
        from .models import Action

        actions = Action.objects.counted().select_related("recommendation").order_by("number")
        return self.select_related("report", "section").prefetch_related(
            Prefetch("actions", actions, to_attr="counted_actions")
        )

    def for_csv(self, *, on: date) -> Self:
        """Prepare for the export (two queries a chunk)."""
        from .models import Action

        actions = Action.objects.counted().filter(recommendation=OuterRef("pk"))
        return (
            self.with_edition()
            .select_related("report", "section")
            .prefetch_related("areas")
            .annotate(
                n_actions=_count_of(actions),
                n_implemented=_count_of(actions.filter(status=Status.IMPLEMENTED)),
            )
        )

    def with_dates_of_actions(self) -> Self:
        """Annotate the next `due_on` and the oldest `last_reviewed_on` of the counted actions."""
        from .models import Action

        actions = Action.objects.counted().filter(recommendation=OuterRef("pk"))
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


class ActionQuerySet(CountedQuerySet):
    REPORT_ORDER = (
        "recommendation__report",
        "recommendation__position",
        "recommendation_id",
        "number",
        "pk",
    )

    def get_by_natural_key(self, report: str, recommendation: str, slug: str):
        return self.get(
            recommendation__report__slug=report, recommendation__slug=recommendation, slug=slug
        )

    def published(self) -> Self:
        return self.filter(
            from_edition__isnull=False,
            recommendation__from_edition__isnull=False,
            recommendation__report__from_edition__isnull=False,
        )

    def in_record(self) -> Self:
        """In the record now, verifiable or not: what the list shows."""
        return self.published().filter(
            until_edition__isnull=True,
            recommendation__until_edition__isnull=True,
            recommendation__report__until_edition__isnull=True,
        )

    def counted(self) -> Self:
        """The denominator of every count: verifiable actions in the record now."""
        return self.in_record().filter(is_verifiable=True)

    def with_schedule(self, *, on: date) -> Self:
        """Annotate `schedule` as statuses.schedule_of() computes it."""
        return self.annotate(
            schedule=Case(
                When(due_on__isnull=True, then=Value(Schedule.NO_DEADLINE.value)),
                When(implemented_on__lte=F("due_on"), then=Value(Schedule.MET.value)),
                When(implemented_on__isnull=False, then=Value(Schedule.MET_LATE.value)),
                When(
                    status__in=[Status.REJECTED, Status.OVERTAKEN],
                    then=Value(Schedule.CLOSED.value),
                ),
                When(due_on__lt=on, then=Value(Schedule.OVERDUE.value)),
                default=Value(Schedule.DUE.value),
                output_field=models.CharField(),
            )
        )

    def with_deadline(self) -> Self:
        """Annotate the date and the precision of the deadline that decides the schedule.

        The same one as breakdown.py finds: the report's own, else the official one stated first.
        """
        from .models import Deadline

        decisive = Deadline.objects.filter(action=OuterRef("pk")).order_by(
            "-origin", "stated_on", "on"
        )
        return self.annotate(
            deadline_on=Subquery(decisive.values("on")[:1]),
            deadline_precision=Subquery(decisive.values("precision")[:1]),
        )

    def with_second_review(self) -> Self:
        """Annotate `is_reviewed`: a reviewer has confirmed or changed the baseline's finding."""
        from .models import StatusUpdate

        reviewed = StatusUpdate.objects.counting().filter(action=OuterRef("pk"), is_baseline=False)
        return self.annotate(is_reviewed=Exists(reviewed))

    def needing_review(self, *, on: date) -> Self:
        return self.filter(review_due_on__lt=on)

    def for_list(self, *, on: date) -> Self:
        """Prepare for the list (three queries)."""
        return (
            self.with_schedule(on=on)
            .with_second_review()
            .with_deadline()
            .select_related("recommendation__report")
            .prefetch_related("bodies", "parties")
        )

    def for_csv(self, *, on: date) -> Self:
        """Prepare for the export (four queries a chunk)."""
        return (
            self.with_schedule(on=on)
            .with_second_review()
            .with_deadline()
            .with_edition()
            .select_related("recommendation__report", "recommendation__section")
            .prefetch_related("parties", "bodies", "recommendation__areas")
        )

    def for_scorecard(self, *, on: date) -> Self:
        """Prepare for dashboards and scorecards: one row a square (three queries)."""
        return (
            self.with_schedule(on=on)
            .with_second_review()
            .select_related("recommendation__report", "recommendation__section")
            .prefetch_related("bodies", "recommendation__areas")
            .order_by("recommendation__report", "recommendation__position", "number")
        )

    def for_detail(self, *, on: date) -> Self:
        """Prepare for the page of their recommendation (seven queries with its updates)."""
        from .models import ActionBody, StatusUpdate

        return (
            self.with_schedule(on=on)
            .with_second_review()
            .prefetch_related(
                "parties",
                Prefetch("leads", ActionBody.objects.select_related("body")),
                "deadlines",
                Prefetch("updates", StatusUpdate.objects.published().for_timeline()),
            )
            .order_by("number")
        )


class StatusUpdateQuerySet(SlugQuerySet):
    def published(self) -> Self:
        """In the record, corrected and retracted ones included."""
        return self.filter(review_state="published")

    def counting(self) -> Self:
        """In the record and neither corrected nor retracted."""
        return self.published().filter(ended_in_edition__isnull=True)

    def in_edition(self, edition: Edition | int) -> Self:
        """Those that counted when this edition was the newest."""
        number = getattr(edition, "number", edition)
        return self.published().filter(
            Q(ended_in_edition__isnull=True) | Q(ended_in_edition__gt=number),
            edition__lte=number,
        )

    def public(self) -> Self:
        """Published, of an action that visitors may read."""
        return self.published().filter(
            action__from_edition__isnull=False,
            action__recommendation__from_edition__isnull=False,
            action__recommendation__report__from_edition__isnull=False,
        )

    def with_previous_status(self) -> Self:
        """Annotate `previous_status`: what the action was before; None if it was not assessed."""
        earlier = self.model.objects.counting().filter(
            action=OuterRef("action"), effective_day__lt=OuterRef("effective_day")
        )
        latest = earlier.order_by("-effective_day", "-edition").values("status")[:1]
        return self.annotate(previous_status=Subquery(latest))

    def steps(self) -> Self:
        """Something happened: not the mere finding, at a first look, that nothing did."""
        return self.with_previous_status().exclude(
            status__in=[Status.NO_ACTION, Status.NOT_ASSESSED], previous_status__isnull=True
        )

    def for_timeline(self) -> Self:
        return (
            self.with_previous_status()
            .select_related("edition", "ended_in_edition")
            .prefetch_related("evidence", "relies_on")
            .order_by("-effective_day", "-edition", "-pk")
        )

    def for_change_log(self) -> Self:
        """Newest edition first, and within it what took effect last."""
        return (
            self.with_previous_status()
            .select_related(
                "action__recommendation__report", "edition", "ended_in_edition", "replaces"
            )
            .prefetch_related("evidence")
            .order_by("-edition", "-effective_day", "-pk")
        )

    def in_order(self) -> Self:
        """Oldest first; of one day, the later edition holds and so comes last."""
        return self.order_by("action_id", "effective_day", "edition_id", "pk")


class ActionBodyQuerySet(models.QuerySet):
    def get_by_natural_key(self, report: str, recommendation: str, action: str, body: str):
        return self.get(
            action__recommendation__report__slug=report,
            action__recommendation__slug=recommendation,
            action__slug=action,
            body__slug=body,
        )


class DeadlineQuerySet(models.QuerySet):
    def get_by_natural_key(
        self, report: str, recommendation: str, action: str, origin: str, on: str
    ):
        return self.get(
            action__recommendation__report__slug=report,
            action__recommendation__slug=recommendation,
            action__slug=action,
            origin=origin,
            on=on,
        )


class EvidenceQuerySet(models.QuerySet):
    def get_by_natural_key(self, update: str, position: int):
        return self.get(update__slug=update, position=position)


class PeriodQuerySet(models.QuerySet):
    def open(self) -> Self:
        """What the tracker says now."""
        return self.filter(until_edition__isnull=True)
