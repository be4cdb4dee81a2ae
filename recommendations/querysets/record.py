"""The record: updates, their evidence, editions and periods."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import (
    Case,
    Exists,
    F,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate

from recommendations.edition_span import began_by, ended_by, holds_in
from recommendations.statuses import Status

from .base import KnownBySlug, SeenQuerySet, count_of, ever_told, seen_alike, told_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.contrib.auth.models import User

    from recommendations.models import Action, Recommendation, Report
    from recommendations.viewpoint import Viewpoint


# Later than any edition: that of a draft.
NOT_YET = 2**31 - 1
# How often a correction is followed when it is corrected in its turn. A finding of research that is
# corrected more often awaits a review again, which errs on the side of doubt.
CORRECTIONS_FOLLOWED = 5


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


PLACE = ("recommendation__position", "recommendation_id", "number", "pk")


def _two_up(name: str) -> OuterRef:
    return OuterRef(OuterRef(name))


def _known_to(edition: OuterRef) -> Q:
    """Return the condition that rows were said by this edition: in these words, or corrected."""
    return _or_corrected("edition__lte", Coalesce(edition, Value(NOT_YET)))


def _or_corrected(lookup: str, value: Any) -> Q:
    """Return a condition on rows, or on what they correct, directly or in several steps."""
    condition = Q(**{lookup: value})
    for n in range(1, CORRECTIONS_FOLLOWED + 1):
        condition |= Q(**{"__".join([*["replaces"] * n, lookup]): value})
    return condition


def _day_it_counts_from(up: Callable[[str], OuterRef]) -> Coalesce:
    """Return the day from which an update outside counts; a draft, from the day that it states."""
    return Coalesce(up("effective_day"), up("effective_on"))


class EditionQuerySet(models.QuerySet):
    def by_then(self, viewpoint: Viewpoint) -> Self:
        """Those that a viewpoint knows of, each with its `digest`: no later one than its own."""
        known = self.filter(began_by(viewpoint.number, first="number"))
        return known.annotate(digest=F("digested__digest"))

    def with_numbers(self) -> Self:
        """Annotate how many public updates each published, corrected and retracted."""
        from recommendations.models import StatusUpdate

        ended = StatusUpdate.objects.public().filter(ended_in_edition=OuterRef("pk"))
        return self.annotate(
            n_published=count_of(StatusUpdate.objects.public().filter(edition=OuterRef("pk"))),
            n_corrected=count_of(ended.filter(end_reason="corrected")),
            n_retracted=count_of(ended.filter(end_reason="retracted")),
        )


def _status_before(updates: StatusUpdateQuerySet) -> Subquery:
    """Return the status before a row of another query: of one day the later edition holds."""
    day = OuterRef("effective_day")
    earlier = Q(effective_day__lt=day) | Q(effective_day=day, edition__lt=OuterRef("edition"))
    of_action = updates.filter(earlier, action=OuterRef("action"))
    return Subquery(of_action.order_by("-effective_day", "-edition_id").values("status")[:1])


class StatusUpdateQuerySet(KnownBySlug, SeenQuerySet):
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

    def awaiting_review(self) -> Self:
        """The newest finding of research on each action, unless a reviewer judged that very one."""
        findings = self._findings()
        newer = findings.filter(
            Q(effective_day__gt=OuterRef("effective_day"))
            | Q(effective_day=OuterRef("effective_day"), edition__gt=OuterRef("edition"))
            | Q(
                effective_day=OuterRef("effective_day"),
                edition=OuterRef("edition"),
                pk__gt=OuterRef("pk"),
            ),
            action=OuterRef("action"),
        )
        by_people = seen_alike(self.model.objects, self).counting().filter(is_baseline=False)
        judging = Q(relies_on=OuterRef("pk")) | _or_corrected("pk", OuterRef("pk"))
        return findings.exclude(Exists(newer)).exclude(
            Exists(by_people.filter(judging, action=OuterRef("action")))
        )

    def _findings(self) -> Self:
        """What research said and nobody withdrew: it counts, or a reviewer has corrected it."""
        number = self.viewpoint.number if self.viewpoint else None
        said = seen_alike(self.model.objects, self).published().filter(is_baseline=True)
        correcting = self.model.objects.published().filter(
            replaces=OuterRef("pk"), is_baseline=False
        )
        counts = holds_in(number, first="edition", until="ended_in_edition")
        corrected = began_by(number, first="edition") & Exists(correcting)
        return said.filter(counts | corrected)

    def with_day_of_review(self) -> Self:
        """Annotate `reviewed_on`: the day of the search, else of publication.

        The day on which a baseline was loaded is no review of it.
        """
        published = Case(
            When(is_baseline=False, then=TruncDate("published_at", tzinfo=UTC)),
            output_field=models.DateField(),
        )
        return self.annotate(reviewed_on=Coalesce("searched_on", published))

    def public(self) -> Self:
        """Published, of an action that visitors may read."""
        return self.published().filter(
            action__from_edition__isnull=False,
            action__recommendation__from_edition__isnull=False,
            action__recommendation__report__from_edition__isnull=False,
        )

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

    def with_basis(self) -> Self:
        """Annotate and fetch what updates rest on that say nothing new (three queries at most).

        `explained_by` is the update whose note still explains one without a note, `rests_on` that
        whose evidence one without evidence rests on: the newest before it that says the same
        status, with no other status in between. It is None where there is no such update.
        """
        from recommendations.models import Evidence

        items = Evidence.objects.filter(update=OuterRef("pk"))
        same = self._of_the_same_status().latest_first()
        explaining = Subquery(same.exclude(note="").values("pk")[:1])
        evident = Subquery(same.filter(Exists(items)).values("pk")[:1])
        rows = seen_alike(self.model.objects, self).published()
        return self.annotate(
            explained_by_key=Case(When(note="", then=explaining)),
            rests_on_key=Case(When(~Exists(items), then=evident)),
        ).prefetch_related(
            Prefetch("explained_by", rows), Prefetch("rests_on", rows.prefetch_related("evidence"))
        )

    def _of_the_same_status(self) -> Self:
        """Return what counted before an update and said the same without a break."""
        counting = seen_alike(self.model.objects, self).counting()
        between = counting.filter(
            _known_to(_two_up("edition")),
            action=OuterRef("action"),
            effective_day__gt=OuterRef("effective_day"),
            effective_day__lte=_day_it_counts_from(_two_up),
        ).exclude(status=OuterRef("status"))
        return counting.filter(
            ~Exists(between),
            _known_to(OuterRef("edition")),
            action=OuterRef("action"),
            status=OuterRef("status"),
            effective_day__lte=_day_it_counts_from(OuterRef),
        ).exclude(pk__in=[OuterRef("pk"), Coalesce(OuterRef("replaces"), 0)])

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
        last: Coalesce | Case = Coalesce("ended_in_edition_id", "edition_id")
        if self.viewpoint and self.viewpoint.number is not None:
            ended = When(
                ended_by(self.viewpoint.number, until="ended_in_edition"),
                then="ended_in_edition_id",
            )
            last = Case(ended, default="edition_id")
        rows = self.for_change_log().annotate(edition_digest=F("edition__digested__digest"))
        return rows.order_by(last.desc(), "-edition_id", "-effective_day", "-pk")

    def latest_first(self) -> Self:
        """Of one action: the one that gives it its status comes first."""
        return self.order_by("-effective_day", "-edition_id", "-pk")

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


class RetractionRequestQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Nobody has decided yet, what waits longest first."""
        return self.filter(outcome="pending").order_by("requested_at", "pk")


class StructureRequestQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Nobody has decided yet, what waits longest first."""
        return self.filter(outcome="pending").order_by("requested_at", "pk")

    def about(self, subject: Report | Recommendation | Action) -> Self:
        """Those that name something, as what they are about or as what succeeds it."""
        model = subject._meta.model_name
        named = Q(**{f"{model}s": subject})
        return self.filter(named | Q(into=subject) if model == "action" else named).distinct()

    def with_subjects(self) -> Self:
        return self.select_related("requested_by", "decided_by").prefetch_related(
            "reports",
            "recommendations__report",
            "actions__recommendation__report",
        )


class EvidenceQuerySet(models.QuerySet):
    def get_by_natural_key(self, update: str, position: int):
        return self.get(update__slug=update, position=position)


class CodingQuerySet(models.QuerySet):
    def by_then(self, viewpoint: Viewpoint) -> Self:
        """Those of the editions that a viewpoint knows of."""
        return self.filter(began_by(viewpoint.number, first="edition"))

    def in_report_order(self) -> Self:
        """Action by action; of one coder the newest comes last."""
        order = (f"action__{name}" for name in ("recommendation__report", *PLACE))
        return self.order_by(*order, "edition_id", "pk")


class ContextEventQuerySet(KnownBySlug, models.QuerySet):
    def shown_with(self, reports: Iterable[Report], *, until: date) -> Self:
        """Those of charts about these reports, by the day that is looked at."""
        return self.filter(Q(report__isnull=True) | Q(report__in=list(reports)), on__lte=until)


class PeriodQuerySet(models.QuerySet):
    def told_in(self, viewpoint: Viewpoint) -> Self:
        """Those that the edition of a viewpoint told."""
        return self.filter(told_in(viewpoint))

    def holding_on(self, day: date) -> Self:
        """Those that had begun by a day and had not ended."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)

    def ever_told(self, viewpoint: Viewpoint) -> Self:
        """Those that the edition of a viewpoint or one before it told."""
        return self.filter(ever_told(viewpoint))


class PassageQuerySet(models.QuerySet):
    def of_newest_text(self, report: Report) -> Self:
        """Those of the text of a report that was imported last."""
        from recommendations.models import ReportText

        newest = ReportText.objects.filter(report=report).order_by("-version")
        return self.filter(report_text=Subquery(newest.values("pk")[:1])).order_by("position")

    def for_reading(self) -> Self:
        """Prepare for the reading view: with the marks in each (two queries)."""
        from recommendations.models import Mark

        marks = Mark.objects.order_by("start", "-end")
        return self.select_related("section").prefetch_related(
            Prefetch("marks", marks, to_attr="places")
        )
