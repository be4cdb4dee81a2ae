"""Actions, and what describes them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.db.models import (
    Exists,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    TextField,
)
from django.db.models.functions import Cast

from recommendations.edition_span import ended_by
from recommendations.statuses import Schedule

from .action_columns import ActionColumns
from .base import (
    asked_by,
    ever_told,
    seen_alike,
    told_in,
)
from .prepared import Parameter
from .staff import assigned, assigned_to

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from recommendations.models import Action

# "1.1a" or "T4b": the number of a recommendation, and the letters of one of its actions.
LABEL = re.compile(r"(?P<number>[A-Za-z]{0,2}\d[\d.]*)(?P<letters>[A-Za-z]{1,3})")
MOST_WORDS = 8


def number_of(letters: str) -> int:
    """Return "a" as 1, "z" as 26, "aa" as 27: the reverse of models.action.letters()."""
    number = 0
    for letter in letters.lower():
        number = 26 * number + ord(letter) - ord("a") + 1
    return number


class ActionQuerySet(ActionColumns):
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
            *(
                ever_told(self.viewpoint, path)
                for path in ("", "recommendation__", "recommendation__report__")
            )
        )

    def in_record(self) -> Self:
        """In the record now, verifiable or not: what the list shows."""
        return self.filter(
            *(
                told_in(self.viewpoint, path)
                for path in ("", "recommendation__", "recommendation__report__")
            ),
            asked_by(self.viewpoint, "recommendation__report__"),
        )

    def counted(self) -> Self:
        """The denominator of every count: verifiable actions in the record now."""
        from recommendations.models import VerifiabilityPeriod

        if self.viewpoint and self.viewpoint.edition:
            said = VerifiabilityPeriod.objects.filter(
                told_in(self.viewpoint), action=OuterRef("pk"), is_verifiable=True
            )
            return self.in_record().filter(Exists(said))
        return self.in_record().filter(is_verifiable=True)

    def labelled(self, label: str) -> Self:
        """Filter by the number as shown: "1.1a"."""
        found = LABEL.fullmatch(label)
        if found is None:
            return self.none()
        return self.filter(
            recommendation__number=found["number"], number=number_of(found["letters"])
        )

    def to_code_again(self, person: User) -> Self:
        """Counted ones whose standing update this person neither wrote nor has coded again."""
        from recommendations.models import Coding, StatusUpdate

        standing = StatusUpdate.objects.counting().filter(action=OuterRef("pk")).latest_first()
        coded = Coding.objects.filter(person=person, compared_with=OuterRef("standing_key"))
        written = StatusUpdate.editors.through.objects.filter(
            user=person, statusupdate=OuterRef("standing_key")
        )
        waiting = StatusUpdate.objects.filter(
            action=OuterRef("pk"), review_state__in=["submitted", "returned"]
        )
        return (
            self.counted()
            .annotate(standing_key=Subquery(standing.values("pk")[:1]))
            .filter(standing_key__isnull=False)
            .exclude(Exists(coded))
            .exclude(Exists(written))
            .exclude(Exists(waiting))
        )

    def unassigned(self) -> Self:
        """Those that nobody looks after, neither by their section nor by an area."""
        return self.exclude(pk__in=self.model.objects.filter(assigned()).values("pk"))

    def assigned_to(self, analyst: User | int) -> Self:
        """Those that an analyst looks after: themselves, by their section or by an area."""
        return self.filter(pk__in=self.model.objects.filter(assigned_to(analyst)).values("pk"))

    def suggested(self, text: str) -> Self:
        """Those that somebody typing this may mean: each word begins a number or stands inside.

        Unlike search it finds words that are half typed.
        """
        wanted = self.none() if not text.split() else self
        for word in text.split()[:MOST_WORDS]:
            condition = (
                Q(title__icontains=word)
                | Q(recommendation__headline__icontains=word)
                | Q(recommendation__number__istartswith=word)
            )
            if label := LABEL.fullmatch(word):
                condition |= Q(
                    recommendation__number__iexact=label["number"],
                    number=number_of(label["letters"]),
                )
            wanted = wanted.filter(condition)
        return wanted.order_by("-recommendation__report", "recommendation__position", "number")

    def needing_review(self, *, on: date) -> Self:
        return self.filter(review_due_on__lt=on)

    def due_soon(self, *, on: date, days: int) -> Self:
        """Still open, with a deadline in this many days."""
        ahead = self.filter(due_on__gte=on, due_on__lte=on + timedelta(days=days))
        return ahead.with_schedule(on=on).filter(schedule=Schedule.DUE)

    def newly_missed(self, *, on: date, days: int) -> Self:
        """Overdue since this many days or fewer."""
        past = self.filter(due_on__lt=on, due_on__gte=on - timedelta(days=days))
        return past.with_schedule(on=on).filter(schedule=Schedule.OVERDUE)

    def for_list(self, *, on: date, unreviewed: Parameter) -> Self:
        """Prepare for the list (three queries). It is known which of them are not reviewed."""
        return (
            self.with_schedule(on=on)
            .with_known_review(unreviewed)
            .with_deadline()
            .with_recommendation_status()
            .select_related("recommendation__report")
            .prefetch_related("bodies", "parties")
        )

    def for_csv(self, *, on: date) -> Self:
        """Prepare for the export: annotate what its rows are read with."""
        return (
            self.with_schedule(on=on)
            .with_recommendation_status()
            .with_edition()
            .annotate(evidence_text=Cast("evidence_counts", TextField()))
        )

    def for_scorecard(self, *, on: date) -> Self:
        """Prepare for dashboards and scorecards: one row a square (four queries).

        Actions of one recommendation share it: to make it for each took longer than to ask.
        """
        from recommendations.models import Recommendation

        owners = seen_alike(Recommendation.objects, self).select_related("report", "section")
        return (
            self.with_schedule(on=on)
            .with_deadline()
            .with_second_review()
            .with_recommendation_status()
            .prefetch_related("bodies", Prefetch("recommendation", owners), "recommendation__areas")
            .order_by("recommendation__report", "recommendation__position", "number")
        )

    def for_deadlines(self, *, on: date) -> Self:
        """Prepare for the page of deadlines (four queries). They need with_schedule()."""
        return (
            self.with_deadline()
            .with_second_review()
            .with_stated_implementation()
            .select_related("recommendation__report")
            .prefetch_related("bodies", "parties", self._stated_deadlines(on))
            .order_by("due_on", *self.REPORT_ORDER)
        )

    def for_calendar(self, *, on: date) -> Self:
        """Prepare those with a deadline for the calendar (five queries)."""
        due = self.with_schedule(on=on).filter(due_on__isnull=False)
        return due.for_deadlines(on=on).prefetch_related("recommendation__areas")

    def for_detail(self, *, on: date) -> Self:
        """Prepare for the page of their recommendation (five queries with its updates).

        Annotates `is_successor`: whether succession_of() has something to tell of it.
        """
        from recommendations.models import ActionBody, StatusUpdate

        number = self.viewpoint.number if self.viewpoint else None
        before = self.model.successors.through.objects.filter(
            ended_by(number, "from_action__"), to_action=OuterRef("pk")
        )
        updates = seen_alike(StatusUpdate.objects, self).told().for_timeline()
        return (
            self.with_schedule(on=on)
            .with_second_review()
            .with_stated_since()
            .annotate(is_successor=Exists(before))
            .select_related("recommendation__report")
            .prefetch_related(
                Prefetch("leads", ActionBody.objects.select_related("body"), to_attr="lead_bodies"),
                Prefetch("updates", updates, to_attr="timeline"),
                self._stated_deadlines(on),
            )
            .order_by("number")
        )

    @staticmethod
    def _stated_deadlines(on: date) -> Prefetch:
        """Return how to fetch the `stated_deadlines` of each, the one that decides first."""
        from recommendations.models import Deadline

        stated = Deadline.objects.stated_by(on).decisive_first()
        return Prefetch("deadlines", stated, to_attr="stated_deadlines")

    def with_successors(self) -> Self:
        """With the `known_successors` of each: what it was split into or merged with."""
        successors = seen_alike(self.model.objects, self).published()
        return self.prefetch_related(
            Prefetch(
                "successors",
                successors.select_related("recommendation__report"),
                to_attr="known_successors",
            )
        )

    def standing_for(self, action: Action) -> Action:
        """Return what an address of an action leads to (a query a step).

        The one that it was merged into. One that was split stays, since it names its successors.
        """
        if not action.is_withdrawn:
            return action
        successors = list(
            self.filter(predecessors=action).select_related("recommendation__report")[:2]
        )
        return self.standing_for(successors[0]) if len(successors) == 1 else action
