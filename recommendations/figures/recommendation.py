"""What the page of a recommendation shows: its actions, what was logged of them, and its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, cast

from django.db.models import OuterRef, QuerySet, Subquery

from recommendations.models import ActionBody, Deadline, Party, PolicyArea, StatusUpdate
from recommendations.querysets.labels import Labels, labels_of
from recommendations.querysets.prepared import Parameter, Prepared
from recommendations.querysets.succession import Succession, succession_of
from recommendations.record import Record
from recommendations.statuses import ROLL_UP_RULES, RollUp, roll_up
from recommendations.viewpoint import Viewpoint

from .counts import Counts
from .earlier_reports import Mentions, mentions_of, with_mentions
from .months import Strip, strips_of

if TYPE_CHECKING:
    from recommendations.rows import DetailedAction, PlacedRecommendation


@dataclass(frozen=True)
class ActionDetail:
    """An action with all that its recommendation's page says of it."""

    action: DetailedAction
    parties: list[Party]
    succession: Succession

    @property
    def leads(self) -> list[ActionBody]:
        return self.action.lead_bodies

    @property
    def deadlines(self) -> list[Deadline]:
        return self.action.stated_deadlines

    @property
    def updates(self) -> list[StatusUpdate]:
        """What was logged of it, newest effect first."""
        return self.action.timeline

    @property
    def standing_update(self) -> StatusUpdate | None:
        """The newest update that counts."""
        return next((update for update in self.updates if update.is_counting), None)

    @property
    def is_counted(self) -> bool:
        return self.action.is_verifiable and not self.action.is_withdrawn


@dataclass(frozen=True)
class RecommendationDetail:
    """A recommendation as a viewpoint shows it."""

    recommendation: PlacedRecommendation
    areas: list[PolicyArea]
    actions: list[ActionDetail]
    mentions: Mentions

    @cached_property
    def counted(self) -> list[ActionDetail]:
        return [one for one in self.actions if one.is_counted]

    @cached_property
    def counts(self) -> Counts:
        return Counts.of(one.action.status for one in self.counted)

    @cached_property
    def derived(self) -> RollUp:
        """The status, which follows from the actions, and the rule by which it does."""
        return roll_up(one.action.status for one in self.counted)

    @property
    def rule(self) -> str:
        return str(ROLL_UP_RULES[self.derived.rule])

    @cached_property
    def parties(self) -> list[Party]:
        """The responsible parties of all actions, each once, in their own order."""
        found = {party.pk: party for one in self.actions for party in one.parties}
        return sorted(found.values(), key=lambda party: (party.position, party.name))

    @cached_property
    def places(self) -> dict[str, list[str]]:
        """Where in the report each action stands: labels of actions by their place."""
        found: dict[str, list[str]] = {}
        for one in self.actions:
            if one.action.place:
                found.setdefault(one.action.place, []).append(one.action.label)
        return found

    @property
    def last_reviewed_on(self) -> date | None:
        days = (one.action.last_reviewed_on for one in self.actions)
        return max((day for day in days if day), default=None)

    @cached_property
    def timeline(self) -> list[StatusUpdate]:
        """The updates of all actions, newest first."""
        updates = [update for one in self.actions for update in one.updates]
        return sorted(updates, key=lambda u: (u.effective_day, u.edition_id, u.pk), reverse=True)

    @cached_property
    def strips(self) -> list[Strip]:
        return strips_of((one.action, one.updates) for one in self.counted)


def detail_of(record: Record, recommendation: PlacedRecommendation) -> RecommendationDetail:
    """Return what the page of a recommendation of placed() shows (at most nine queries)."""
    actions = DETAILED_ACTIONS(record.viewpoint, recommendation=recommendation)
    return detail_from(record, recommendation, actions)


def detail_from(
    record: Record, recommendation: PlacedRecommendation, actions: Sequence[DetailedAction]
) -> RecommendationDetail:
    """Return what the page shows of these actions of for_detail() (at most four queries)."""
    labels = labels_of(recommendation, actions)
    keys = [one.pk for one in actions if one.is_withdrawn or one.is_successor]
    succession = succession_of(actions, keys=keys, viewpoint=record.viewpoint)
    return RecommendationDetail(
        recommendation,
        labels.areas,
        _details(actions, labels, succession),
        mentions_of(record, recommendation),
    )


def _details(
    actions: Sequence[DetailedAction], labels: Labels, succession: dict[int, Succession]
) -> list[ActionDetail]:
    return [
        ActionDetail(action, labels.parties[action.pk], succession[action.pk]) for action in actions
    ]


def _detailed_actions(viewpoint: Viewpoint) -> QuerySet[DetailedAction]:
    actions = Record(viewpoint).actions().filter(recommendation=Parameter("recommendation"))
    return cast("QuerySet[DetailedAction]", actions.for_detail(on=viewpoint.on))


DETAILED_ACTIONS: Prepared[DetailedAction] = Prepared(_detailed_actions)


def placed(viewpoint: Viewpoint, report: str, number: str) -> PlacedRecommendation | None:
    """Return a recommendation of a report by its number, with its neighbours (one query)."""
    return PLACED.first(viewpoint, report=report, number=number)


def _placed(viewpoint: Viewpoint) -> QuerySet[PlacedRecommendation]:
    """Return recommendations with their neighbours in the report, and whether others name them."""
    record = Record(viewpoint)
    others = record.recommendations().counted().filter(report=OuterRef("report"))
    following = others.filter(position__gt=OuterRef("position")).order_by("position")
    preceding = others.filter(position__lt=OuterRef("position")).order_by("-position")
    recommendations = record.recommendations().annotate(
        next_number=Subquery(following.values("number")[:1]),
        next_headline=Subquery(following.values("headline")[:1]),
        previous_number=Subquery(preceding.values("number")[:1]),
        previous_headline=Subquery(preceding.values("headline")[:1]),
    )
    found = with_mentions(record, recommendations).select_related("report", "section")
    asked = found.filter(report__slug=Parameter("report"), number=Parameter("number"))
    return cast("QuerySet[PlacedRecommendation]", asked)


PLACED: Prepared[PlacedRecommendation] = Prepared(_placed)
