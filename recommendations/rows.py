"""Rows with the columns that querysets add to them, as types.

Each names what one preparation of a queryset (`for_list()`, `for_detail()`, ...) annotates or
fetches along, so that who shows a row cannot ask it for more than was asked of the database. For
type checkers alone: import it under TYPE_CHECKING.
"""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from django_stubs_ext import WithAnnotations

from .models import (
    Action,
    ActionBody,
    Capture,
    Deadline,
    Edition,
    Mark,
    Passage,
    Recommendation,
    Report,
    Section,
    StatusUpdate,
)


class _Scheduled(TypedDict):
    schedule: str


class _Since(TypedDict):
    since_on: date | None
    since_precision: str


class _Listed(_Scheduled):
    is_reviewed: bool
    deadline_on: date | None
    deadline_precision: str | None
    recommendation_status: str
    recommendation_fell_from: str


class _Detailed(_Scheduled, _Since):
    is_reviewed: bool
    is_successor: bool
    lead_bodies: list[ActionBody]
    stated_deadlines: list[Deadline]
    timeline: list[StatusUpdate]


class _WithoutText(TypedDict):
    is_readable: bool


class _WithTargets(_Scheduled):
    is_reviewed: bool
    done_on: date | None
    done_precision: str
    deadline_on: date | None
    deadline_precision: str | None
    stated_deadlines: list[Deadline]


class _Placed(TypedDict):
    next_number: str | None
    next_headline: str | None
    previous_number: str | None
    previous_headline: str | None
    is_mentioned: bool


class _WithActions(TypedDict):
    counted_actions: list[Action]


class _Previous(TypedDict):
    previous_status: str | None


class _Ended(_Previous):
    published_replacements: list[StatusUpdate]


class _Numbers(TypedDict):
    n_published: int
    n_corrected: int
    n_retracted: int


class _Earlier(TypedDict):
    earlier_reports: list[Report]


class _TouchedReport(TypedDict):
    n_recommendations: int
    n_actions: int


class _TouchedRecommendation(TypedDict):
    n_actions: int


class _UsedSection(TypedDict):
    has_recommendations: bool


class _TouchedAction(TypedDict):
    known_successors: list[Action]


class _Marked(TypedDict):
    places: list[Mark]


# ActionQuerySet: for_list() and for_scorecard(), for_detail(), for_deadlines() and for_calendar().
ListedAction = WithAnnotations[Action, _Listed]
DetailedAction = WithAnnotations[Action, _Detailed]
ScheduledAction = WithAnnotations[Action, _WithTargets]
# RecommendationQuerySet: for_list(); figures.recommendation.placed().
ListedRecommendation = WithAnnotations[Recommendation, _WithActions]
PlacedRecommendation = WithAnnotations[Recommendation, _Placed]
# StatusUpdateQuerySet: for_change_log(), for_timeline(), for_feed(); for_corrections().
LoggedUpdate = WithAnnotations[StatusUpdate, _Previous]
EndedUpdate = WithAnnotations[StatusUpdate, _Ended]
# EditionQuerySet.with_numbers(); ReportQuerySet.for_cards().
NumberedEdition = WithAnnotations[Edition, _Numbers]
CardReport = WithAnnotations[Report, _Earlier]
# figures.editions.structure_of().
TouchedReport = WithAnnotations[Report, _TouchedReport]
TouchedRecommendation = WithAnnotations[Recommendation, _TouchedRecommendation]
TouchedAction = WithAnnotations[Action, _TouchedAction]
# SectionQuerySet.for_filters().
ListedSection = WithAnnotations[Section, _UsedSection]
# PassageQuerySet.for_reading().
AnnotatedPassage = WithAnnotations[Passage, _Marked]
# CaptureQuerySet.without_text().
CaptureWithoutText = WithAnnotations[Capture, _WithoutText]
