"""The gate to the record: what the public sees of it, seen from one viewpoint.

Pages, exports, feeds, the calendar and citations reach rows through a `Record` alone, so that none
of them can forget the past: each row comes as its edition knew it, with what happened later taken
back. What came later does not come at all. Wording and grouping (areas, parties, bodies) are the
exception that the methodology names: they show as now.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet

from .edition_span import began_by
from .models import (
    Action,
    Body,
    Coding,
    ContextEvent,
    Deadline,
    Edition,
    EditionDigest,
    EditionItem,
    EvidencePeriod,
    ListedHost,
    Party,
    Passage,
    PolicyArea,
    Recommendation,
    RecommendationRelation,
    Report,
    SearchAlias,
    Section,
    StatusPeriod,
    StatusUpdate,
    VerifiabilityPeriod,
)
from .querysets import (
    ActionQuerySet,
    CodingQuerySet,
    ContextEventQuerySet,
    DeadlineQuerySet,
    EditionQuerySet,
    PartyQuerySet,
    PassageQuerySet,
    PeriodQuerySet,
    PolicyAreaQuerySet,
    RecommendationQuerySet,
    RelationQuerySet,
    ReportQuerySet,
    SectionQuerySet,
    StatusUpdateQuerySet,
)
from .text.listed_hosts import HostList
from .text.search_names import SearchNames
from .viewpoint import Viewpoint

Label = TypeVar("Label", PolicyArea, Party, Body)


@dataclass(frozen=True, slots=True)
class Record:
    """The rows of the record as a viewpoint knows them.

    Each method returns a queryset of what ever came into the record there, withdrawn rows
    included: `.counted()` and `.in_record()` of the querysets leave those out.
    """

    viewpoint: Viewpoint

    def reports(self) -> ReportQuerySet:
        return Report.objects.seen_from(self.viewpoint).published()

    def reports_in_record(self) -> ReportQuerySet:
        """Return the reports that are out, and not withdrawn."""
        return Report.objects.seen_from(self.viewpoint).in_record()

    def nameable_reports(self) -> ReportQuerySet:
        """Return the reports in the record, and those that are bibliographic records alone."""
        return Report.objects.seen_from(self.viewpoint).nameable()

    def sections(self) -> SectionQuerySet:
        return Section.objects.seen_from(self.viewpoint).published()

    def recommendations(self) -> RecommendationQuerySet:
        return Recommendation.objects.seen_from(self.viewpoint).published()

    def actions(self) -> ActionQuerySet:
        return Action.objects.seen_from(self.viewpoint).published()

    def updates(self) -> StatusUpdateQuerySet:
        """Return the published updates, those included that were corrected or retracted."""
        return StatusUpdate.objects.seen_from(self.viewpoint).public().told()

    def all_updates(self) -> StatusUpdateQuerySet:
        """Return those too that had not taken effect on the day that is looked at."""
        updates = StatusUpdate.objects.seen_from(self.viewpoint).public()
        return updates.filter(began_by(self.viewpoint.number, first="edition"))

    def counting_updates(self) -> StatusUpdateQuerySet:
        """Return the updates that neither were corrected nor retracted, whenever in effect."""
        return StatusUpdate.objects.seen_from(self.viewpoint).public().counting()

    def updates_in_effect(self) -> StatusUpdateQuerySet:
        """Return those of them that had taken effect on the day that is looked at."""
        return self.counting_updates().told()

    def awaiting_review(self) -> StatusUpdateQuerySet:
        """Return the findings of research that no reviewer has judged."""
        return StatusUpdate.objects.seen_from(self.viewpoint).public().awaiting_review()

    def editions(self) -> EditionQuerySet:
        return Edition.objects.by_then(self.viewpoint)

    def digests(self) -> QuerySet[EditionDigest]:
        """Return the digests of its edition and of those before it."""
        return EditionDigest.objects.filter(edition__in=self.editions())

    def newest_digest(self) -> EditionDigest | None:
        return self.digests().order_by("-edition_id").first()

    def digested_items(self, number: int) -> QuerySet[EditionItem]:
        """Return what an edition was digested from."""
        return EditionItem.objects.filter(edition=number).order_by("digest")

    def codings(self) -> CodingQuerySet:
        """Return what coders gave the actions, as its edition and those before it published."""
        published = Coding.objects.by_then(self.viewpoint)
        return published.filter(action__in=self.actions())

    def codings_of_people(self) -> CodingQuerySet:
        """Return what people coded again: at an edition, what had come of it by then."""
        codings = Coding.objects.filter(person__isnull=False, action__in=self.actions())
        return codings.by_then(self.viewpoint) if self.viewpoint.edition else codings

    def newest_edition(self) -> Edition | None:
        return self.editions().order_by("-number").first()

    def relations(self) -> RelationQuerySet:
        return RecommendationRelation.objects.seen_from(self.viewpoint)

    def events(self, reports: Collection[Report]) -> ContextEventQuerySet:
        """Return what happened meanwhile, for charts about these reports."""
        return ContextEvent.objects.shown_with(reports, until=self.viewpoint.on)

    def known_areas(self) -> PolicyAreaQuerySet:
        """Return the same areas without how often each is used, for the page of one."""
        return PolicyArea.objects.known_from(self.actions())

    def known_parties(self) -> PartyQuerySet:
        return Party.objects.known_from(self.actions())

    def labels(self, model: type[Label], keys: Collection[int]) -> list[Label]:
        """Return areas, parties or bodies by their keys, of which somebody knows the use."""
        return list(model._default_manager.filter(pk__in=keys))

    def vocabulary(
        self, model: type[PolicyArea] | type[Party] | type[Body]
    ) -> QuerySet[PolicyArea] | QuerySet[Party] | QuerySet[Body]:
        """Return all areas, parties or bodies in their order."""
        return model._default_manager.all()

    def periods_told(self) -> PeriodQuerySet:
        """Return the stretches of status that its edition told."""
        return StatusPeriod.objects.told_in(self.viewpoint)

    def periods(self) -> PeriodQuerySet:
        """Return those that had begun."""
        return self.periods_told().filter(starts_on__lte=self.viewpoint.on)

    def periods_of_all_editions(self) -> PeriodQuerySet:
        """Return the stretches of status that its edition or one before it told."""
        return StatusPeriod.objects.ever_told(self.viewpoint)

    def evidence_periods_of_all_editions(self) -> PeriodQuerySet:
        """Return on what statuses rested, as its edition or one before it told."""
        return EvidencePeriod.objects.ever_told(self.viewpoint)

    def evidence_periods(self) -> PeriodQuerySet:
        """Return on what statuses rested, as its edition told it."""
        return EvidencePeriod.objects.told_in(self.viewpoint)

    def all_deadlines(self) -> DeadlineQuerySet:
        """Return those too that were stated after the day that is looked at."""
        return Deadline.objects.all()

    def deadlines(self) -> DeadlineQuerySet:
        """Return the dates by which actions are to be done, those that were known by then."""
        return Deadline.objects.stated_by(self.viewpoint.on)

    def verifiability(self) -> PeriodQuerySet:
        """Return since which edition each action has been counted, by any edition so far."""
        return VerifiabilityPeriod.objects.ever_told(self.viewpoint)

    def listed_hosts(self) -> HostList:
        """Return which hosts are never evidence, which shows as now (one query)."""
        return ListedHost.objects.as_list()

    def search_names(self) -> SearchNames:
        """Return which names mean the same to search, which shows as now (one query)."""
        return SearchAlias.objects.as_names()

    def passages(self, report: Report) -> PassageQuerySet:
        """Return the newest text of a report, which shows as now: wording."""
        return Passage.objects.of_newest_text(report)
